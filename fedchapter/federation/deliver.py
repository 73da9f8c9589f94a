"""The worker of the way out: leases due deliveries, signs each at send time, posts, and writes down what came of it.

wire.md §1.1 (a new Date for each attempt), §1.6 (retries, availability), §7.4 (double knock); performance.md (why many
at once). A slow host holds up only itself: few at a time per host, and a host with work in hand is left out of claims.
"""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from ..actors import note_failures, note_successes
from ..errors import PeerError, PeerFailed
from ..house import House
from ..net import Answer
from ..policy import is_refused_host
from ..store import Row, marks
from .fetch import SECOND_KNOCK, other, scheme_for, signing
from .retry import Verdict, classify

log = structlog.get_logger()
LOOP = "deliver"
TOO_OLD = timedelta(days=5)
PER_HOST = 4
CLAIM_MAX = 200
# Two knocks stay below the lease, or another worker would send what is still under way here.
DEADLINE_S = 30.0
CONTENT_TYPE = "application/activity+json"
_SETTLE_EVERY_S = 0.05
_CLAIM = """
UPDATE delivery SET due_at = ? WHERE id IN (
    SELECT id FROM delivery WHERE state = 'due' AND due_at <= ? {without} ORDER BY due_at, id LIMIT ? {lock}
) RETURNING id, outbox_id, actor_uri, inbox, host, attempts, created_at
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """How one attempt ended."""

    row: Row
    verdict: Verdict
    status: int
    reason: str
    scheme: str


class Deliverer:
    """Works off `delivery`; several processes may run one each."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._busy: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: list[Sent] = []
        self._bodies: dict[str, bytes] = {}
        self._random = random.Random()  # noqa: S311 - jitter, not a secret
        self._settled_at = 0.0

    async def work(self) -> int:
        """Due deliveries were started and ended ones written down; returns how many of both."""
        room = self._house.settings.delivery_concurrency - len(self._tasks)
        rows = await self._claim(min(room, CLAIM_MAX)) if room > 0 else []
        for row in rows:
            self._start(row)
        return len(rows) + await self._settle(force=not self._tasks)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._tasks and not self._ended

    async def pause(self) -> None:
        """Until something under way ends, or a moment has passed."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_SETTLE_EVERY_S, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """What is under way has ended or was cancelled, and what ended is written down."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        for task in self._tasks:
            task.cancel()
        await self._settle(force=True)

    async def _claim(self, limit: int) -> list[Row]:
        now = self._house.clock.now()
        shut = await self._resting()
        without = sorted({host for host, count in self._busy.items() if count >= PER_HOST} | shut)
        clause = f"AND host NOT IN ({marks(len(without))})" if without else ""
        due = await self._house.database.row(
            f"SELECT 1 AS yes FROM delivery WHERE state = 'due' AND due_at <= ? {clause} LIMIT 1",
            now,
            *without,
        )
        if due is None:
            return []
        lock = "FOR UPDATE SKIP LOCKED" if self._house.database.postgres else ""
        statement = _CLAIM.format(without=clause, lock=lock)
        async with self._house.database.unit() as unit:
            rows = await unit.rows(statement, now + self._house.settings.lease, now, *without, limit)
            kept = self._share(sorted(rows, key=lambda row: row["id"]))
            back = [(now, row["id"]) for row in rows if row["id"] not in kept]
            if back:
                await unit.execute_many("UPDATE delivery SET due_at = ? WHERE id = ?", back)
        await self._load([kept[id_]["outbox_id"] for id_ in kept])
        return list(kept.values())

    def _share(self, rows: list[Row]) -> dict[int, Row]:
        # More than a few at once for one host would keep the others of this claim waiting behind it.
        kept: dict[int, Row] = {}
        taken = Counter(self._busy)
        for row in rows:
            if taken[row["host"]] < PER_HOST:
                taken[row["host"]] += 1
                kept[row["id"]] = row
        return kept

    async def _resting(self) -> set[str]:
        rows = await self._house.database.rows(
            "SELECT host FROM peer WHERE resting_until_at > ?", self._house.clock.now()
        )
        return {row["host"] for row in rows}

    async def _load(self, outbox_ids: list[str]) -> None:
        wanted = sorted(set(outbox_ids) - set(self._bodies))
        if len(self._bodies) > 64:
            self._bodies.clear()
            wanted = sorted(set(outbox_ids))
        if wanted:
            rows = await self._house.database.rows(
                f"SELECT id, body FROM outbox_item WHERE id IN ({marks(len(wanted))})", *wanted
            )
            self._bodies |= {row["id"]: row["body"].encode() for row in rows}

    def _start(self, row: Row) -> None:
        self._busy[row["host"]] += 1
        task = asyncio.create_task(self._one(row, self._bodies.get(row["outbox_id"], b"")))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _one(self, row: Row, body: bytes) -> None:
        host = row["host"]
        try:
            # In two steps: `_settle` may put a new list in place while this waits.
            sent = await self._attempt(row, body)
            self._ended.append(sent)
        finally:
            self._busy[host] -= 1
            if not self._busy[host]:
                del self._busy[host]

    async def _attempt(self, row: Row, body: bytes) -> Sent:
        attempts = row["attempts"] + 1
        if is_refused_host(self._house.marks, row["host"]):
            return Sent(row, Verdict("stopped"), 0, "this host is refused here", "")
        scheme = await scheme_for(self._house, row["host"])
        try:
            answer, scheme = await self._knock(row, body, scheme)
        except PeerFailed as error:
            verdict = classify(0, attempts, error.retry_after_s, self._random)
            return Sent(row, verdict, 0, f"{error.code}: {error.message}"[:500], scheme)
        except PeerError as error:
            return Sent(row, Verdict("refused"), 0, f"{error.code}: {error.message}"[:500], scheme)
        except Exception as error:
            log.error("delivery-failed", inbox=row["inbox"], exc_info=error)
            return Sent(
                row, classify(0, attempts, None, self._random), 0, f"our own fault: {error!r}"[:500], scheme
            )
        verdict = classify(answer.status, attempts, retry_after(answer), self._random)
        said = (
            ""
            if verdict.state == "done"
            else answer.body[:300].decode("utf-8", "replace").replace("\x00", "")
        )
        return Sent(row, verdict, answer.status, said, scheme)

    async def _knock(self, row: Row, body: bytes, scheme: str) -> tuple[Answer, str]:
        answer = await self._post(row, body, scheme)
        if answer.status not in SECOND_KNOCK:
            return answer, scheme
        again = await self._post(row, body, other(scheme))
        if 200 <= again.status < 300:
            self._house.schemes[row["host"]] = other(scheme)
            return again, other(scheme)
        return again, scheme

    async def _post(self, row: Row, body: bytes, scheme: str) -> Answer:
        sign = await signing(self._house, row["actor_uri"], scheme)
        return await self._house.net.post(
            row["inbox"], body, content_type=CONTENT_TYPE, sign=sign, deadline_s=DEADLINE_S
        )

    async def _settle(self, *, force: bool) -> int:
        now = time.monotonic()
        if not self._ended or (not force and now - self._settled_at < _SETTLE_EVERY_S):
            return 0
        ended, self._ended = self._ended, []
        self._settled_at = now
        try:
            await self._write(ended)
        except BaseException:
            self._ended = ended + self._ended
            raise
        return len(ended)

    async def _write(self, ended: list[Sent]) -> None:
        async with self._house.database.unit() as unit:
            rows: list[tuple[Any, ...]] = []
            for sent in ended:
                state = self._state(sent)
                due_at = unit.now + sent.verdict.wait
                ended_at = None if state == "due" else unit.now
                rows.append((state, sent.status, sent.reason, due_at, ended_at, sent.row["id"]))
            await unit.execute_many(
                "UPDATE delivery SET state = ?, attempts = attempts + 1, status = ?, reason = ?, due_at = ?, "
                "ended_at = ? WHERE id = ? AND state = 'due'",
                rows,
            )
            worked = {sent.row["host"]: sent.scheme for sent in ended if sent.verdict.state == "done"}
            await note_successes(unit, worked)
            failed = {
                sent.row["host"]: sent.reason or f"answered {sent.status}"
                for sent in ended
                if sent.verdict.state in ("due", "gave-up") and sent.row["host"] not in worked
            }
            await note_failures(unit, failed)

    def _state(self, sent: Sent) -> str:
        # A host that rests for days gets few attempts: age ends what attempts do not.
        old = self._house.clock.now() - sent.row["created_at"] > TOO_OLD
        return "gave-up" if old and sent.verdict.state == "due" else sent.verdict.state


def retry_after(answer: Answer) -> int | None:
    """Seconds from a Retry-After header in its plain form, or None."""
    text = answer.headers.get("retry-after", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None
