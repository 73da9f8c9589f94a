"""Letting go: what nobody looked at for a week, what is above the quota, and what may not be shown any more.

operations.md §1.7 (seven days, small ones only), §1.4 (pictures filled disks). The door asks at each request, and what
is taken from view is dropped at once; this finds what was decided about whole hosts and actors, and files of a crash.
"""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from ..errors import NotFound
from ..house import House
from ..store import Unit
from ..store.choices import find_choice
from ..store.kinds import Reads
from .allowed import may_load
from .rows import COLUMNS, PictureRow, drop, let_go, shelf_of, to_row
from .wanting import IS_SEEN

log = structlog.get_logger()
CHOICE = "remote_pictures_mb"
UNUSED_FOR = timedelta(days=7)
AWAY_FOR = timedelta(hours=1)
EVERY = timedelta(hours=1)
FILES_EVERY = timedelta(days=1)
STEP = 500
_ALL = f"SELECT {COLUMNS} FROM remote_picture WHERE"
_NOT_SHOWN = (
    f"{_ALL} sort = 'post' AND NOT EXISTS (SELECT 1 FROM known_object WHERE uri = remote_picture.owner_uri "
    "AND state = 'shown' AND visibility IN ('public', 'unlisted')) LIMIT ?",
    f"{_ALL} sort = 'face' AND NOT EXISTS (SELECT 1 FROM actor WHERE actor.uri = remote_picture.owner_uri "
    f"AND actor.icon = remote_picture.url AND ({IS_SEEN.format(actor='actor.uri')})) LIMIT ?",
    f"{_ALL} EXISTS (SELECT 1 FROM actor WHERE actor.uri = remote_picture.author_uri AND actor.state <> 'active') "
    "LIMIT ?",
    f"{_ALL} EXISTS (SELECT 1 FROM mark WHERE scope = 'actor' AND subject = remote_picture.author_uri "
    "AND (decision = 'refuse' OR reject_media = true)) LIMIT ?",
)


async def quota_bytes(reads: Reads) -> int:
    """How much disk the pictures may take; 0 means that none is loaded."""
    chosen = await find_choice(reads, CHOICE)
    return int(chosen) * 1024 * 1024 if chosen.isascii() and chosen.isdigit() else 0


async def used_bytes(reads: Reads) -> int:
    """How much they take."""
    row = await reads.row("SELECT sum(size_bytes) AS total FROM remote_picture WHERE state = 'kept'")
    return int(row["total"] or 0) if row else 0


class Broom:
    """Sweeps once an hour, and looks at the quota as pictures come."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._swept_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._come_bytes = 0

    async def sweep(self) -> None:
        """What must go is gone, if the last time was an hour ago."""
        now = self._house.clock.now()
        if self._swept_at is not None and now - self._swept_at < EVERY:
            return
        self._swept_at = now
        await drop_what_may_not_be_shown(self._house)
        await self._house.database.in_unit(let_go_unused)
        await self._house.database.in_unit(let_go_too_much)
        if self._looked_at is None or now - self._looked_at >= FILES_EVERY:
            self._looked_at = now
            await erase_nameless(self._house)

    async def note(self, size_bytes: int) -> None:
        """That much has come; the quota is looked at before it can be passed by more than a few pictures."""
        self._come_bytes += size_bytes
        if self._come_bytes * 50 >= await quota_bytes(self._house.database):
            self._come_bytes = 0
            await self._house.database.in_unit(let_go_too_much)


async def drop_what_may_not_be_shown(house: House) -> int:
    """Pictures of what is not shown, of refused actors, of hosts that may show none: rows and files; says how many."""
    count = 0
    for statement in _NOT_SHOWN:
        while found := [to_row(row) for row in await house.database.rows(statement, STEP)]:
            await _drop(house, found)
            count += len(found)
    hosts = await house.database.rows("SELECT DISTINCT author_uri, host FROM remote_picture")
    for one in hosts:
        rows = await house.database.rows(
            f"{_ALL} author_uri = ? AND host = ? LIMIT ?", one["author_uri"], one["host"], STEP
        )
        found = [row for row in map(to_row, rows) if not may_load(house, row)]
        await _drop(house, found)
        count += len(found)
    return count


async def _drop(house: House, rows: list[PictureRow]) -> None:
    if not rows:
        return
    async with house.database.unit() as unit:
        await drop(unit, rows)


async def let_go_unused(unit: Unit, limit: int = STEP) -> int:
    """Up to `limit` pictures that nobody saw for seven days are let go; returns how many."""
    rows = await unit.rows(
        f"{_ALL} state = 'kept' AND used_at <= ? ORDER BY used_at LIMIT ?", unit.now - UNUSED_FOR, limit
    )
    await let_go(unit, [to_row(row) for row in rows], wait=timedelta())
    return len(rows)


async def let_go_too_much(unit: Unit) -> int:
    """Those that were not seen for longest are let go until the rest fits into nine tenths of the quota."""
    quota, used = await quota_bytes(unit), await used_bytes(unit)
    if used <= quota:
        return 0
    gone: list[PictureRow] = []
    surplus = used - quota * 9 // 10
    for row in map(to_row, await unit.rows(f"{_ALL} state = 'kept' ORDER BY used_at, id")):
        if surplus <= 0:
            break
        gone.append(row)
        surplus -= row.size_bytes
    await let_go(unit, gone, wait=AWAY_FOR)
    return len(gone)


async def erase_nameless(house: House) -> int:
    """Files that no row names (a crash between file and row) are gone; returns how many there were."""
    shelf = shelf_of(house.settings)
    await shelf.sweep()
    # First the files, then the names: a picture that comes meanwhile is in no list of files to erase.
    names = await asyncio.to_thread(lambda: list(_files_below(house.settings.data / "remote-pictures")))
    if not names:
        return 0
    rows = await house.database.rows("SELECT file_name FROM remote_picture WHERE file_name <> ''")
    lost = set(names) - {row["file_name"] for row in rows}
    for name in lost:
        try:
            await shelf.delete(name)
        except NotFound:
            log.warning("strange-file-among-pictures")
    return len(lost)


def _files_below(root: Path) -> Iterator[str]:
    for _, folders, names in os.walk(root):
        folders[:] = [folder for folder in folders if folder != "unfinished"]
        yield from names
