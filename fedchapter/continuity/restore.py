"""Bringing a chapter back from a backup, on this machine or another, on either engine: same keys, ids and followers.

operations.md §2.2, §3 row D8. Only into an empty place. Everything is checked before anything is touched; a restore
that is broken off leaves a mark, and the next one begins anew. What happened after the backup cannot be known here
any more, so it is declared to members: a gap.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..clock import Clock
from ..errors import Refusal
from ..settings import Settings, settings_from
from ..store import Database, Unit
from ..store.database import sqlite_path
from ..store.migrate import migrate
from .archive import Whole, read_parts
from .backup import verify
from .load import Loader, is_empty, loading, wipe
from .marks import RESTORING, drop_mark, find_mark, set_mark
from .passphrase import keep_passphrase
from .rows import declare_gap, note_event

SETTINGS_FILE = "fedchapter.toml"
_STAGE = ".restoring"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """A chapter that is back. `chosen` are its settings for a settings file; `cut`: texts that had to be shortened."""

    settings: Settings
    chosen: dict[str, Any]
    whole: Whole
    rows: int
    pictures: int
    letters_dropped: int
    cut: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chapter is to come back: the data folder, and a database URL or empty for SQLite in it."""

    data: Path
    database: str = ""
    changes: Mapping[str, Any] | None = None

    def settings(self, archived: Mapping[str, Any]) -> tuple[Settings, dict[str, Any]]:
        """The settings there, and what of them a settings file says."""
        chosen = {**archived, **(self.changes or {}), "data": str(self.data)}
        settings = settings_from(chosen | ({"database": self.database} if self.database else {}))
        return settings, chosen


async def restore(
    file: Path,
    passphrase: str,
    place: Place,
    models: Sequence[str],
    clock: Clock,
    *,
    progress: Progress = lambda _step: None,
    finish: Callable[[Restored], None] = lambda _restored: None,
) -> Restored:
    """The chapter is in its place, whole; raises Refusal and has touched nothing when it cannot be.

    `finish` writes what only the caller can (a settings file) before the mark of a restore under way is taken away.
    """
    progress("Reading the backup …")
    whole = await asyncio.to_thread(_read, file, passphrase)
    settings, chosen = place.settings(whole.settings)
    await prepare(settings)
    progress("Filling the database …")
    staged = _staged(settings)
    loader = await fill(staged, file, passphrase, whole, models)
    progress("Putting keys and pictures in place …")
    pictures = await asyncio.to_thread(_put_files, settings.data, file, passphrase, whole)
    letters = await _settle(staged, models, clock, whole, file.name)
    await asyncio.to_thread(_put_database, staged, settings)
    if not settings.backup_passphrase:
        keep_passphrase(settings, passphrase)
    rows = sum(loader.rows.values())
    restored = Restored(settings, chosen, whole, rows, pictures, letters, loader.cut)
    finish(restored)
    drop_mark(settings.data, RESTORING)
    return restored


def _read(file: Path, passphrase: str) -> Whole:
    try:
        return verify(file, passphrase)
    except OSError as error:
        raise Refusal(
            "no-file",
            "%(file)s cannot be read: %(reason)s.",
            file=file,
            reason=error.strerror or type(error).__name__,
        ) from error


async def prepare(settings: Settings) -> None:
    """The place is empty and marked as being filled; raises Refusal when somebody's chapter is there."""
    data, target = settings.data, sha256(settings.database.encode()).hexdigest()
    mark = find_mark(data, RESTORING)
    if mark is None:
        _check_folder(settings)
    # Whatever an earlier restore into this very database left is its alone: it began with an empty one.
    if (mark or {}).get("database") != target and not await is_empty(settings):
        raise Refusal(
            "not-empty",
            "There are rows in the database already. A chapter comes back only into an empty one: name another with "
            "--database.",
        )
    set_mark(data, RESTORING, {"database": target})
    await wipe(settings)
    await asyncio.to_thread(_clear, data)


def _check_folder(settings: Settings) -> None:
    data = settings.data
    there = [path.name for path in (data / SETTINGS_FILE, data / "media") if path.exists()]
    there += [path.name for path in sorted(data.glob("*.key"))]
    if settings.database.startswith("sqlite:") and sqlite_path(settings.database).exists():
        there.append(sqlite_path(settings.database).name)
    if there:
        raise Refusal(
            "not-empty",
            "There is something of a chapter in %(folder)s already: %(names)s. A chapter comes back only into an "
            "empty folder: move these away, or name another with --data.",
            folder=data,
            names=", ".join(there),
        )


