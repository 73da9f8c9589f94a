"""The nightly backup: a job that puts itself off to the next night, and never fails in silence.

At three at night where the chapter is, at a minute of its own, so that chapters of one machine do not all work at once.
"""

import asyncio
import fcntl
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from ..errors import FedchapterError, Refusal
from ..house import House
from ..jobs import outside_job, schedule
from ..jobs.sweep import plan_sweep
from ..settings import Settings
from ..store import Unit
from ..store.choices import find_choice
from .backup import Made, make_backup
from .happenings import BackupFailed
from .keep import backup_folder, drop_old
from .passphrase import find_passphrase, get_passphrase
from .rows import note_event, tell_gaps

log = structlog.get_logger()
JOB = "backup"
HOUR = 3
AFTER_S = 3600


@outside_job(JOB)
async def backup(house: House, payload: dict[str, Any]) -> None:
    """Tonight's backup is made, or it is written down for admins why not; the next night's is planned."""
    await plan_next(house)
    if is_wanted(house.settings):
        await make_alone(house)


async def make_alone(house: House) -> Made | None:
    """A backup is made unless somebody makes one already, or it is written down for admins why not."""
    with _alone(backup_folder(house.settings)) as alone:
        return await keep_backup(house) if alone else None


def is_wanted(settings: Settings) -> bool:
    """Whether nights have backups: not by setting, and not where a chapter is only tried out."""
    return settings.backup_nightly and not (settings.local_trial and find_passphrase(settings) is None)


async def begin(house: House) -> None:
    """When a worker starts: the next night's backup and the next sweep are planned; members hear what was lost."""
    try:
        await plan_next(house)
        await house.database.in_unit(plan_sweep)
        await house.database.in_unit(tell_gaps)
    except Exception as error:
        # A task of its own that nobody awaits: DESIGN §6.7.
        log.error("continuity-begin-failed", exc_info=error)


async def plan_next(house: House) -> None:
    """The next night's backup is planned, once however often this is called."""
    async with house.database.unit() as unit:
        due_at = next_night(unit.now, await find_choice(unit, "timezone"), house.settings.domain)
        await schedule(unit, JOB, {}, due_at=due_at, key=f"{JOB}:{due_at:%Y-%m-%d}")


def next_night(now: datetime, zone: str, domain: str) -> datetime:
    """The next moment at three o'clock in that zone, at the domain's minute."""
    minute = sha256(domain.encode()).digest()[0] % 60
    local = now.astimezone(ZoneInfo(zone))
    tonight = local.replace(hour=HOUR, minute=minute, second=0, microsecond=0)
    return (tonight if tonight > local else tonight + timedelta(days=1)).astimezone(now.tzinfo)


async def keep_backup(house: House) -> Made | None:
    """A backup is made, copied on by the admin's command, and old ones are dropped; None when it failed."""
    settings, began_at = house.settings, house.clock.now()
    try:
        made = await make_backup(settings, get_passphrase(settings), began_at)
        await run_after(settings, made.path)
    except FedchapterError as error:
        await _failed(house, began_at, str(error))
        return None
    await asyncio.to_thread(drop_old, made.path.parent)
    async with house.database.unit() as unit:
        await note_made(unit, made, began_at)
    log.info("backup-made", file=made.path.name, size_bytes=made.size_bytes)
    return made


async def note_made(unit: Unit, made: Made, began_at: datetime) -> None:
    """The backup is on the list that admins see."""
    await note_event(
        unit, "backup", ok=True, began_at=began_at, file_name=made.path.name, size_bytes=made.size_bytes
    )


async def _failed(house: House, began_at: datetime, words: str) -> None:
    log.error("backup-failed", reason=words)
    async with house.database.unit() as unit:
        await note_event(unit, "backup", ok=False, began_at=began_at, words=words)
        unit.record(BackupFailed(words))


async def run_after(settings: Settings, path: Path) -> None:
    """The command of the settings has run with the file's path as its last word; raises Refusal when it failed."""
    if not settings.backup_after:
        return
    words = [*shlex.split(settings.backup_after), str(path)]
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise _not_copied(error.strerror or type(error).__name__) from error
    try:
        async with asyncio.timeout(AFTER_S):
            _, said = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise _not_copied("it took more than an hour") from None
    if process.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:] or [f"status {process.returncode}"]
        raise _not_copied(last[0][:200])


def _not_copied(reason: str) -> Refusal:
    return Refusal(
        "backup-not-copied",
        "The backup is made, but the command of backup_after failed: %(reason)s. It is on this machine only.",
        reason=reason,
    )


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else makes a backup into that folder; nobody does meanwhile."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        # Whoever writes there says what is wrong with the folder.
        yield True
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


JOBS = (backup,)
