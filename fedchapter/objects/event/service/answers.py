"""Who comes to our events: asked from elsewhere (Join, or Accept of the event), or answered by an account here.

events.md §1.6 (every Join is answered; participants are told to nobody else). The event's row is locked before places
are counted, so that two people cannot take the last one.
"""

from datetime import datetime

from ....errors import NotFound, Refusal
from ....store import Known, Row, Unit, know
from ....store.kinds import Reads
from ....words import mark
from ..draft import EXTERNAL, RESTRICTED, Event, JoinAnswered, JoinRef
from . import rows

GOING, PENDING, MAYBE = "going", "pending", "maybe"
REJECTED, DECLINED, LEFT = "rejected", "declined", "left"
BY_STAFF = "staff"
MESSAGE_MAX = 500
# The answer of somebody suspended holds no place and is on no list, until the suspension is lifted.
_HIDDEN = (
    "EXISTS (SELECT 1 FROM known_object WHERE known_object.uri = answer.activity_uri AND answer.activity_uri <> '' "
    "AND known_object.state = 'hidden')"
)
_COLUMNS = "id, event_id, actor_uri, account_id, activity_uri, joined, state, reason, message, created_at, updated_at"
_WHY = {
    "cancelled": mark("This event is cancelled."),
    "over": mark("This event is over."),
    "full": mark("Every place is taken."),
    "external": mark("Answers to this event are collected on another page."),
    BY_STAFF: mark("The organizers said no to this answer."),
}


async def lock_event(unit: Unit, event_uri: str) -> Event | None:
    """Our event, its places held still until this unit ends; None when it is not ours."""
    await unit.execute("UPDATE event SET going = going WHERE uri = ? AND local = true", event_uri)
    event = await rows.find_event_at(unit, event_uri)
    return event if event is not None and event.local else None


async def find_answer(
    reads: Reads, event_id: str, *, actor_uri: str = "", account_id: str = ""
) -> Row | None:
    """What that person said to the event, or None."""
    return await reads.row(
        f"SELECT {_COLUMNS} FROM answer WHERE event_id = ? AND actor_uri = ? AND account_id = ?",
        event_id,
        actor_uri,
        account_id,
    )


async def find_answers(reads: Reads, event_id: str) -> list[Row]:
    """All answers to the event, for its organizers, newest first."""
    return await reads.rows(
        f"SELECT {_COLUMNS} FROM answer WHERE event_id = ? AND NOT {_HIDDEN} ORDER BY updated_at DESC, id DESC",
        event_id,
    )


async def find_going(reads: Reads, event_id: str) -> tuple[str, ...]:
    """The actors elsewhere who come."""
    found = await reads.rows(
        "SELECT actor_uri FROM answer WHERE event_id = ? AND state = 'going' AND actor_uri <> '' "
        f"AND NOT {_HIDDEN} ORDER BY id",
        event_id,
    )
    return tuple(row["actor_uri"] for row in found)


def why_closed(now: datetime, event: Event, before: Row | None) -> str:
    """Why nobody can say yes now: cancelled, over, staff, full; empty when there is a place."""
    if event.cancelled:
        return "cancelled"
    if rows.ends_at(event) <= now:
        return "over"
    if before is not None and before["state"] == REJECTED and before["reason"] == BY_STAFF:
        return BY_STAFF
    has_place = before is not None and before["state"] == GOING
    return "full" if event.remaining == 0 and not has_place else ""


async def receive_join(unit: Unit, join: JoinRef, *, message: str = "", waits: bool = False) -> str:
    """Somebody elsewhere wants to come: stored and answered; returns the state, or `external`, `absent`.

    Whoever `waits` is asked about with the organizers, as everybody is where they decide.
    """
    event = await lock_event(unit, join.event_uri)
    if event is None:
        return "absent"
    if event.join_mode == EXTERNAL:
        unit.record(JoinAnswered(join, event.owner_uri, "ignore"))
        return EXTERNAL
    state = await _say_yes(
        unit, event, actor_uri=join.actor_uri, join_uri=join.uri, message=message, waits=waits
    )
    if state != PENDING:
        unit.record(JoinAnswered(join, event.owner_uri, "accept" if state == GOING else "reject"))
    return state


