"""One address, two forms: the page for people, the object for servers; told apart by Accept.

wire.md §7.1 (Vary), §2.5 (Link header for search by URL); operations.md §3 row C3 (the same 404 for absent and hidden).
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, Refusal
from ..federation.answers import activity_response, tombstone_response
from ..federation.authorize import check_fetch
from ..house import house_of
from ..store.kinds import find_tombstone
from ..vocab.context import ACTIVITY_JSON, wants_activity
from .render import PAGE_VARY

MakesPage = Callable[[], Awaitable[Response]]
MakesDocument = Callable[[], Awaitable[dict[str, Any]]]


class Gone(Refusal):
    """It was here, and was deleted for good."""

    status = 410

    def __init__(self) -> None:
        super().__init__("gone", "This was deleted by whoever published it.")


async def respond(request: Request, uri: str, *, page: MakesPage, document: MakesDocument) -> Response:
    """The page or the object, whichever Accept prefers; only the chosen one is made."""
    if wants_activity(request.headers.get("accept", "*/*")):
        await check_fetch(request)
        return activity_response(request, await document())
    response = await page()
    response.headers["Vary"] = f"{PAGE_VARY}, Signature"
    response.headers["Link"] = f'<{uri}>; rel="alternate"; type="{ACTIVITY_JSON}"'
    return response


async def missing(request: Request, uri: str) -> Response:
    """The answer for something that is not here: 410 with its Tombstone if it was deleted, else NotFound."""
    tombstone = await find_tombstone(house_of(request).database, uri)
    if tombstone is None:
        raise NotFound
    if not wants_activity(request.headers.get("accept", "*/*")):
        raise Gone
    deleted = tombstone["deleted_at"].strftime("%Y-%m-%dT%H:%M:%SZ")
    return tombstone_response(request, uri, tombstone["former_type"], deleted)
