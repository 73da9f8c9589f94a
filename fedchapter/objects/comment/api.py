"""The `replies` and `context` collections of everything of ours that can be answered.

FEP-7458 (`replies`: direct answers), FEP-7888 (`context`: the whole conversation in the order it was written, owned by
the chapter); operations.md §3 row C3: only what is shown is in them, and the same 404 stands for absent and hidden.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...federation.answers import PAGE, activity_response, collection, page_of, seeks_page, to_page
from ...federation.authorize import check_fetch
from ...house import Door, house_of
from ...members import Permission
from ...store import Known, find_known
from ...web.negotiate import missing
from . import service

_OPEN = "state = 'shown' AND visibility IN ('public', 'unlisted')"
_REPLIES = f"root_uri = ? AND kind = 'comment' AND {_OPEN} AND reply_to_uri = ?"
# Whatever a stranger's clock says, nothing stands before what it answers.
_ROOT_FIRST = "CASE WHEN root_uri = '' THEN 0 ELSE 1 END"
_CONTEXT = f"((root_uri = ? AND kind = 'comment') OR uri = ?) AND {_OPEN}"


async def replies(request: Request) -> Response:
    """Direct answers to one of our objects; a browser is led to its page, where they stand."""
    is_browser = seeks_page(request)
    if not is_browser:
        await check_fetch(request)
    known = await _find(request)
    if known is None:
        return await missing(request, _uri(request))
    if is_browser:
        return to_page(known.uri)
    values = (service.root_of(known), known.uri)
    return activity_response(request, await _pages(request, f"{known.uri}/replies", _REPLIES, values))


async def context(request: Request) -> Response:
    """The conversation under one of our objects; that of a comment is its root's, where that is ours."""
    is_browser = seeks_page(request)
    if not is_browser:
        await check_fetch(request)
    known = await _find(request)
    if known is None:
        return await missing(request, _uri(request))
    if is_browser:
        return to_page(known.uri)
    root = service.root_of(known)
    if root != known.uri and root.startswith(f"{house_of(request).settings.origin}/"):
        return RedirectResponse(f"{root}/context", 303)
    document = await _pages(request, f"{known.uri}/context", _CONTEXT, (root, root))
    return activity_response(request, document | {"attributedTo": known.owner_uri})


def _uri(request: Request) -> str:
    return house_of(request).settings.uri(request.path_params["place"], request.path_params["id"])


async def _find(request: Request) -> Known | None:
    house = house_of(request)
    known = await find_known(house.database, _uri(request))
    if known is None or not known.local or known.state != service.SHOWN:
        return None
    kind = house.kinds.get(known.kind)
    if known.visibility not in service.OPEN or kind is None or not kind.takes_comments:
        return None
    return known


async def _pages(request: Request, this: str, where: str, values: tuple[str, ...]) -> dict[str, Any]:
    database = house_of(request).database
    row = await database.row(f"SELECT count(*) AS total FROM known_object WHERE {where}", *values)
    total = int(row["total"]) if row else 0
    wanted = request.query_params.get("page", "")
    if not wanted:
        return collection(this, total)
    number = (
        max(1, min(int(wanted), 10_000)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 1
    )
    rows = await database.rows(
        f"SELECT uri FROM known_object WHERE {where} ORDER BY {_ROOT_FIRST}, published_at, uri LIMIT ? OFFSET ?",
        *values,
        PAGE,
        (number - 1) * PAGE,
    )
    more = f"{this}?page={number + 1}" if number * PAGE < total else None
    return page_of(this, f"page={number}", [row["uri"] for row in rows], total=total, next_url=more)


def doors() -> list[Door]:
    """For every place where objects of ours live: announcements, events, proposals, comments."""
    return [
        Door("/{place}/{id}/replies", replies, Permission.ANYONE),
        Door("/{place}/{id}/context", context, Permission.ANYONE),
    ]
