"""How the chapter stands inside: room, queues, backups, schema, files that should not lie open, people."""

import shutil
import stat
from collections.abc import Sequence
from datetime import datetime, timedelta

from ... import __version__
from ...house import House
from ...house.room import disk_usage, find_floor, nearest
from ...members import count_admins
from ...store.database import sqlite_path
from ...store.migrate import plan_migrations
from ...words import mark
from ..keep import backup_folder, find_backups
from ..kit import find_kits
from ..nightly import is_wanted
from ..passphrase import find_passphrase, passphrase_file
from ..rows import find_last
from .findings import Finding, fail, ok, warn

GIGABYTE = 1024**3
BACKUP_LATE, BACKUP_MISSING = timedelta(hours=30), timedelta(days=3)
DRILL_LATE = timedelta(days=100)
QUEUE_SLOW, QUEUE_STUCK = timedelta(minutes=10), timedelta(hours=2)
_OLDEST = """
SELECT min(due_at) AS oldest_at FROM (
    SELECT min(due_at) AS due_at FROM inbox_item WHERE state = 'new'
    UNION ALL SELECT min(due_at) AS due_at FROM delivery WHERE state = 'due'
    UNION ALL SELECT min(due_at) AS due_at FROM job WHERE state = 'due'
) AS waiting
"""


