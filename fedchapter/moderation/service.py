"""Deciding on what is held, and taking a decision back; the only writer of decision rows.

operations.md §1.4 (hold instead of drop; approval remembers the actor), §1.6 (who, what, why, undo); row C3 (what is
not shown is in no count).
"""

from dataclasses import dataclass

from ..actors import get_actor
from ..errors import NotFound, Refusal
from ..policy import HostMarks, find_mark, lift_mark, set_mark
from ..policy.marks import APPROVED, HOLD, REFUSE
from ..store import Known, Row, Unit, find_known
from ..store.kinds import Reads, change, count_reply, find_where

SHOWN, HELD, HIDDEN = "shown", "held", "hidden"
QUEUE_MAX = 100
REASON_CHARS_MAX = 1000
MARKS = {"approve-actor": APPROVED, "hold-actor": HOLD, "refuse-actor": REFUSE}
STATES = {"approve": SHOWN, "refuse": HIDDEN}


@dataclass(frozen=True, slots=True)
class Released:
    """Something that was held is shown from now on."""

    known: Known


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides (an account id), and why."""

    account_id: str
    reason: str = ""


async def find_held(reads: Reads) -> list[Known]:
    """What waits, oldest first, at most 100."""
    return await find_where(reads, "state = 'held' ORDER BY sort_at, uri LIMIT ?", QUEUE_MAX)


async def find_decisions(reads: Reads, *, before: str = "", limit: int = 50) -> list[Row]:
    """Decisions, newest first, each with who made it and whether it was undone."""
    return await reads.rows(
        "SELECT decision.id, what, target_uri, actor_uri, reason, made_at, undo_of, account.display_name AS made_by, "
        "EXISTS (SELECT 1 FROM decision AS later WHERE later.undo_of = decision.id) AS undone "
        "FROM decision LEFT JOIN account ON account.id = decision.made_by "
        "WHERE (? = '' OR decision.id < ?) ORDER BY decision.id DESC LIMIT ?",
        before,
        before,
        limit,
    )


async def approve(unit: Unit, uri: str, judge: Judge, *, host_marks: HostMarks) -> int:
    """It is shown, and its author needs no approval any more; returns how many of theirs are shown by this.

    Where an admin wants to see everything of an actor or host first, only this one is shown.
    """
    known = await _get(unit, uri, HELD)
    actor = await get_actor(unit, known.owner_uri)
    mark = await find_mark(unit, scope="actor", subject=actor.uri)
    if mark in (HOLD, REFUSE) or host_marks.decision(actor.host) == HOLD:
        await _turn(unit, known, SHOWN, judge)
        return 1
    await _mark(unit, actor.uri, "approve-actor", judge)
    waiting = await find_where(unit, "owner_uri = ? AND state = 'held'", actor.uri)
    for one in waiting:
        await _turn(unit, one, SHOWN, judge)
    return len(waiting)


async def refuse(unit: Unit, uri: str, judge: Judge) -> None:
    """It is hidden from everybody, whether it was held or shown; its author is not told."""
    await _turn(unit, await _get(unit, uri, HELD, SHOWN), HIDDEN, judge)


async def refuse_all(unit: Unit, actor_uri: str, judge: Judge) -> int:
    """Everything of the actor that waits is hidden; returns how many."""
    waiting = await find_where(unit, "owner_uri = ? AND state = 'held'", actor_uri)
    for one in waiting:
        await _turn(unit, one, HIDDEN, judge)
    return len(waiting)


async def hold_always(unit: Unit, actor_uri: str, judge: Judge) -> None:
    """Whatever the actor posts from now on waits for a moderator."""
    await _mark(unit, (await get_actor(unit, actor_uri)).uri, "hold-actor", judge)


async def refuse_always(unit: Unit, actor_uri: str, judge: Judge) -> int:
    """Nothing of the actor is taken any more, and what waits is hidden; returns how many that were."""
    await _mark(unit, (await get_actor(unit, actor_uri)).uri, "refuse-actor", judge)
    return await refuse_all(unit, actor_uri, judge)


async def undo(unit: Unit, decision_id: str, judge: Judge) -> None:
    """What was decided is open again: the object waits, or the mark on the actor is gone. Raises Refusal."""
    row = await unit.row(
        "SELECT id, what, target_uri, actor_uri, undo_of FROM decision WHERE id = ?", decision_id
    )
    if row is None:
        raise NotFound
    undone = await unit.row("SELECT id FROM decision WHERE undo_of = ?", decision_id)
    if undone is not None or row["undo_of"]:
        raise Refusal("undone", "This was undone already.")
    if row["what"] in MARKS:
        if await find_mark(unit, scope="actor", subject=row["target_uri"]) != MARKS[row["what"]]:
            raise Refusal("overtaken", "Something else has been decided about this actor since.")
        await lift_mark(unit, scope="actor", subject=row["target_uri"])
    else:
        known = await find_known(unit, row["target_uri"])
        if known is None or known.state != STATES[row["what"]]:
            raise Refusal("overtaken", "Something else has been decided about this since, or it is gone.")
        await _move(unit, known, HELD)
    await _write(unit, row["what"], row["target_uri"], row["actor_uri"], judge, undo_of=decision_id)


async def _get(unit: Unit, uri: str, *states: str) -> Known:
    known = await find_known(unit, uri)
    if known is None or known.state not in states or known.local:
        raise Refusal("decided", "This is not waiting any more; perhaps somebody else has decided.")
    return known


async def _turn(unit: Unit, known: Known, state: str, judge: Judge) -> None:
    await _move(unit, known, state)
    what = "approve" if state == SHOWN else "refuse"
    await _write(unit, what, known.uri, known.owner_uri, judge)


async def _move(unit: Unit, known: Known, state: str) -> None:
    """The object has that state, and counts where it is shown: at its thread's root and at what it answers."""
    await change(unit, known.uri, state=state)
    if state == SHOWN and known.state == HELD:
        unit.record(Released(known))
    by = (state == SHOWN) - (known.state == SHOWN)
    if not by or not known.reply_to_uri:
        return
    await count_reply(unit, known, by)


async def _mark(unit: Unit, actor_uri: str, what: str, judge: Judge) -> None:
    await set_mark(
        unit,
        scope="actor",
        subject=actor_uri,
        decision=MARKS[what],
        reason=judge.reason[:REASON_CHARS_MAX],
        made_by=judge.account_id,
    )
    await _write(unit, what, actor_uri, actor_uri, judge)


async def _write(
    unit: Unit, what: str, target_uri: str, actor_uri: str, judge: Judge, *, undo_of: str = ""
) -> None:
    await unit.execute(
        "INSERT INTO decision (id, what, target_uri, actor_uri, reason, made_by, made_at, undo_of) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        unit.new_id(),
        what,
        target_uri,
        actor_uri,
        judge.reason[:REASON_CHARS_MAX],
        judge.account_id,
        unit.now,
        undo_of,
    )
