"""Follow activities coming in.

operations.md §3 row A9; wire.md §3.2.
"""

from ...actors import find_actor
from ...errors import PeerRefused
from ...federation import Incoming, Outcome, done, handles, ignored
from ...store import Unit
from ...vocab.read import id_of
from . import service


@handles("Follow", kind="follow")
async def follow(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody wants to follow one of our actors."""
    followed = await find_actor(unit, incoming.object_uri)
    if followed is None or not followed.local or followed.state != "active":
        return ignored("the followed actor is not here")
    state = await service.receive_follow(
        unit, incoming.actor, followed, incoming.activity.id or "", waits=incoming.verdict.holds
    )
    return done("accepted as a follower" if state == service.ACCEPTED else "waits for an admin's approval")


@handles("Accept", "Reject", "TentativeAccept", kind="follow")
async def answer(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody we asked to follow said yes or no."""
    accepted = incoming.activity.type == "Accept"
    if incoming.activity.type == "TentativeAccept":
        return ignored("they will decide later")
    state = await service.receive_answer(
        unit, incoming.activity.actor, incoming.object_uri, accepted=accepted
    )
    if state is None:
        raise PeerRefused("not-asked", "this answers no Follow that we sent to them")
    return done("they accepted our follow" if accepted else "they do not accept our follow")


@handles("Undo", kind="follow")
async def undo(unit: Unit, incoming: Incoming) -> Outcome:
    """A follower leaves, or a block is lifted."""
    inner = incoming.object
    if inner.get("type") == "Block":
        return ignored("a lifted block changes nothing here")
    followed = id_of(inner.get("object")) or await _followed(unit, incoming.object_uri)
    actor = incoming.activity.actor
    if followed and await service.receive_withdrawal(unit, actor, followed, incoming.object_uri):
        return done("follows no longer")
    return ignored("was not a follower, or follows anew")


async def _followed(unit: Unit, follow_uri: str) -> str:
    row = await unit.row("SELECT followed_uri FROM follow WHERE uri = ?", follow_uri)
    return row["followed_uri"] if row else ""


@handles("Block", kind="follow")
async def block(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody blocks one of our actors: nothing goes to them any more."""
    blocked = await find_actor(unit, incoming.object_uri)
    if blocked is None or not blocked.local:
        return ignored("the blocked actor is not here")
    await service.receive_block(unit, incoming.activity.actor, blocked.uri)
    return done("they blocked us; follows between us have ended")
