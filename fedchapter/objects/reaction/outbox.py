"""Nothing leaves when somebody reacts; but the reactions of somebody who is gone are counted no more."""

from ...federation import publishes
from ...store import Unit
from ..profile.draft import PostGone
from . import service


@publishes(PostGone)
async def author_gone(unit: Unit, happening: PostGone) -> None:
    """The like or share of a deleted actor is taken back."""
    known = happening.known
    if known.kind == "reaction":
        await service.take_back(unit, actor_uri=known.owner_uri, uri=known.uri, object_uri="", sort="")
