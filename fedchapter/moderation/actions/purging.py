"""What a suspension ends in: thirty days later the copies are erased, unless it was lifted. The one way without return.

Mastodon suspends the same way (operations.md §1.1). Here the rows are found; the types erase what is theirs, because
only they may write it: they listen to `Purged`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ...jobs import job, schedule
from ...policy import find_marking
from ...policy.marks import REFUSE
from ...store import Known, Unit, marks
from ...store.kinds import find_where
from ...store.retention import STEP_MAX, Memory
from ...store.unit import Publisher
from ...words import mark
from ..audit import Entry, Judge, verb, write
from ..pausing import whom

GRACE = timedelta(days=30)
JOB, STEP = "purge", 200
RULE = "thirty days after a suspension"


@dataclass(frozen=True, slots=True)
class Purged:
    """Our copies of these objects are to be erased, with whatever their types keep of them.

    With `stays` a row without words is left, hidden, so that they do not come again.
    """

    objects: tuple[Known, ...]
    stays: bool = False


@dataclass(frozen=True, slots=True)
class FollowsPurged:
    """Nobody here follows that actor any more, nor it us; it is told, as far as it still listens."""

    actor_uri: str


async def plan_purge(unit: Unit, *, scope: str, subject: str) -> None:
    """Thirty days from now its copies are erased, if it is still suspended then."""
    payload = {"scope": scope, "subject": subject, "since": unit.now.isoformat()}
    await schedule(
        unit, JOB, payload, due_at=unit.now + GRACE, key=f"{JOB}:{scope}:{subject}:{unit.now.isoformat()}"
    )


def eraser(memory: Memory) -> Publisher:
    """What erases whatever was purged; `memory` knows what the types have of it."""

    async def erase(unit: Unit, happening: Purged) -> None:
        for begin in range(0, len(happening.objects), STEP_MAX):
            some = [one for one in happening.objects[begin : begin + STEP_MAX] if not one.local]
            if some:
                await _erase(unit, memory, some, stays=happening.stays)

    return erase


async def _erase(unit: Unit, memory: Memory, objects: Sequence[Known], *, stays: bool) -> None:
    await memory.forget(unit, objects)
    uris = [one.uri for one in objects]
    among = f"local = false AND uri IN ({marks(len(uris))})"
    await unit.execute(
        f"UPDATE inbox_item SET body = '', has_body = false, body_bytes = 0 WHERE object_uri IN ({marks(len(uris))}) "
        "AND has_body = true AND state <> 'new'",
        *uris,
    )
    if not stays:
        await unit.execute(f"DELETE FROM known_object WHERE {among}", *uris)
        return
    await unit.execute(
        "UPDATE known_object SET state = 'hidden', listed = false, title = '', note = '', html = '', pictures = '' "
        f"WHERE {among}",
        *uris,
    )


@job(JOB)
async def purge(unit: Unit, payload: Mapping[str, str]) -> None:
    """A step of erasing, which schedules the next; nothing where the suspension was lifted since."""
    scope, subject = payload["scope"], payload["subject"]
    marking = await find_marking(unit, scope=scope, subject=subject, now=unit.now)
    if marking is None or marking.decision != REFUSE or marking.created_at is None:
        return
    if marking.created_at + GRACE > unit.now:
        # Decided anew since: the thirty days count from then.
        key = f"{JOB}:{scope}:{subject}:{marking.created_at.isoformat()}"
        await schedule(unit, JOB, dict(payload), due_at=marking.created_at + GRACE, key=key)
        return
    objects = await _find(unit, scope, subject)
    if objects:
        unit.record(Purged(tuple(objects)))
    for row in await _find_followed(unit, scope, subject):
        unit.record(FollowsPurged(row))
    await unit.execute(
        "DELETE FROM pause WHERE actor_uri = ? OR host = ? OR host LIKE ?", subject, subject, f"%.{subject}"
    )
    if len(objects) == STEP:
        key = f"{JOB}:{scope}:{subject}:{unit.new_id()}"
        await schedule(unit, JOB, dict(payload), due_at=unit.now, key=key)
        return
    await write(unit, Entry(PURGE, subject, subject if scope == "actor" else ""), Judge("", rule=RULE))


async def _find(unit: Unit, scope: str, subject: str) -> list[Known]:
    theirs = whom(scope, subject)
    return await find_where(
        unit,
        "local = false AND state <> 'gone' AND kind <> 'follow' AND owner_uri IN "
        f"(SELECT uri FROM actor WHERE local = false AND {theirs.condition}) LIMIT ?",
        *theirs.values,
        STEP,
    )


async def _find_followed(unit: Unit, scope: str, subject: str) -> list[str]:
    theirs = whom(scope, subject)
    rows = await unit.rows(
        f"SELECT uri FROM actor WHERE local = false AND {theirs.condition} AND EXISTS (SELECT 1 FROM follow WHERE "
        "follow.follower_uri = actor.uri OR follow.followed_uri = actor.uri) LIMIT ?",
        *theirs.values,
        STEP,
    )
    return [row["uri"] for row in rows]


PURGE = verb("purge", mark("Erased what was kept of a suspended account or server"))
JOBS = (purge,)
