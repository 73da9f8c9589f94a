"""The worker of the way in: claims stored activities, resolves them, and hands each to its handler.

DESIGN §2: what is missing is fetched before the transaction; then service, happenings, outbox and delivery rows and
the outcome are written in one unit of work. A wave of activities that do not depend on one another shares one
transaction; when that fails, each gets its own. Claimed rows come back by themselves if this process dies (`due_at`).
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from ..actors import ActorRow
from ..errors import PeerFailed, PeerRefused, Refusal
from ..house import House
from ..policy.private import STAYS_AWAY
from ..store import Row, Unit
from ..vocab.normalise import Activity, normalise, parse_json
from ..vocab.read import id_of
from ..vocab.uris import registrable
from .fetch import allow_fetches, find_or_fetch_actor
from .holding import after_handler, before_handler, record
from .incoming import Incoming, Outcome, ignored
from .judging import Judged, judge
from .lookup import Lookup
from .origin import check_owner
from .registry import Handling, Registry
from .resolve import NO_KIND, Resolver
from .stragglers import Stragglers
from .traces import erase_bodies, find_deleted, is_private

log = structlog.get_logger()
LOOP = "process"
BATCH = 64
# Both together stay below the lease, or another worker would take up what is still under way here.
PATIENCE_S = 2
PREPARED_WITHIN_S = 60
ATTEMPTS_MAX = 8
_RETRY_S = (15, 60, 300, 1800, 7200, 21600, 43200)
_CLAIM = """
UPDATE inbox_item SET due_at = ?, attempts = attempts + 1 WHERE id IN (
    SELECT id FROM inbox_item WHERE state = 'new' AND due_at <= ? ORDER BY id LIMIT ? {lock}
) RETURNING id, actor_uri, host, body, signed_by, attempts
"""
_SETTLE = """
UPDATE inbox_item SET state = ?, reason = ?, kind = ?, due_at = ?, processed_at = ? WHERE id = ?
"""


@dataclass(slots=True)
class Item:
    """One claimed row on its way: what it is, who handles it, how it ended."""

    row: Row
    activity: Activity | None = None
    incoming: Incoming | None = None
    handling: Handling | None = None
    judged: Judged | None = None
    outcome: Outcome | None = None
    retry_at: datetime | None = None

    @property
    def kind(self) -> str:
        """The resolved kind, for the log."""
        return self.incoming.kind if self.incoming else ""


class Processor:
    """Works off inbox_item; several processes may run one each."""

    def __init__(self, house: House, registry: Registry) -> None:
        self._house = house
        self._registry = registry
        self._resolver = Resolver(house, registry)
        self._stragglers = Stragglers(house.database.spawn)

    async def work(self) -> int:
        """One batch was worked off; returns how many activities it had."""
        rows = await self._claim()
        if rows:
            now = self._house.clock.now()
            await self._house.policy.refresh(self._house.database, now)
            await self._house.policy.catch_up(self._house.database, now)
        items = [self._read(row) for row in rows]
        for wave in waves(items):
            await self._wave(wave)
        return len(items)

    async def _claim(self) -> list[Row]:
        now = self._house.clock.now()
        due = await self._house.database.row(
            "SELECT 1 AS yes FROM inbox_item WHERE state = 'new' AND due_at <= ? LIMIT 1", now
        )
        if due is None:
            return []
        lock = "FOR UPDATE SKIP LOCKED" if self._house.database.postgres else ""
        async with self._house.database.unit() as unit:
            rows = await unit.rows(_CLAIM.format(lock=lock), now + self._house.settings.lease, now, BATCH)
        return sorted(rows, key=lambda row: row["id"])

    def _read(self, row: Row) -> Item:
        item = Item(row)
        try:
            item.activity = normalise(parse_json(row["body"].encode()))
        except PeerRefused as error:
            item.outcome = Outcome("refused", error.message)
        return item

    async def _wave(self, wave: Sequence[Item]) -> None:
        lookup = Lookup(self._house)
        await lookup.prefetch(*_mentioned(wave))
        wave = await self._prepared(wave, lookup)
        if not wave:
            return
        try:
            await self._end(wave)
        except Exception as error:
            if len(wave) == 1 and not isinstance(error, (PeerRefused, Refusal)):
                log.error("inbox-handler-failed", error=type(error).__name__, exc_info=error)
            for item in wave:
                await self._alone(item)

    async def _end(self, wave: Sequence[Item]) -> None:
        """All of them are handled in one unit of work."""
        policy = self._house.policy
        async with self._house.database.unit() as unit:
            ended = [(item, await self._handle(unit, item)) for item in wave]
            seen = await record(
                unit,
                policy,
                [(item.incoming, item.judged, out) for item, out in ended if item.incoming and item.judged],
            )
            await self._settle(unit, ended)
        for one in seen:
            policy.recent.written(one.wave_id, one.uris, one.merged)

    async def _prepared(self, wave: Sequence[Item], lookup: Lookup) -> list[Item]:
        """Those of the wave that are ready now. Slow ones go on by themselves, or are put back (row B5)."""
        tasks = [asyncio.create_task(self._prepare(item, lookup)) for item in wave]
        await asyncio.wait(tasks, timeout=PATIENCE_S)
        ready: list[Item] = []
        for item, task in zip(wave, tasks, strict=True):
            domain = registrable(item.row["host"].partition(":")[0])
            if task.done():
                task.result()
                ready.append(item)
            elif self._stragglers.has_room(domain):
                self._stragglers.keep(self._finish(item, task), domain)
            else:
                task.cancel()
                item.outcome = self._later(
                    item, "its server is slow, and other messages from there wait already"
                )
                ready.append(item)
        return ready

    async def _finish(self, item: Item, prepared: asyncio.Task[None]) -> None:
        try:
            async with asyncio.timeout(PREPARED_WITHIN_S):
                await prepared
        except TimeoutError:
            item.outcome = self._later(item, f"what it needs could not be had within {PREPARED_WITHIN_S} s")
        await self._alone(item)

    @property
    def idle(self) -> bool:
        """Whether nothing slow is under way."""
        return self._stragglers.idle

    async def pause(self) -> None:
        """Until something slow has ended."""
        await self._stragglers.pause()

    async def stop(self) -> None:
        """What is slow is given up for now; it comes back by itself."""
        await self._stragglers.stop()

    async def _alone(self, item: Item) -> None:
        try:
            await self._end([item])
            return
        except (PeerRefused, Refusal) as error:
            outcome = Outcome("refused", error.message)
        except Exception as error:
            log.error("inbox-item-failed", id=item.row["id"], kind=item.kind, exc_info=error)
            outcome = self._later(item, f"our own fault: {type(error).__name__}: {error}"[:500])
        async with self._house.database.unit() as unit:
            await self._settle(unit, [(item, outcome)])

    async def _prepare(self, item: Item, lookup: Lookup) -> None:
        if item.activity is None or item.outcome is not None:
            return
        allow_fetches()
        try:
            actor = await self._actor(item.activity.actor, lookup)
            incoming = await self._resolver.resolve(item.activity, actor, lookup)
            incoming = replace(incoming, signed_by=item.row["signed_by"])
            check_owner(incoming)
            item.handling = handling = self._registry.handlings.get((incoming.activity.type, incoming.kind))
            item.judged = await judge(self._house, incoming, lookup)
            item.incoming = incoming = replace(incoming, verdict=item.judged.verdict)
            item.outcome = before_handler(incoming, item.judged)
            if item.outcome is None and handling is not None and handling.needs is not None:
                item.incoming = replace(incoming, fetched=await handling.needs(self._house, incoming))
        except (PeerRefused, Refusal) as error:
            item.outcome = Outcome("refused", error.message)
        except PeerFailed as error:
            item.outcome = self._later(item, error.message)
        except Exception as error:
            log.error("inbox-prepare-failed", id=item.row["id"], exc_info=error)
            item.outcome = self._later(item, f"our own fault: {type(error).__name__}: {error}"[:500])

    async def _actor(self, uri: str, lookup: Lookup) -> ActorRow:
        return await lookup.actor(uri) or await find_or_fetch_actor(self._house, uri)

    def _later(self, item: Item, reason: str) -> Outcome:
        attempts = item.row["attempts"]
        if attempts >= ATTEMPTS_MAX:
            return Outcome("failed", f"gave up after {attempts} attempts: {reason}")
        item.retry_at = self._house.clock.now() + timedelta(
            seconds=_RETRY_S[min(attempts, len(_RETRY_S)) - 1]
        )
        return Outcome("new", f"will be tried again: {reason}")

    async def _handle(self, unit: Unit, item: Item) -> Outcome:
        if item.outcome is not None:
            return item.outcome
        assert item.incoming is not None
        if item.handling is not None and item.judged is not None:
            outcome = await item.handling.handler(unit, item.incoming)
            return after_handler(item.incoming, item.judged, outcome)
        activity = item.incoming.activity
        if item.incoming.kind == NO_KIND:
            return ignored(f"nothing is known here that this {activity.type} is about")
        return ignored(f"{activity.type} means nothing for a {item.incoming.kind}")

    async def _settle(self, unit: Unit, ended: list[tuple[Item, Outcome]]) -> None:
        await unit.execute_many(
            _SETTLE,
            [
                (
                    outcome.state,
                    outcome.reason,
                    item.kind,
                    item.retry_at or unit.now,
                    None if outcome.state == "new" else unit.now,
                    item.row["id"],
                )
                for item, outcome in ended
            ],
        )
        over = [(item, outcome) for item, outcome in ended if outcome.state != "new"]
        late = [_about(item) for item, outcome in over if outcome.state != "done" and _about(item)]
        gone = await find_deleted(unit, late)
        await erase_bodies(unit, [item.row["id"] for item, _ in over if _leaves_nothing(item, gone)])


def _about(item: Item) -> str:
    return (item.activity.object_id if item.activity else None) or ""


def _leaves_nothing(item: Item, gone: Collection[str]) -> bool:
    taken = item.handling is not None and item.handling.erases
    away = item.judged is not None and item.judged.verdict.rule == STAYS_AWAY.rule
    return taken or away or is_private(item.activity) or _about(item) in gone


def waves(items: Sequence[Item]) -> list[list[Item]]:
    """The items in order, cut wherever one mentions what an earlier one of its wave defines."""
    found: list[list[Item]] = [[]]
    defined: set[str] = set()
    for item in items:
        if defined & mentioned(item):
            found.append([])
            defined = set()
        found[-1].append(item)
        defined |= _defines(item)
    return [wave for wave in found if wave]


def _defines(item: Item) -> set[str]:
    activity = item.activity
    if activity is None:
        return set()
    # What an actor says of itself, or of its relation to us, stays in order too.
    ids = {activity.id or "", activity.object_id or ""}
    return {uri for uri in ids if uri}


def mentioned(item: Item) -> set[str]:
    """The URIs whose rows decide what the activity means."""
    activity = item.activity
    if activity is None:
        return set()
    uris = {activity.object_id or ""}
    if isinstance(activity.object, dict):
        uris |= {id_of(activity.object.get("inReplyTo")) or "", id_of(activity.object.get("object")) or ""}
    return {uri for uri in uris if uri}


def _mentioned(wave: Sequence[Item]) -> tuple[set[str], set[str]]:
    uris: set[str] = set()
    actors: set[str] = set()
    for item in wave:
        uris |= mentioned(item)
        if item.activity is not None:
            actors.add(item.activity.actor)
    return uris, actors
