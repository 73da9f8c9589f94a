"""Deciding on what is held and about who wrote it, with the way back of each decision.

operations.md §1.4 (hold instead of drop; approval remembers the actor), §1.6 (who, what, why, undo).
"""

from ..actors import get_actor
from ..errors import Refusal
from ..policy import HostMarks, find_mark, lift_mark, set_mark
from ..policy.marks import APPROVED, HOLD, REFUSE
from ..store import Known, Unit, find_known
from ..store.kinds import Reads, find_where
from ..words import mark
from .audit import Entry, Judge, Line, overtaken, verb, write
from .desk import HELD as HELD_ITEM
from .desk import close_item, reopen_item
from .turning import HELD, HIDDEN, SHOWN, turn

QUEUE_MAX = 100


async def find_held(reads: Reads) -> list[Known]:
    """What waits, oldest first, at most 100."""
    return await find_where(reads, "state = 'held' ORDER BY sort_at, uri LIMIT ?", QUEUE_MAX)


async def approve(unit: Unit, uri: str, judge: Judge, *, host_marks: HostMarks) -> int:
    """It is shown, and its author needs no approval any more; returns how many of theirs are shown by this.

    Where an admin wants to see everything of an actor or host first, only this one is shown.
    """
    known = await get_open(unit, uri, HELD)
    actor = await get_actor(unit, known.owner_uri)
    mark = await find_mark(unit, scope="actor", subject=actor.uri)
    if mark in (HOLD, REFUSE) or host_marks.decision(actor.host) == HOLD:
        await settle(unit, known, SHOWN, judge)
        return 1
    await _mark(unit, actor.uri, APPROVE_ACTOR, judge)
    waiting = await find_where(unit, "owner_uri = ? AND state = 'held'", actor.uri)
    for one in waiting:
        await settle(unit, one, SHOWN, judge)
    return len(waiting)


async def refuse(unit: Unit, uri: str, judge: Judge) -> None:
    """It is hidden from everybody, whether it was held or shown; its author is not told."""
    await settle(unit, await get_open(unit, uri, HELD, SHOWN), HIDDEN, judge)


async def refuse_all(unit: Unit, actor_uri: str, judge: Judge) -> int:
    """Everything of the actor that waits is hidden; returns how many."""
    waiting = await find_where(unit, "owner_uri = ? AND state = 'held'", actor_uri)
    for one in waiting:
        await settle(unit, one, HIDDEN, judge)
    return len(waiting)


async def hold_always(unit: Unit, actor_uri: str, judge: Judge) -> None:
    """Whatever the actor posts from now on waits for a moderator."""
    await _mark(unit, (await get_actor(unit, actor_uri)).uri, HOLD_ACTOR, judge)


async def refuse_always(unit: Unit, actor_uri: str, judge: Judge) -> int:
    """Nothing of the actor is taken any more, and what waits is hidden; returns how many that were."""
    await _mark(unit, (await get_actor(unit, actor_uri)).uri, REFUSE_ACTOR, judge)
    return await refuse_all(unit, actor_uri, judge)


async def get_open(unit: Unit, uri: str, *states: str) -> Known:
    """What somebody else's post is, if it has one of those states; raises Refusal where it has not."""
    known = await find_known(unit, uri)
    if known is None or known.state not in states or known.local:
        raise Refusal("decided", "This is not waiting any more; perhaps somebody else has decided.")
    return known


async def settle(unit: Unit, known: Known, state: str, judge: Judge) -> None:
    """The post is shown or hidden by that decision, and waits no more."""
    what = APPROVE if state == SHOWN else REFUSE_POST
    await turn(unit, known, state)
    await close_item(unit, sort=HELD_ITEM, subject_uri=known.uri, outcome=what)
    entry = Entry(what, known.uri, known.owner_uri, before={"state": known.state})
    await write(unit, entry, judge)


async def _mark(unit: Unit, actor_uri: str, what: str, judge: Judge) -> None:
    before = await find_mark(unit, scope="actor", subject=actor_uri)
    await set_mark(
        unit,
        scope="actor",
        subject=actor_uri,
        decision=MARKS[what],
        reason=judge.reason,
        made_by=judge.account_id,
    )
    await write(unit, Entry(what, actor_uri, actor_uri, before={"mark": before or ""}), judge)


async def _unsettle(unit: Unit, line: Line, judge: Judge) -> None:
    known = await find_known(unit, line.target_uri)
    if known is None or known.state != (SHOWN if line.what == APPROVE else HIDDEN):
        raise overtaken()
    # Lines from before states were written down were all about what was held.
    before = line.before.get("state", HELD)
    await turn(unit, known, before)
    if before == HELD:
        await reopen_item(unit, sort=HELD_ITEM, subject_uri=known.uri)


async def _unmark(unit: Unit, line: Line, judge: Judge) -> None:
    if await find_mark(unit, scope="actor", subject=line.target_uri) != MARKS[line.what]:
        raise Refusal("overtaken", "Something else has been decided about this actor since.")
    await lift_mark(unit, scope="actor", subject=line.target_uri)
    if before := line.before.get("mark"):
        await set_mark(
            unit, scope="actor", subject=line.target_uri, decision=before, made_by=judge.account_id
        )


APPROVE = verb("approve", mark("Shown"), mark("Undone: shown"), undo=_unsettle)
REFUSE_POST = verb("refuse", mark("Refused"), mark("Undone: refused"), undo=_unsettle)
APPROVE_ACTOR = verb(
    "approve-actor", mark("Approved the author"), mark("Undone: approved the author"), undo=_unmark
)
HOLD_ACTOR = verb(
    "hold-actor",
    mark("Everything of theirs waits"),
    mark("Undone: everything of theirs waits"),
    undo=_unmark,
)
REFUSE_ACTOR = verb(
    "refuse-actor", mark("Refused the author"), mark("Undone: refused the author"), undo=_unmark
)
MARKS = {APPROVE_ACTOR: APPROVED, HOLD_ACTOR: HOLD, REFUSE_ACTOR: REFUSE}