async def check_database(house: House) -> Finding:
    """The database answers."""
    await house.database.row("SELECT 1 AS yes")
    if house.database.postgres:
        return ok(mark("PostgreSQL answers."))
    path = sqlite_path(house.settings.database)
    size = path.stat().st_size
    if size > 2 * GIGABYTE:
        return warn(
            mark("The database has %(size)s GB."),
            mark(
                "SQLite carries that, but backups take long. `fedchapter restore --database` moves to PostgreSQL."
            ),
            size=round(size / GIGABYTE, 1),
        )
    return ok(mark("SQLite answers; the database has %(size)s MB."), size=size // 1_048_576)


async def check_migrations(house: House, models: Sequence[str]) -> Finding:
    """The schema is this version's."""
    waiting = await plan_migrations(house.settings, models)
    if waiting:
        return fail(
            mark("The database is not at this version's schema: %(steps)s."),
            mark("Stop the server and run `fedchapter upgrade`."),
            steps=", ".join(waiting),
        )
    return ok(mark("The database is at this version's schema (fedchapter %(version)s)."), version=__version__)


async def check_room(house: House) -> Finding:
    """There is room on the disk, where the data is and where backups go."""
    folders = {house.settings.data, backup_folder(house.settings)}
    free, folder = min((shutil.disk_usage(nearest(path)).free, path) for path in folders)
    share = free / shutil.disk_usage(nearest(folder)).total
    free_here, total_here = disk_usage(house.settings)
    if free_here < await find_floor(house.database, total_here):
        return fail(
            mark("Only %(free)s MB are free where the data is: messages of strangers are turned away."),
            mark("Make room now. Their servers send again for some days. /admin/kept says what takes room."),
            free=free_here // 1_048_576,
        )
    if free < GIGABYTE // 4:
        return fail(
            mark("Only %(free)s MB are free at %(folder)s."),
            mark("Make room now: without it nothing can be received, written or backed up."),
            free=free // 1_048_576,
            folder=folder,
        )
    if free < GIGABYTE or share < 0.05:
        return warn(
            mark("%(free)s MB are free at %(folder)s."),
            mark("Make room soon. Backups are the first to fail."),
            free=free // 1_048_576,
            folder=folder,
        )
    return ok(mark("%(free)s GB are free."), free=round(free / GIGABYTE, 1))


async def check_queue(house: House) -> Finding:
    """Nothing that is due waits for long."""
    row = await house.database.row(_OLDEST)
    oldest_at = row["oldest_at"] if row else None
    age = house.clock.now() - oldest_at if oldest_at else timedelta()
    if age < QUEUE_SLOW:
        return ok(mark("Nothing that is due waits."))
    minutes = int(age.total_seconds() // 60)
    return (fail if age >= QUEUE_STUCK else warn)(
        mark("Work has been due for %(minutes)s minutes and nobody did it."),
        mark(
            "Is the worker running? With work_in_serve = false it is a process of its own: fedchapter worker"
        ),
        minutes=minutes,
    )


async def check_backup(house: House) -> Finding:
    """The last backup is of last night."""
    settings = house.settings
    if not is_wanted(settings):
        return warn(
            mark("There are no nightly backups here."),
            mark("Turn on backup_nightly in the settings; and `fedchapter kit` makes the passphrase."),
        )
    if find_passphrase(settings) is None:
        return fail(
            mark("There is no passphrase for backups, so none can be made."),
            mark("`fedchapter kit` makes one, and the papers it is kept on."),
        )
    last, failed = (
        await find_last(house.database, "backup", ok=True),
        await find_last(house.database, "backup", ok=False),
    )
    if failed and (last is None or failed["ended_at"] > last["ended_at"]):
        return fail(
            mark("The last backup failed: %(reason)s"),
            mark("Run `fedchapter backup` to see more."),
            reason=failed["words"],
        )
    return _judge_age(house, last["ended_at"] if last else None)


def _judge_age(house: House, ended_at: datetime | None) -> Finding:
    if ended_at is None:
        return warn(
            mark("There is no backup yet."),
            mark("The first is made tonight; `fedchapter backup` makes one now."),
        )
    age, at = house.clock.now() - ended_at, f"{ended_at:%Y-%m-%d %H:%M}"
    if age > BACKUP_LATE:
        return (fail if age > BACKUP_MISSING else warn)(
            mark("The last backup is old: it was made at %(at)s UTC."),
            mark("Is the worker running? `fedchapter backup` makes one now."),
            at=at,
        )
    if not find_backups(backup_folder(house.settings)):
        return warn(
            mark("There is no backup left in %(folder)s."),
            mark("`fedchapter backup` makes one now. A copy elsewhere is good, but keep some here too."),
            folder=backup_folder(house.settings),
        )
    return ok(mark("The last backup was made at %(at)s UTC, and opened again."), at=at)


async def check_drill(house: House) -> Finding:
    """Somebody tried a restore not long ago."""
    last, now = await find_last(house.database, "drill", ok=True), house.clock.now()
    failed = await find_last(house.database, "drill", ok=False)
    if failed and (last is None or failed["ended_at"] > last["ended_at"]):
        return fail(
            mark("The last drill failed: %(reason)s"),
            mark("Make a new backup, then run `fedchapter drill` again."),
            reason=failed["words"],
        )
    advice = mark(
        "`fedchapter drill` restores the newest backup into a folder of its own, looks, and deletes it."
    )
    if last is None:
        return warn(mark("Nobody has tried yet whether a backup restores."), advice)
    day = f"{last['ended_at']:%Y-%m-%d}"
    if now - last["ended_at"] > DRILL_LATE:
        return warn(mark("The last drill was long ago, on %(day)s."), advice, day=day)
    return ok(mark("The last drill, on %(day)s, brought the chapter back whole."), day=day)


async def check_files(house: House) -> Finding:
    """Keys are readable by the server alone, and papers with the passphrase do not lie around."""
    settings = house.settings
    secret = [*settings.data.glob("*.key"), passphrase_file(settings), *find_backups(backup_folder(settings))]
    loose = [path.name for path in secret if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        return fail(
            mark("Others on this machine can read %(names)s."),
            mark("chmod 600 these files."),
            names=", ".join(loose),
        )
    kits = find_kits(settings)
    if kits:
        return warn(
            mark("The recovery kit still lies on this machine: %(folder)s."),
            mark(
                "Print it for two officers, then delete the folder: it holds the passphrase of the backups."
            ),
            folder=kits[0].parent,
        )
    return ok(mark("Keys are readable by the server alone."))


async def check_admins(house: House) -> Finding:
    """More than one person can act for the chapter."""
    count = await count_admins(house.database, house.clock.now())
    if count < 2:
        return warn(
            mark("There is only one admin, or none."),
            mark("Make a second person an admin: if one is gone, nobody can act for the chapter."),
        )
    return ok(mark("%(count)s people are admins."), count=count)
