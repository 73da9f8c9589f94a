"""Likes, shares and their Undo coming in.

wire.md §3.2 (Undo with the activity inside, or by its bare id); operations.md §3 rows A8, C3 (what is not shown cannot
be told apart from what is not here).
"""

from dataclasses import dataclass

from ...federation import Incoming, Outcome, done, handles, ignored
from ...house import House
from ...policy import Verdict, decide
from ...store import Unit
from ...vocab.read import id_of, type_of
from . import service, wire


@dataclass(frozen=True, slots=True)
class Weighed:
    """Why the reaction is not counted (or an empty string), and what the policy says of the actor."""

    obstacle: str
    verdict: Verdict


async def weigh(house: House, incoming: Incoming) -> Weighed:
    """Everything about a reaction that can be known before the transaction."""
    verdict = await decide(
        house.database, house.marks, incoming.actor, chapter_uri=house.settings.chapter_uri
    )
    known = incoming.known
    if known is None or known.state != "shown" or known.visibility not in ("public", "unlisted"):
        return Weighed("nothing is known here that this is about", verdict)
    kind = house.kinds.get(known.kind)
    if kind is None or not kind.takes_reactions:
        return Weighed(f"a {known.kind} takes no reactions", verdict)
    return Weighed("", verdict)


@handles("Like", "EmojiReact", "Dislike", "Announce", kind="reaction", needs=weigh)
async def react(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody liked or shared something that is known here."""
    weighed: Weighed = incoming.fetched
    if weighed.obstacle:
        return ignored(weighed.obstacle)
    if weighed.verdict.decision == "refuse":
        return Outcome("refused", weighed.verdict.reason)
    if weighed.verdict.rule == "marked-hold":
        return ignored(f"not counted: {weighed.verdict.reason}")
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
