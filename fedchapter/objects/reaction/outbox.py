"""What leaves when a person of ours likes something: a word to whoever published it, and to nobody else.

When somebody is gone, their reactions are counted no more, and nothing leaves.
"""

from ...federation import Audience, publish, publishes
from ...moderation.turning import BackInView, TakenFromView
from ...store import Unit
from ..profile.draft import PostGone
from . import service, wire
from .draft import Liked, LikeUndone


@publishes(Liked)
async def liked(unit: Unit, happening: Liked) -> None:
    """Like to the author."""
    audience = Audience(actors=(happening.owner_uri,))
    await publish(unit, wire.to_like(happening), audience, kind="reaction", access="by-id")


@publishes(LikeUndone)
async def undone(unit: Unit, happening: LikeUndone) -> None:
    """Undo{Like} to the author."""
    audience = Audience(actors=(happening.like.owner_uri,))
    await publish(unit, wire.to_undo(happening.like), audience, kind="reaction", access="by-id")


@publishes(TakenFromView)
async def hidden(unit: Unit, happening: TakenFromView) -> None:
    """Nothing leaves; a reaction of somebody suspended is not counted."""
    if happening.known.kind == "reaction":
        await service.recount(unit, happening.known.ref, -1)


@publishes(BackInView)
async def back(unit: Unit, happening: BackInView) -> None:
    """Nothing leaves; it is counted again."""
    if happening.known.kind == "reaction":
        await service.recount(unit, happening.known.ref, 1)


@publishes(PostGone)
async def author_gone(unit: Unit, happening: PostGone) -> None:
    """The like or share of a deleted actor is taken back."""
    known = happening.known
    if known.kind == "reaction":
        await service.take_back(unit, actor_uri=known.owner_uri, uri=known.uri, object_uri="", sort="")