async def receive_yes(unit: Unit, accept: JoinRef, *, waits: bool = False) -> str:
    """Somebody accepted the event itself, as Friendica does; nothing is sent, since nobody there waits for it."""
    event = await lock_event(unit, accept.event_uri)
    if event is None or event.join_mode == EXTERNAL:
        return "absent"
    return await _say_yes(
        unit, event, actor_uri=accept.actor_uri, join_uri=accept.uri, joined=False, waits=waits
    )


async def _say_yes(
    unit: Unit,
    event: Event,
    *,
    actor_uri: str = "",
    account_id: str = "",
    join_uri: str = "",
    message: str = "",
    joined: bool = True,
    waits: bool = False,
) -> str:
    before = await find_answer(unit, event.id, actor_uri=actor_uri, account_id=account_id)
    closed = why_closed(unit.now, event, before)
    is_going = before is not None and before["state"] == GOING
    wants = GOING if is_going or not (waits or event.join_mode == RESTRICTED) else PENDING
    state = REJECTED if closed else wants
    await store_answer(
        unit,
        event,
        state,
        actor_uri=actor_uri,
        account_id=account_id,
        activity_uri=join_uri,
        joined=joined,
        reason=closed,
        message=message[:MESSAGE_MAX],
    )
    return state


async def receive_no(
    unit: Unit, event_uri: str, actor_uri: str, *, state: str, activity_uri: str = ""
) -> bool:
    """Somebody elsewhere does not come (left, declined) or does not know (maybe); False when that is no news."""
    event = await lock_event(unit, event_uri)
    if event is None:
        return False
    before = await find_answer(unit, event.id, actor_uri=actor_uri)
    if state == LEFT and (before is None or before["state"] == LEFT):
        return False
    if before is not None and before["reason"] == BY_STAFF:
        return False
    await store_answer(unit, event, state, actor_uri=actor_uri, activity_uri=activity_uri, joined=False)
    return True


async def answer_here(unit: Unit, event_id: str, account_id: str, *, comes: bool) -> str:
    """A member here said yes or no; returns the state, raises Refusal when there is no place and NotFound."""
    own = await rows.get_own(unit, event_id)
    event = await lock_event(unit, own.uri)
    if event is None:
        raise NotFound
    if not comes:
        await store_answer(unit, event, DECLINED, account_id=account_id, joined=False)
        return DECLINED
    if event.join_mode == EXTERNAL:
        raise Refusal(EXTERNAL, _WHY[EXTERNAL])
    before = await find_answer(unit, event.id, account_id=account_id)
    closed = why_closed(unit.now, event, before)
    if closed:
        raise Refusal(closed, _WHY[closed])
    return await _say_yes(unit, event, account_id=account_id, joined=False)


async def decide(unit: Unit, event_id: str, answer_id: str, *, accepted: bool) -> None:
    """Staff decided about an answer, and the one who asked is told; raises NotFound and Refusal."""
    own = await rows.get_own(unit, event_id)
    event = await lock_event(unit, own.uri)
    row = await unit.row(f"SELECT {_COLUMNS} FROM answer WHERE id = ? AND event_id = ?", answer_id, event_id)
    if event is None or row is None or row["state"] not in (PENDING, GOING, REJECTED):
        raise NotFound("no-answer", "There is no such answer; perhaps it was taken back.")
    closed = why_closed(unit.now, event, {**row, "reason": ""})
    if accepted and closed:
        raise Refusal(closed, _WHY[closed])
    state, reason = (GOING, "") if accepted else (REJECTED, BY_STAFF)
    await unit.execute(
        "UPDATE answer SET state = ?, reason = ?, updated_at = ? WHERE id = ?",
        state,
        reason,
        unit.now,
        answer_id,
    )
    await _recount(unit, event_id)
    if row["joined"]:
        join = JoinRef(row["activity_uri"], row["actor_uri"], event.uri)
        unit.record(JoinAnswered(join, event.owner_uri, "accept" if accepted else "reject"))


