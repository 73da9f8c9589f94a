"""The worker that fetches wanted pictures: few at once, fewer still per host, each checked again just before.

operations.md §3 row B5 (per-host concurrency, jitter, a host that does not answer is left alone for a while).
"""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import structlog

from ..errors import PeerError, PeerFailed
from ..house import House
from ..store import Row, marks
from .allowed import may_show
from .fetch import FACE_SIDE, PICTURE_SIDE, Small, fetch_picture
from .rows import COLUMNS, FACE, FAILED, WANTED, PictureRow, drop, keep, put_off, rest_host, shelf_of, to_row
from .tidy import Broom, quota_bytes

log = structlog.get_logger()
LOOP = "pictures"
AT_ONCE = 4
PER_HOST = 2
# Longer than the fetch and the drawing may take together, or another worker would begin the same.
LEASE = timedelta(minutes=2)
ATTEMPTS_MAX = 4
FIRST_WAIT = timedelta(minutes=10)
REFUSED_WAIT, REFUSED_WAIT_MAX = timedelta(days=1), timedelta(days=7)
HOST_RESTS = timedelta(minutes=5)
_CLAIM = """
UPDATE remote_picture SET due_at = ? WHERE id IN (
    SELECT id FROM remote_picture WHERE state = 'wanted' AND due_at <= ? {without} ORDER BY due_at, id LIMIT ? {lock}
) RETURNING {columns}
"""


class Fetcher:
    """Works off wanted `remote_picture` rows; several processes may run one each."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._shelf = shelf_of(house.settings)
        self._busy: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._broom = Broom(house)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._tasks

    async def work(self) -> int:
        """Due pictures are being fetched, and what is too old or too much was let go; returns how many were begun."""
        await self._broom.sweep()
        rows = await self._claim(AT_ONCE - len(self._tasks)) if len(self._tasks) < AT_ONCE else []
        for row in rows:
            self._start(row)
        return len(rows)

    async def pause(self) -> None:
        """Until something under way ends."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """What is under way was cancelled; it is fetched again when its lease is over."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _claim(self, limit: int) -> list[PictureRow]:
        database, now = self._house.database, self._house.clock.now()
        full = sorted(host for host, count in self._busy.items() if count >= PER_HOST)
        without = f"AND host NOT IN ({marks(len(full))})" if full else ""
        due = f"SELECT 1 AS yes FROM remote_picture WHERE state = 'wanted' AND due_at <= ? {without} LIMIT 1"
        if await database.row(due, now, *full) is None or await quota_bytes(database) == 0:
            return []
        lock = "FOR UPDATE SKIP LOCKED" if database.postgres else ""
        statement = _CLAIM.format(without=without, lock=lock, columns=COLUMNS)
        async with database.unit() as unit:
            claimed = await unit.rows(statement, now + LEASE, now, *full, limit)
            mine, back = self._share(claimed)
            for row in back:
                await unit.execute("UPDATE remote_picture SET due_at = ? WHERE id = ?", now, row.id)
        return mine

    def _share(self, claimed: list[Row]) -> tuple[list[PictureRow], list[PictureRow]]:
        taken = Counter(self._busy)
        mine: list[PictureRow] = []
        back: list[PictureRow] = []
        for row in map(to_row, claimed):
            taken[row.host] += 1
            (mine if taken[row.host] <= PER_HOST else back).append(row)
        return mine, back

    def _start(self, row: PictureRow) -> None:
        self._busy[row.host] += 1
        task = asyncio.create_task(self._one(row))
        self._tasks.add(task)
        task.add_done_callback(lambda ended: self._ended(ended, row.host))

    def _ended(self, task: asyncio.Task[None], host: str) -> None:
        self._tasks.discard(task)
        self._busy[host] -= 1
        if not self._busy[host]:
            del self._busy[host]

    async def _one(self, row: PictureRow) -> None:
        try:
            await self._fetch(row)
        except Exception as error:
            log.error("picture-failed", host=row.host, exc_info=error)
            await self._unit(put_off, row, FAILED, type(error).__name__, REFUSED_WAIT)

    async def _fetch(self, row: PictureRow) -> None:
        if not await may_show(self._house, row):
            await self._unit(drop, [row])
            return
        side = FACE_SIDE if row.sort == FACE else PICTURE_SIDE
        try:
            small = await fetch_picture(self._house.net, row.url, side=side)
        except PeerError as error:
            await self._failed(row, error)
            return
        await self._keep(row, small)

    async def _keep(self, row: PictureRow, small: Small) -> None:
        name = await self._shelf.put(small.data, "webp")
        size = (len(small.data), small.width, small.height)
        kept = False
        try:
            async with self._house.database.unit() as unit:
                kept = await keep(unit, row, name, size)
        finally:
            if not kept:
                # While it came, somebody took its post from view.
                await self._shelf.delete(name)
        await self._broom.note(len(small.data))

    async def _failed(self, row: PictureRow, error: PeerError) -> None:
        passing = isinstance(error, PeerFailed)
        if passing and row.attempts + 1 < ATTEMPTS_MAX:
            state, wait = WANTED, FIRST_WAIT * 4**row.attempts
        else:
            state, wait = FAILED, min(REFUSED_WAIT * 2 ** min(row.attempts, 3), REFUSED_WAIT_MAX)
        async with self._house.database.unit() as unit:
            if passing and error.code != "status":
                await rest_host(unit, row.host, HOST_RESTS)
            await put_off(unit, row, state, error.code, wait)

    async def _unit(self, service: Any, *values: Any) -> None:
        async with self._house.database.unit() as unit:
            await service(unit, *values)
