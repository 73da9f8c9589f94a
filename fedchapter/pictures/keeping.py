"""How long small pictures of other servers are kept, and that they go with the posts that list them."""

from collections.abc import Sequence

from ..store import Known, Unit
from ..store.retention import Kept, forgets
from ..words import mark
from .rows import drop, find_of

KEPT = (
    Kept(
        "remote-pictures",
        mark("Pictures of other servers"),
        mark("Small copies, so that no other server learns who reads what here."),
        ("remote_picture",),
        until=mark("until nobody has looked for a week, or their post is hidden or deleted"),
        count="SELECT count(*) AS total FROM remote_picture WHERE state = 'kept'",
        folder=lambda settings: settings.data / "remote-pictures",
    ),
)


@forgets
async def forget_pictures(unit: Unit, known: Sequence[Known]) -> None:
    """The pictures of these posts are gone with them."""
    for one in known:
        await drop(unit, await find_of(unit, one.uri))
