"""The worker of jobs: claims what is due, runs it, retries what failed with growing pauses."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from ..clock import Clock
from ..store import Database, Row
from .schedule import Job

log = structlog.get_logger()
# A batch is run one after another, so it needs more time than a single piece of work.
LEASES = 3
BATCH = 20
ATTEMPTS_MAX = 8
_CLAIM = """
UPDATE job SET due_at = ?, attempts = attempts + 1 WHERE id IN (
    SELECT id FROM job WHERE state = 'due' AND due_at <= ? ORDER BY due_at, id LIMIT ? {lock}
) RETURNING id, name, payload, attempts
"""


class JobRunner:
    """Works off `job`; several processes may run one each."""

    def __init__(self, database: Database, clock: Clock, house: Any, jobs: Iterable[Job]) -> None:
        self._database = database
        self._clock = clock
        self._house = house
        self._jobs = {job.name: job for job in jobs}

    async def work(self) -> int:
        """The due jobs were run; returns how many."""
        rows = await self._claim()
        for row in rows:
            await self._run(row)
        return len(rows)

    async def _claim(self) -> list[Row]:
        now = self._clock.now()
        waiting = "SELECT 1 AS yes FROM job WHERE state = 'due' AND due_at <= ? LIMIT 1"
        if await self._database.row(waiting, now) is None:
            return []
        lock = "FOR UPDATE SKIP LOCKED" if self._database.postgres else ""
        async with self._database.unit() as unit:
            until = now + LEASES * self._database.settings.lease
            rows = await unit.rows(_CLAIM.format(lock=lock), until, now, BATCH)
        return sorted(rows, key=lambda row: row["id"])

    async def _run(self, row: Row) -> None:
        try:
            await self._do(row)
        except Exception as error:
            log.error("job-failed", job=row["name"], id=row["id"], exc_info=error)
            await self._failed(row, f"{type(error).__name__}: {error}"[:500])

    async def _do(self, row: Row) -> None:
        job = self._jobs[row["name"]]
        payload = msgspec.json.decode(row["payload"])
        if job.outside:
            await job.work(self._house, payload)
        async with self._database.unit() as unit:
            claimed = await unit.execute(
                "UPDATE job SET state = 'done', done_at = ? WHERE id = ? AND state = 'due'",
                unit.now,
                row["id"],
            )
            if claimed and not job.outside:
                await job.work(unit, payload)

    async def _failed(self, row: Row, error: str) -> None:
        over = row["attempts"] >= ATTEMPTS_MAX
        wait = timedelta(seconds=min(30 * 4 ** (row["attempts"] - 1), 21_600))
        async with self._database.unit() as unit:
            await unit.execute(
                "UPDATE job SET state = ?, error = ?, due_at = ? WHERE id = ?",
                "failed" if over else "due",
                error,
                unit.now + wait,
                row["id"],
            )