def _clear(data: Path) -> None:
    for folder in (data / _STAGE, data / "media"):
        shutil.rmtree(folder, ignore_errors=True)
    for path in data.glob("*.key"):
        path.unlink()
    (data / SETTINGS_FILE).unlink(missing_ok=True)


def _staged(settings: Settings) -> Settings:
    """The same, but with an SQLite file in a folder beside: it is moved into its place when it is whole."""
    if not settings.database.startswith("sqlite:"):
        return settings
    return replace(settings, database=f"sqlite://{(settings.data / _STAGE / 'chapter.sqlite3').absolute()}")


async def fill(
    settings: Settings, file: Path, passphrase: str, whole: Whole, models: Sequence[str]
) -> Loader:
    """The empty database has every row of the backup, at this version's schema; raises Refusal."""
    await _migrate_to(settings, whole, models)
    async with loading(settings) as loader:
        async for name, data in parts_of(file, passphrase):
            if name.startswith("rows/"):
                await loader.load(name.split("/")[1], data)
        expected = {table: count for table, count in whole.manifest.rows.items() if count}
        if loader.rows != expected:
            raise Refusal(
                "backup-rows", "Not every row came back. Nothing was kept of this restore; run it again."
            )
    await migrate(settings, models)
    return loader


async def _migrate_to(settings: Settings, whole: Whole, models: Sequence[str]) -> None:
    try:
        await migrate(settings, models, target=whole.about.migrations[-1])
    except (Refusal, IndexError) as error:
        raise Refusal(
            "backup-newer",
            "This backup was made by version %(version)s, which this version does not know. Install that version, or "
            "a newer one, and restore with it.",
            version=whole.about.software,
        ) from error


async def parts_of(file: Path, passphrase: str) -> AsyncIterator[tuple[str, bytes]]:
    """Every part, each read in a thread."""
    with file.open("rb") as opened:
        parts = await asyncio.to_thread(read_parts, opened, passphrase)
        while (part := await asyncio.to_thread(next, parts, None)) is not None:
            yield part


def _put_files(data: Path, file: Path, passphrase: str, whole: Whole) -> int:
    """Keys and pictures are on disk; returns how many pictures."""
    for name, content in whole.keys.items():
        _write(data / name, content)
    count = 0
    with file.open("rb") as opened:
        for name, content in read_parts(opened, passphrase):
            if name.startswith("media/"):
                _write(data / name, content)
                count += 1
    return count


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


async def _settle(
    settings: Settings, models: Sequence[str], clock: Clock, whole: Whole, file_name: str
) -> int:
    """What must not happen twice will not, and the loss is declared; returns how many letters are not sent again."""

    async def write(unit: Unit) -> int:
        return await settle(unit, whole, file_name)

    async with opened(settings, models, clock) as database:
        return await database.run(database.in_unit(write))


async def settle(unit: Unit, whole: Whole, file_name: str) -> int:
    """See `_settle`. Activities may leave again: they carry their ids, and other servers know them by these."""
    about = whole.about
    await unit.execute("DELETE FROM invitation WHERE purpose = 'sign-in' AND used_at IS NULL")
    letters = 0
    if not about.moving:
        # They waited at the moment of the backup, so they left soon after it.
        letters = await unit.execute("DELETE FROM letter WHERE created_at <= ?", about.made_at)
        await unit.execute(
            "DELETE FROM job WHERE name = 'mail' AND state = 'due' AND created_at <= ?", about.made_at
        )
        # Digests that were due in between were sent by the server that is lost; their page has it all.
        letters += await unit.execute("DELETE FROM errand WHERE due_at <= ?", unit.now)
        await declare_gap(unit, about.made_at, letters)
    await note_event(unit, "restore", ok=True, began_at=unit.now, file_name=file_name)
    return letters


@asynccontextmanager
async def opened(settings: Settings, models: Sequence[str], clock: Clock) -> AsyncIterator[Database]:
    """The database alone, without a chapter around it."""
    database = Database(settings, clock, models)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def _put_database(staged: Settings, settings: Settings) -> None:
    if staged is settings:
        return
    source, target = sqlite_path(staged.database), sqlite_path(settings.database)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)
    shutil.rmtree(settings.data / _STAGE, ignore_errors=True)
