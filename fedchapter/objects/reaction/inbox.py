"""Likes, shares and their Undo coming in.

wire.md §3.2 (Undo with the activity inside, or by its bare id); operations.md §3 rows A8, C3 (what is not shown cannot
be told apart from what is not here).
"""

from ...federation import Incoming, Outcome, done, handles, ignored
from ...house import House
from ...store import Unit
from ...vocab.read import id_of, type_of
from . import service, wire


async def weigh(house: House, incoming: Incoming) -> str:
    """Why the reaction is not counted, or an empty string."""
    known = incoming.known
    if known is None or known.state != "shown" or known.visibility not in ("public", "unlisted"):
        return "nothing is known here that this is about"
    kind = house.kinds.get(known.kind)
    if kind is None or not kind.takes_reactions:
        return f"a {known.kind} takes no reactions"
    return ""


@handles("Like", "EmojiReact", "Dislike", "Announce", kind="reaction", needs=weigh)
async def react(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody liked or shared something that is known here."""
    obstacle: str = incoming.fetched
    if obstacle:
        return ignored(obstacle)
    if not await service.react(unit, wire.from_activity(incoming.activity)):
        return ignored("counted before, or taken back already")
    return done("counted as a share" if incoming.activity.type == "Announce" else "counted")


@handles("Undo", kind="reaction")
async def undo(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody takes a reaction back."""
    inner = incoming.object
    gone = await service.take_back(
        unit,
        actor_uri=incoming.activity.actor,
        uri=incoming.object_uri,
        object_uri=id_of(inner.get("object")) or "",
        sort=wire.SORTS.get(type_of(inner) or "", ""),
    )
    return done("taken back") if gone else ignored("there was no such reaction; it will not be counted")


@handles("Delete", kind="reaction")
async def delete(unit: Unit, incoming: Incoming) -> Outcome:
    """Some servers delete a like or share where others undo it."""
    gone = await service.take_back(
        unit, actor_uri=incoming.activity.actor, uri=incoming.object_uri, object_uri="", sort=""
    )
    return done("taken back") if gone else ignored("there was no such reaction")