async def withdraw(unit: Unit, answer_id: str, actor_uri: str) -> bool:
    """The activity that gave the answer was undone; False when it was none of theirs or is left already."""
    row = await unit.row(
        "SELECT event.uri FROM answer JOIN event ON event.id = answer.event_id "
        "WHERE answer.id = ? AND answer.actor_uri = ?",
        answer_id,
        actor_uri,
    )
    return row is not None and await receive_no(unit, row["uri"], actor_uri, state=LEFT)


async def store_answer(
    unit: Unit,
    event: Event,
    state: str,
    *,
    actor_uri: str = "",
    account_id: str = "",
    activity_uri: str = "",
    joined: bool = True,
    reason: str = "",
    message: str = "",
) -> None:
    """This is what that person says to the event, whatever they said before; places are counted anew."""
    await unit.execute(
        f"INSERT INTO answer ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (event_id, actor_uri, account_id) DO UPDATE SET activity_uri = excluded.activity_uri, "
        "joined = excluded.joined, state = excluded.state, reason = excluded.reason, message = excluded.message, "
        "updated_at = excluded.updated_at",
        unit.new_id(),
        event.id,
        actor_uri,
        account_id,
        activity_uri,
        joined,
        state,
        reason,
        message,
        unit.now,
        unit.now,
    )
    await _recount(unit, event.id)
    if actor_uri:
        await _remember(unit, event, actor_uri, activity_uri if state != LEFT else "")


async def _remember(unit: Unit, event: Event, actor_uri: str, activity_uri: str) -> None:
    """The answering activity, and no earlier one of theirs, can be named by its id in an Undo."""
    row = await find_answer(unit, event.id, actor_uri=actor_uri)
    assert row is not None
    await unit.execute("DELETE FROM known_object WHERE kind = 'answer' AND ref = ?", row["id"])
    if activity_uri:
        local = actor_uri.startswith(f"{unit.settings.origin}/")
        known = Known(
            activity_uri, "answer", row["id"], actor_uri, unit.now, local=local, visibility="direct"
        )
        await know(unit, known)


async def _recount(unit: Unit, event_id: str) -> None:
    # Another server counts for itself who comes to its event: ours who do are only some of them.
    await unit.execute(
        "UPDATE event SET going = (SELECT count(*) FROM answer WHERE answer.event_id = event.id "
        f"AND answer.state = 'going' AND NOT {_HIDDEN}) WHERE id = ? AND local = true",
        event_id,
    )


async def recount_for(unit: Unit, answer_id: str) -> None:
    """Places are counted anew where that answer is: a suspension put it out of sight, or was lifted."""
    row = await unit.row("SELECT event_id FROM answer WHERE id = ?", answer_id)
    if row is not None:
        await _recount(unit, row["event_id"])


async def forget_all(unit: Unit, event_id: str) -> None:
    """Nothing is kept of who answered the event."""
    await unit.execute(
        "DELETE FROM known_object WHERE kind = 'answer' AND ref IN (SELECT id FROM answer WHERE event_id = ?)",
        event_id,
    )
    await unit.execute("DELETE FROM answer WHERE event_id = ?", event_id)


async def forget_answers(unit: Unit, actor_uri: str) -> None:
    """No answer of that actor is kept; places they held are free."""
    found = await unit.rows("SELECT event_id FROM answer WHERE actor_uri = ?", actor_uri)
    await unit.execute("DELETE FROM answer WHERE actor_uri = ?", actor_uri)
    for row in found:
        await _recount(unit, row["event_id"])


async def leave_coming(unit: Unit, account_id: str) -> None:
    """The account here comes to nothing that is still ahead."""
    ahead = await unit.rows(
        "SELECT answer.event_id FROM answer JOIN event ON event.id = answer.event_id WHERE answer.account_id = ? "
        "AND answer.state IN ('going', 'pending') AND event.local = true AND event.start_at > ?",
        account_id,
        unit.now,
    )
    for row in ahead:
        await answer_here(unit, row["event_id"], account_id, comes=False)
