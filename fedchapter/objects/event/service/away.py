"""What members answer to events of other chapters, under their public handles.

events.md §1.1, §1.6 (a Join waits for the organizers' word: Mobilizon answers nothing when it is full, so until then it
is "no answer", never "going"). Whose handle it is leaves with nothing.
"""

from ....actors import ActorRow, find_actor
from ....errors import NotFound, Refusal
from ....store import Known, Unit, find_known
from ....store.kinds import Reads
from ..draft import FREE, RESTRICTED, Event, JoinAsked, JoinDecided, JoinLeft, JoinRef
from . import rows
from .answers import BY_STAFF, GOING, LEFT, MAYBE, MESSAGE_MAX, PENDING, REJECTED, find_answer, store_answer

JOINED = (FREE, RESTRICTED)
VERDICTS = {"Accept": GOING, "TentativeAccept": MAYBE, "Reject": REJECTED, "Ignore": REJECTED}


def takes_joins(event: Event) -> bool:
    """Whether the event's own server collects answers, as far as it says."""
    return not event.local and event.join_mode in JOINED


async def get_away(reads: Reads, event_id: str) -> Event:
    """An event of another server that is shown here; raises NotFound."""
    event = await rows.find_event(reads, event_id)
    known = await find_known(reads, event.uri) if event else None
    if event is None or event.local or known is None or known.state != "shown":
        raise NotFound
    return event


async def ask(unit: Unit, event_id: str, person_uri: str, *, message: str = "") -> None:
    """The person has asked to come, and waits for the organizers' word; asking again changes nothing.

    Raises NotFound, and Refusal when the event is over, cancelled or takes no answers.
    """
    event = await get_away(unit, event_id)
    if not takes_joins(event):
        raise Refusal("no-joins", "The organizers of this event collect answers elsewhere. Open it there.")
    if event.cancelled or rows.ends_at(event) <= unit.now:
        raise Refusal("over", "This event is over or cancelled.")
    before = await find_answer(unit, event.id, actor_uri=person_uri)
    if before is not None and before["state"] in (GOING, PENDING):
        return
    if before is not None and before["reason"] == BY_STAFF:
        raise Refusal("staff", "The organizers said no to this answer.")
    uri = unit.settings.uri("activities", unit.new_id())
    await store_answer(unit, event, PENDING, actor_uri=person_uri, activity_uri=uri)
    unit.record(JoinAsked(JoinRef(uri, person_uri, event.uri), event.owner_uri, message[:MESSAGE_MAX]))


async def withdraw(unit: Unit, event_id: str, person_uri: str) -> None:
    """The person does not come any more; nothing is sent when they never asked. Raises NotFound."""
    event = await get_away(unit, event_id)
    before = await find_answer(unit, event.id, actor_uri=person_uri)
    if before is None or before["state"] == LEFT:
        return
    await store_answer(unit, event, LEFT, actor_uri=person_uri, reason=before["reason"])
    unit.record(JoinLeft(JoinRef(before["activity_uri"], person_uri, event.uri), event.owner_uri))


async def receive_verdict(unit: Unit, known: Known, actor: ActorRow, verb: str) -> str | None:
    """The organizers answered our Join; returns the new state, or None when it is not theirs to answer.

    For a group's event a moderator of the same server may answer (events.md §1.1); for a person's nobody else.
    """
    row = await unit.row("SELECT event_id, actor_uri, state FROM answer WHERE id = ?", known.ref)
    event = await rows.find_event(unit, row["event_id"]) if row else None
    if row is None or event is None or event.local or not await _decides(unit, event, actor):
        return None
    if row["state"] == LEFT:
        return LEFT
    state = VERDICTS[verb]
    reason = BY_STAFF if verb == "Reject" else ""
    await store_answer(unit, event, state, actor_uri=row["actor_uri"], activity_uri=known.uri, reason=reason)
    if state != row["state"]:
        unit.record(JoinDecided(event.id, event.title, row["actor_uri"], state))
    return state


async def _decides(reads: Reads, event: Event, actor: ActorRow) -> bool:
    if actor.uri == event.owner_uri:
        return True
    owner = await find_actor(reads, event.owner_uri)
    return owner is not None and owner.type == "Group" and owner.host == actor.host
