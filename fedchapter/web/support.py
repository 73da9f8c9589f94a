"""Whether the reader supports what a page shows, for the button there (templates/support.html)."""

from starlette.requests import Request

from ..house import house_of
from ..members.handles import person_uri
from .guard import viewer_of


async def is_supporter(request: Request, uri: str) -> bool:
    """Whether whoever is signed in supports the object under their public handle."""
    viewer, house = viewer_of(request), house_of(request)
    own = person_uri(house.settings, viewer.account) if viewer else ""
    if not own:
        return False
    row = await house.database.row(
        "SELECT 1 AS yes FROM reaction WHERE object_uri = ? AND actor_uri = ? AND sort = 'like'", uri, own
    )
    return row is not None
