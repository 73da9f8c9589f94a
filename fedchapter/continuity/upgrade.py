"""A new version's schema without fear: a way back first, then the migrations, then a look; else the way back is taken.

operations.md §2.2. The way back is a copy of the file on SQLite (its online backup API), and a backup of ours on
PostgreSQL. A mark says from the first step on what was under way, so that a machine that loses power in the middle
is put back as it was by running this again, whatever the step.
"""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..clock import Clock
from ..errors import FedchapterError, Refusal
from ..settings import Settings
from ..store import Unit
from ..store.database import MIGRATIONS, sqlite_path
from ..store.lock import one_at_a_time
from ..store.migrate import migrate, plan_migrations
from .backup import make_backup, verify
from .load import loading, wipe
from .marks import UPGRADING, drop_mark, find_mark, set_mark
from .passphrase import find_passphrase, make_passphrase
from .restore import opened, parts_of
from .rows import note_event
from .tables import open_sqlite, snapshot

FOLDER = ".upgrade"
COPY = "before.sqlite3"
COPYING, MIGRATING, BACK = "copying", "migrating", "back"
# Any number that nothing else in the database uses: "fedup" in ASCII.
_LOCK = 0x6665647570
Check = Callable[[], Awaitable[None]]
Progress = Callable[[str], None]


class RolledBack(FedchapterError):
    """The upgrade did not work out, and the database is as it was before."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade needs. `check` raises when the chapter does not work at the new schema."""

    settings: Settings
    models: Sequence[str]
    clock: Clock
    check: Check
    progress: Progress
    package: str = MIGRATIONS


async def upgrade(job: Upgrade) -> list[str]:
    """The database is at this version's schema, and the chapter works; returns the steps taken, none if none was due.

    Raises RolledBack when it did not work out.
    """
    job.settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Not the folder itself: `migrate` takes that one.
    async with one_at_a_time(job.settings, path=job.settings.data / ".upgrade.lock", number=_LOCK):
        await resume(job)
        waiting = await plan_migrations(job.settings, job.models, package=job.package)
        if waiting:
            await _go(job, waiting)
        return waiting


async def resume(job: Upgrade) -> None:
    """What an upgrade that was broken off left is put back as it was before it began."""
    mark = find_mark(job.settings.data, UPGRADING)
    if mark is None:
        return
    if mark.get("step") == COPYING:
        # Nothing had been changed yet.
        _forget(job.settings)
        return
    job.progress("An upgrade was broken off: putting the database back as it was …")
    await _take_back(job, mark.get("file", ""))


async def _go(job: Upgrade, waiting: Sequence[str]) -> None:
    began_at = job.clock.now()
    file = await _prepare_way_back(job, began_at)
    before = await _count(job.settings)
    set_mark(job.settings.data, UPGRADING, {"step": MIGRATING, "file": file})
    try:
        await migrate(
            job.settings, job.models, package=job.package, progress=lambda step: job.progress(f"  {step}")
        )
        await _check_counts(job.settings, before)
        job.progress("Looking whether the chapter works …")
        await job.check()
    except Exception as error:
        job.progress(
            f"That did not work ({type(error).__name__}: {error}). Putting the database back as it was …"
        )
        await _take_back(job, file)
        raise RolledBack(
            f"The upgrade did not work out: {type(error).__name__}: {error}. The database is as it was before. "
            "Install the version from before again, and tell the makers of fedchapter what stands above."
        ) from error
    _forget(job.settings)
    await _note(job, began_at, ", ".join(waiting))


async def _prepare_way_back(job: Upgrade, now: datetime) -> str:
    """A copy of everything exists; returns the backup's path, which is empty for SQLite."""
    settings = job.settings
    set_mark(settings.data, UPGRADING, {"step": COPYING})
    job.progress("Making a backup …")
    if settings.database.startswith("sqlite:"):
        if find_passphrase(settings) is not None:
            await make_backup(settings, find_passphrase(settings) or "", now)
        await asyncio.to_thread(_copy, settings)
        return ""
    made = await make_backup(settings, make_passphrase(settings), now)
    return str(made.path.absolute())


def _copy(settings: Settings) -> None:
    source, folder = sqlite_path(settings.database), settings.data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / COPY
    copy.unlink(missing_ok=True)
    needed = 2 * source.stat().st_size
    if shutil.disk_usage(folder).free < needed:
        raise Refusal(
            "upgrade-no-room",
            "There is not enough room for an upgrade: it takes %(needed)s MB beside the database. Nothing was changed.",
            needed=needed // 1_048_576 + 1,
        )
    copy.touch(mode=0o600)
    with closing(open_sqlite(source, read_only=True)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
    descriptor = os.open(copy, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


async def _take_back(job: Upgrade, file: str) -> None:
    """The database is as it was when the way back was made."""
    set_mark(job.settings.data, UPGRADING, {"step": BACK, "file": file})
    if file:
        await _load_again(job, Path(file))
    else:
        await asyncio.to_thread(_copy_back, job.settings)
    _forget(job.settings)


def _copy_back(settings: Settings) -> None:
    copy, path = settings.data / FOLDER / COPY, sqlite_path(settings.database)
    if not copy.exists():
        # It is in its place already: we were stopped between that and taking the mark away.
        return
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    os.replace(copy, path)  # noqa: PTH105 - atomic


async def _load_again(job: Upgrade, file: Path) -> None:
    passphrase = make_passphrase(job.settings)
    whole = await asyncio.to_thread(verify, file, passphrase)
    await wipe(job.settings)
    await migrate(job.settings, job.models, target=whole.about.migrations[-1], package=job.package)
    async with loading(job.settings) as loader:
        async for name, data in parts_of(file, passphrase):
            if name.startswith("rows/"):
                await loader.load(name.split("/")[1], data)


def _forget(settings: Settings) -> None:
    """The way back is gone, and with it the mark: the mark goes last."""
    shutil.rmtree(settings.data / FOLDER, ignore_errors=True)
    drop_mark(settings.data, UPGRADING)


async def _count(settings: Settings) -> dict[str, int]:
    async with snapshot(settings) as source:
        return {table.name: await source.count(table) for table in await source.tables()}


async def _check_counts(settings: Settings, before: dict[str, int]) -> None:
    """No table that is still there lost a row; raises Refusal."""
    after = await _count(settings)
    lost = [name for name, count in before.items() if name in after and after[name] < count]
    if lost:
        raise Refusal("rows-lost", "Rows were lost in %(tables)s.", tables=", ".join(lost))


async def _note(job: Upgrade, began_at: datetime, steps: str) -> None:
    async with snapshot(job.settings) as source:
        if "care_event" not in {table.name for table in await source.tables()}:
            return
    async with opened(job.settings, job.models, job.clock) as database:

        async def write(unit: Unit) -> None:
            await note_event(unit, "upgrade", ok=True, began_at=began_at, words=steps)

        await database.run(database.in_unit(write))
