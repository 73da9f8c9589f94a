"""Events and answers coming in.

events.md §1.1–1.6; operations.md §3 rows A5, A7, A8 are the core's. What people write with an answer is erased.
"""

from ...errors import PeerRefused
from ...federation import Incoming, Outcome, done, handles, held, ignored
from ...federation.origin import author_of
from ...policy.facts import STRANGER
from ...store import Unit
from ...store.kinds import change
from ...vocab.read import id_of, ids_of
from ...vocab.uris import is_public, same_origin
from . import wire
from .draft import JoinRef
from .service import answers, away, remote

_SAID = {
    answers.GOING: "comes to an event",
    answers.PENDING: "waits for the organizers' answer",
    answers.REJECTED: "was told that it is full, over or cancelled",
    "external": "was told that answers are collected elsewhere",
}

_KEPT = {
    "new": done("a new event"),
    "changed": done("the event has changed"),
    "old": ignored("we have a newer version of the event"),
    "gone": ignored("the event was deleted before"),
}


@handles("Create", "Update", kind="event")
async def written(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody published or changed an event."""
    if not _is_public(incoming):
        return ignored("the event is not public")
    if incoming.known is None and incoming.verdict.relation == STRANGER:
        return ignored("an event of somebody whom nobody here follows")
    return await _keep(unit, incoming, owner_uri=incoming.actor.uri)


@handles("Announce", kind="event")
async def announced(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody we follow shows us an event; the object was fetched from its own server."""
    if incoming.known is not None:
        shared = await remote.share_event(unit, incoming.known.uri, incoming.actor.uri)
        return done("the event is on the home page now") if shared else ignored("the event is known already")
    if not _is_public(incoming):
        return ignored("the event is not public")
    owner = author_of(incoming.object)
    assert owner is not None
    shared_by = "" if owner == incoming.actor.uri else incoming.actor.uri
    return await _keep(unit, incoming, owner_uri=owner, shared_by=shared_by)


async def _keep(unit: Unit, incoming: Incoming, *, owner_uri: str, shared_by: str = "") -> Outcome:
    told = wire.from_event(incoming.object)
    kept = await remote.keep_event(unit, told, owner_uri=owner_uri, shared_by=shared_by)
    if kept == "new" and incoming.verdict.holds:
        await change(unit, told.uri, state="held")
        return held(incoming.verdict.reason)
    return _KEPT[kept]


def _is_public(incoming: Incoming) -> bool:
    # FEP-8a8e: a public calendar lists only what is addressed to everybody; WordPress names that in `to` or `cc`.
    object_ = incoming.object
    return incoming.public or any(
        is_public(uri) for uri in (*ids_of(object_.get("to")), *ids_of(object_.get("cc")))
    )


@handles("Delete", kind="event")
async def deleted(unit: Unit, incoming: Incoming) -> Outcome:
    """An event is gone: as a Tombstone, as the whole event (Gancio) or as a bare id."""
    uri = incoming.known.uri if incoming.known else incoming.object_uri
    if not uri or not same_origin(uri, incoming.activity.actor):
        raise PeerRefused("not-owner", "the event is not on the sender's server")
    had = await remote.drop_event(unit, uri, owner_uri=incoming.actor.uri)
    return done("the event is gone") if had else done("an event we did not have will be ignored if it comes")


@handles("Join", kind="event", erases=True)
async def join(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody wants to come to one of our events."""
    state = await answers.receive_join(
        unit,
        _ref(incoming),
        message=wire.message_of(incoming.activity.raw),
        waits=incoming.verdict.holds,
    )
    return done(_SAID[state]) if state in _SAID else ignored("the event is not ours")


@handles("Accept", kind="event", erases=True)
async def accepted(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody comes, said with an Accept of the event itself (Friendica, gathio)."""
    state = await answers.receive_yes(unit, _ref(incoming), waits=incoming.verdict.holds)
    return done(_SAID[state]) if state in _SAID else ignored("no answer is taken for that event here")


@handles("TentativeAccept", "Reject", kind="event", erases=True)
async def undecided(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody does not come, or does not know yet."""
    state = answers.DECLINED if incoming.activity.type == "Reject" else answers.MAYBE
    ref = _ref(incoming)
    if await answers.receive_no(unit, ref.event_uri, ref.actor_uri, state=state, activity_uri=ref.uri):
        return done("does not come" if state == answers.DECLINED else "may come")
    return ignored("that changes nothing")


@handles("Leave", kind="event", erases=True)
async def leave(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody takes a Join back."""
    ref = _ref(incoming)
    if await answers.receive_no(unit, ref.event_uri, ref.actor_uri, state=answers.LEFT):
        return done("does not come any more")
    return ignored("had not said that they come")


@handles("Undo", kind="answer", erases=True)
async def undone(unit: Unit, incoming: Incoming) -> Outcome:
    """An answer is taken back, named by its id or given whole."""
    actor_uri = incoming.activity.actor
    if incoming.known is not None:
        left = await answers.withdraw(unit, incoming.known.ref, actor_uri)
    else:
        event_uri = id_of(incoming.object.get("object")) or ""
        left = await answers.receive_no(unit, event_uri, actor_uri, state=answers.LEFT)
    return done("does not come any more") if left else ignored("had not said that they come")


_VERDICTS = {
    answers.GOING: done("they say that our person comes"),
    answers.MAYBE: done("they will decide later"),
    answers.REJECTED: done("they say no to our person, or take no answers"),
}


@handles("Accept", "Reject", "TentativeAccept", "Ignore", kind="answer", erases=True)
async def decided(unit: Unit, incoming: Incoming) -> Outcome:
    """The organizers of an event elsewhere answer a person of ours who asked to come."""
    known = incoming.known
    if known is None or not known.local:
        return ignored("nobody here sent the Join that this answers")
    state = await away.receive_verdict(unit, known, incoming.actor, incoming.activity.type)
    if state is None:
        raise PeerRefused("not-organizer", "this answers a Join that was not sent to them")
    return _VERDICTS.get(state) or ignored("our person had taken that back already")


def _ref(incoming: Incoming) -> JoinRef:
    return JoinRef(incoming.activity.id or "", incoming.activity.actor, incoming.object_uri)
