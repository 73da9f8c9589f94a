"""Making a backup: one moment of the database, with media, keys and settings; opened again before it counts.

operations.md §2.2 ("verify by opening it"; remote media excluded: there is none on our shelf). Everything slow runs in
threads, a part at a time, so the server goes on answering and memory stays flat however large the chapter is.
"""

import asyncio
import contextlib
import os
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from .. import __version__
from ..errors import Refusal
from ..settings import SETTINGS, Settings, settings_from
from .archive import (
    ABOUT,
    CHOSEN,
    FORMAT,
    PART_BYTES,
    About,
    Manifest,
    Whole,
    Writer,
    check_whole,
)
from .keep import backup_folder, name_for
from .tables import Snapshot, Table, snapshot

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}\.key")
_PICTURE = re.compile(r"[0-9a-f]{32}\.(?:jpg|png|webp)")
# Where things lie on this machine, and what opens the backup itself, are not part of it.
NOT_KEPT = frozenset({"data", "database", "backup_folder", "backup_passphrase"})


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was opened again and found whole."""

    path: Path
    size_bytes: int
    about: About
    manifest: Manifest

    @property
    def pictures(self) -> int:
        """How many files of media it has."""
        return sum(name.startswith("media/") for name in self.manifest.parts)


async def make_backup(
    settings: Settings, passphrase: str, now: datetime, *, folder: Path | None = None, moving: bool = False
) -> Made:
    """A whole, verified backup is in the folder, readable by us alone; raises Refusal and leaves nothing half-made.

    `moving` says that nothing happens here afterwards: a restore of it declares no loss.
    """
    folder = folder or backup_folder(settings)
    path = folder / name_for(now)
    half = folder / f".{path.name}.part"
    try:
        await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        await _write(settings, passphrase, half, now, moving=moving)
        whole = await asyncio.to_thread(verify, half, passphrase)
        size_bytes = half.stat().st_size
        await asyncio.to_thread(_put_in_place, half, path)
    except OSError as error:
        raise _no_room(folder, error) from error
    finally:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
    return Made(path, size_bytes, whole.about, whole.manifest)


def verify(path: Path, passphrase: str) -> Whole:
    """The backup decrypts, and every part is as it was written; raises Refusal."""
    with path.open("rb") as file:
        return check_whole(file, passphrase)


def _no_room(folder: Path, error: OSError) -> Refusal:
    return Refusal(
        "backup-not-written",
        "The backup could not be written to %(folder)s: %(reason)s. Make room there, or name another folder in the "
        "settings (backup_folder).",
        folder=folder,
        reason=error.strerror or type(error).__name__,
    )


def _put_in_place(half: Path, path: Path) -> None:
    os.replace(half, path)  # noqa: PTH105 - atomic, over an earlier one of the same second
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def _write(settings: Settings, passphrase: str, path: Path, now: datetime, *, moving: bool) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        writer = await asyncio.to_thread(Writer, file, passphrase)
        try:
            await _write_moment(settings, writer, now, moving=moving)
            for name, picture in pictures_below(settings.data / "media"):
                await asyncio.to_thread(writer.add_file, name, picture)
            await asyncio.to_thread(writer.finish)
            file.flush()
        except BaseException:
            writer.abandon()
            raise
        await asyncio.to_thread(os.fsync, file.fileno())


async def _write_moment(settings: Settings, writer: Writer, now: datetime, *, moving: bool) -> None:
    """The description, settings and keys are written, and every row as it is at this moment."""
    async with snapshot(settings) as source:
        about = await _about(settings, source, now, moving=moving)
        writer.add(ABOUT, msgspec.json.encode(about))
        writer.add(CHOSEN, msgspec.json.encode(to_plain(settings)))
        for key in sorted(settings.data.glob("*.key")):
            if _KEY.fullmatch(key.name):
                writer.add_file(f"files/{key.name}", key)
        for table in await source.tables():
            await _write_table(writer, source, table)


async def _about(settings: Settings, source: Snapshot, now: datetime, *, moving: bool) -> About:
    return About(
        format=FORMAT,
        made_at=now,
        domain=settings.domain,
        chapter_uri=settings.chapter_uri,
        software=__version__,
        engine="sqlite" if settings.database.startswith("sqlite:") else "postgres",
        migrations=await source.migrations(),
        moving=moving,
    )


async def _write_table(writer: Writer, source: Snapshot, table: Table) -> None:
    """The table's rows are in parts of about a megabyte; an empty table has none."""
    writer.rows[table.name] = 0
    number = 0
    async for part, rows in _parts(source, table):
        number += 1
        await asyncio.to_thread(writer.add, f"rows/{table.name}/{number:06}.jsonl", part)
        writer.rows[table.name] += rows


async def _parts(source: Snapshot, table: Table) -> AsyncIterator[tuple[bytes, int]]:
    head = msgspec.json.encode(list(table.columns))
    lines, size = [head], 0
    async for batch in source.rows(table):
        for row in batch:
            line = msgspec.json.encode(row)
            lines.append(line)
            size += len(line)
        if size >= PART_BYTES:
            yield b"\n".join(lines), len(lines) - 1
            lines, size = [head], 0
    if len(lines) > 1:
        yield b"\n".join(lines), len(lines) - 1


def pictures_below(root: Path) -> Iterator[tuple[str, Path]]:
    """Every whole file of our shelf, by its name in the archive."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if _PICTURE.fullmatch(name):
                yield f"media/{name[:2]}/{name[2:4]}/{name}", Path(folder) / name


def to_plain(settings: Settings) -> dict[str, Any]:
    """What differs from the defaults, in forms that `settings_from` reads, without what belongs to this machine."""
    usual = settings_from({"domain": settings.domain})
    values = {setting.name: getattr(settings, setting.name) for setting in SETTINGS}
    return {
        name: _plain(value)
        for name, value in values.items()
        if name not in NOT_KEPT and (name in ("domain", "username") or value != getattr(usual, name))
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [item if isinstance(item, int) else str(item) for item in value]
    return value if isinstance(value, bool | int | str) else str(value)
