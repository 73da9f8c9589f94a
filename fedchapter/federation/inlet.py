"""Storing what arrives: the rows of many requests in one commit, each answered only after it.

performance.md: grouping is the one big lever of the way in. A group in which one row is bad falls back to row by row,
so that one bad row does not fail forty good ones.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from ..actors import see_peer
from ..errors import PeerFailed
from ..house import House
from ..house.room import Room
from ..jobs import schedule
from ..store import Unit

log = structlog.get_logger()
GROUP_MAX = 256
WAITING_MAX = 4096
WAITING_BYTES_MAX = 64 * 1_048_576
PROCESS_LOOP = "process"
TRIM_JOB = "trim-log"
TRIM_EVERY_BYTES = 32 * 1_048_576
_SEEN_EVERY = timedelta(minutes=1)
_INSERT = """
INSERT INTO inbox_item (fingerprint, actor_uri, activity_uri, verb, host, object_uri, kind, body, has_body, body_bytes,
    signed_by, state, reason, attempts, received_at, due_at)
VALUES (?, ?, ?, ?, ?, ?, '', ?, true, ?, ?, 'new', '', 0, ?, ?)
ON CONFLICT (fingerprint) DO NOTHING
"""


async def ask_to_trim(unit: Unit, *, after: int = 0, due_at: datetime | None = None) -> None:
    """A worker looks whether the log is over its quota, from the line behind `after` on (federation.keeping)."""
    key = f"{TRIM_JOB}:{unit.new_id()}"
    await schedule(unit, TRIM_JOB, {"after": after}, due_at=due_at or unit.now, key=key)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One verified activity, ready to be stored."""

    fingerprint: str
    actor_uri: str
    activity_uri: str
    verb: str
    host: str
    object_uri: str
    body: str
    signed_by: str
    received_at: datetime

    @property
    def size(self) -> int:
        """What it takes of memory, about, in characters; never raises, or a bad row would hold up good ones."""
        return len(self.body or "")

    @property
    def values(self) -> tuple[object, ...]:
        """The columns of the INSERT."""
        return (
            self.fingerprint,
            self.actor_uri,
            self.activity_uri,
            self.verb,
            self.host,
            self.object_uri,
            self.body,
            len((self.body or "").encode("utf-8", "replace")),
            self.signed_by,
            self.received_at,
            self.received_at,
        )


class Inlet:
    """Collects arrivals and commits them together; one per process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.room = Room(house.settings)
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._waiting_bytes = 0
        self._flushing: asyncio.Task[None] | None = None
        self._seen: dict[str, datetime] = {}
        self._untrimmed_bytes = 0

    @property
    def full(self) -> bool:
        """Whether so much waits that newcomers should be told to come back later."""
        return len(self._waiting) >= WAITING_MAX or self._waiting_bytes >= WAITING_BYTES_MAX

    async def put(self, arrival: Arrival) -> None:
        """The arrival is committed (or was there already)."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, stored))
        self._waiting_bytes += arrival.size
        if self._flushing is None or self._flushing.done():
            self._flushing = self._house.database.spawn(self._flush(), "inlet")
        await stored

    async def _flush(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP_MAX], self._waiting[GROUP_MAX:]
            try:
                await self._store([arrival for arrival, _ in group])
            except Exception as error:
                log.warning("inbox-group-failed", error=type(error).__name__, rows=len(group))
                await self._store_apart(group)
            for arrival, stored in group:
                self._waiting_bytes -= arrival.size
                if not stored.done():
                    stored.set_result(None)
            self._house.wake(PROCESS_LOOP)

    async def _store(self, arrivals: list[Arrival]) -> None:
        async with self._house.database.unit() as unit:
            await unit.execute_many(_INSERT, [arrival.values for arrival in arrivals])
            await self._see(unit, arrivals)
            stored_bytes = self._untrimmed_bytes + sum(arrival.size for arrival in arrivals)
            if stored_bytes >= TRIM_EVERY_BYTES:
                # A flood may bring gigabytes before the hour is over.
                await ask_to_trim(unit)
                stored_bytes = 0
        self._untrimmed_bytes = stored_bytes

    async def _store_apart(self, group: list[tuple[Arrival, asyncio.Future[None]]]) -> None:
        for arrival, stored in group:
            try:
                await self._store([arrival])
            except Exception as error:
                log.error("inbox-row-failed", actor=arrival.actor_uri, exc_info=error)
                if not stored.done():
                    # The sender keeps it and tries again: the database may be back, or the fault be mended.
                    stored.set_exception(
                        PeerFailed("not-stored", "this could not be stored; please send it again")
                    )

    async def _see(self, unit: Unit, arrivals: list[Arrival]) -> None:
        for host in {arrival.host for arrival in arrivals}:
            if unit.now - self._seen.get(host, unit.now - _SEEN_EVERY) >= _SEEN_EVERY:
                await self._wake(unit, host)
                await see_peer(unit, host)
                self._seen[host] = unit.now
        if len(self._seen) > 10 * WAITING_MAX:
            self._seen.clear()

    async def _wake(self, unit: Unit, host: str) -> None:
        # A host that writes is up again: what waits for it need not wait out its schedule (wire.md §1.6).
        resting = await unit.row(
            "SELECT 1 AS yes FROM peer WHERE host = ? AND resting_until_at > ?", host, unit.now
        )
        if resting is not None:
            await unit.execute(
                "UPDATE delivery SET due_at = ? WHERE host = ? AND state = 'due' AND attempts > 0",
                unit.now,
                host,
            )
            unit.wake("deliver")
