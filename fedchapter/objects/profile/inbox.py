"""What remote actors say of themselves: Update, Delete, Move.

wire.md §2.5, §3.2; operations.md §3 row A8. An actor's own words count when its key signed the request; what came by
way of another server (with a proof) may be an old message sent again, so the actor's server is asked.
"""

from ...actors import ActorFacts, ActorRow, from_document
from ...errors import PeerRefused
from ...federation import Incoming, Outcome, done, handles, ignored
from ...federation.fetch import fetch_actor, fetch_document
from ...house import House
from ...moderation.actions.actors import go_along
from ...store import Unit
from . import service


async def read_update(house: House, incoming: Incoming) -> ActorFacts:
    """What the actor says of itself: from the message, or from its server."""
    uri, document = incoming.activity.actor, incoming.object
    if incoming.relayed or "inbox" not in document:
        document = await fetch_document(house, uri)
    return from_document(document, uri, confirmed_key="" if incoming.relayed else incoming.signed_by)


@handles("Update", "Create", kind="profile", needs=read_update)
async def update(unit: Unit, incoming: Incoming) -> Outcome:
    """An actor changed its profile or its keys."""
    actor = await service.receive_update(unit, incoming.fetched)
    return done(f"{actor.handle} says this of itself now")


async def check_gone(house: House, incoming: Incoming) -> None:
    """A Delete that others passed on is believed when the actor's server agrees; raises PeerRefused."""
    if not incoming.relayed:
        return
    try:
        await fetch_actor(house, incoming.activity.actor)
    except PeerRefused as error:
        if error.code in ("gone", "not-found"):
            return
        raise
    raise PeerRefused("still-there", "somebody passed on that this actor is gone, but it is still there")


@handles("Delete", kind="profile", needs=check_gone)
async def delete(unit: Unit, incoming: Incoming) -> Outcome:
    """An actor is gone for good."""
    if await service.receive_gone(unit, incoming.activity.actor):
        return done("the account is gone; what it posted is being forgotten")
    return ignored("it was gone already")


async def fetch_target(house: House, incoming: Incoming) -> ActorRow | None:
    """The actor moved to, fetched anew; None when nobody here follows the old one. Raises PeerRefused."""
    old, target = incoming.activity.actor, incoming.activity.target
    if incoming.object_uri != old or target is None or target == old:
        raise PeerRefused("move", "an actor can only move itself, to another one")
    if not await service.is_followed_here(house.database, old):
        return None
    if incoming.relayed:
        raise PeerRefused("relayed-move", "a move counts only from the actor's own server")
    new = await fetch_actor(house, target)
    if old not in new.also_known_as.split("\n"):
        raise PeerRefused("not-claimed", f"{new.uri} does not say that it is also known as {old}")
    return new


@handles("Move", kind="profile", needs=fetch_target)
async def move(unit: Unit, incoming: Incoming) -> Outcome:
    """An actor that we follow goes on elsewhere."""
    new: ActorRow | None = incoming.fetched
    if new is None:
        return ignored("nobody here follows that actor")
    if not await service.receive_move(unit, incoming.actor, new):
        return ignored("it moved less than seven days ago")
    # Else a new account would be a way around what was decided: our follow makes it known here.
    await go_along(unit, incoming.actor.uri, new.uri)
    return done(f"our follow goes along to {new.handle}")
