"""What leaves when a person of ours likes something: a word to whoever published it, and to nobody else.

When somebody is gone, their reactions are counted no more, and nothing leaves.
"""

from ...federation import Audience, publish, publishes
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


@publishes(PostGone)
async def author_gone(unit: Unit, happening: PostGone) -> None:
    """The like or share of a deleted actor is taken back."""
    known = happening.known
    if known.kind == "reaction":
        await service.take_back(unit, actor_uri=known.owner_uri, uri=known.uri, object_uri="", sort="")
