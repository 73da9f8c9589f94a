"""`likes` and `shares` of what is ours: the number, never the names.

ActivityPub §5.7, §5.8; operations.md §3 row C3 (the same 404 for absent and hidden).
"""

from starlette.requests import Request
from starlette.responses import Response

from ...federation.answers import activity_response, counted_only, page_of, seeks_page, to_page
from ...federation.authorize import check_fetch
from ...house import Door, house_of
from ...members import Permission
from ...store import find_known
from ...web.negotiate import missing


async def likes(request: Request) -> Response:
    """How many likes one of our objects has."""
    return await _counted(request, "likes")


async def shares(request: Request) -> Response:
    """How often one of our objects was shared."""
    return await _counted(request, "shares")


async def _counted(request: Request, name: str) -> Response:
    is_browser = seeks_page(request)
    if not is_browser:
        await check_fetch(request)
    house = house_of(request)
    uri = house.settings.uri(request.path_params["place"], request.path_params["id"])
    known = await find_known(house.database, uri)
    kind = house.kinds.get(known.kind) if known else None
    if known is None or not known.local or kind is None or not kind.takes_reactions:
        return await missing(request, uri)
    if known.state != "shown" or known.visibility not in ("public", "unlisted"):
        return await missing(request, uri)
    if is_browser:
        return to_page(uri)
    total = known.likes if name == "likes" else known.boosts
    this = f"{uri}/{name}"
    if "page" in request.query_params:
        return activity_response(request, page_of(this, "page=1", [], total=total, next_url=None))
    return activity_response(request, counted_only(this, total))


def doors() -> list[Door]:
    """For every place where objects of ours live."""
    return [
        Door("/{place}/{id}/likes", likes, Permission.ANYONE),
        Door("/{place}/{id}/shares", shares, Permission.ANYONE),
    ]
