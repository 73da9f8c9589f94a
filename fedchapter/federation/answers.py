"""Responses with ActivityPub documents: exact media type, caching that differs by who asks, collections in pages.

wire.md §7.1 (200 with application/activity+json, Vary), §1.7 (collections need totalItems and first); ActivityStreams
§5 (collections).
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..house import house_of
from ..vocab.context import ACTIVITY_JSON, compact, wants_page, with_context
from .authorize import needs_signer

PAGE = 20
VARY = "Accept, Signature"


def activity_response(request: Request, document: dict[str, Any], status: int = 200) -> Response:
    """The document as application/activity+json."""
    shared = "private, max-age=0" if needs_signer(house_of(request)) else "public, max-age=60"
    return Response(
        msgspec.json.encode(document),
        status,
        {"Vary": VARY, "Cache-Control": "no-store" if status >= 400 else shared},
        media_type=ACTIVITY_JSON,
    )


def seeks_page(request: Request) -> bool:
    """Whether a browser asks: where there is only a document, it is led to the page that the document is about.

    Pages are for everybody, so ask this before `authorize.check_fetch`, which is about documents.
    """
    return wants_page(request.headers.get("accept", "*/*"))


def to_page(url: str) -> Response:
    """The way to a page, for whoever seeks one."""
    return RedirectResponse(url, 303, {"Vary": VARY})


def raw_response(request: Request, body: str) -> Response:
    """Stored bytes, as they were sent."""
    return Response(
        body, 200, {"Vary": VARY, "Cache-Control": "private, max-age=0"}, media_type=ACTIVITY_JSON
    )


def tombstone_response(request: Request, uri: str, former_type: str, deleted: str) -> Response:
    """410 Gone with a Tombstone, for good (events.md §1.2: Mobilizon deletes only on 410)."""
    document = {"id": uri, "type": "Tombstone", "formerType": former_type or None, "deleted": deleted}
    return activity_response(request, with_context(document), 410)


def collection(uri: str, total: int, *, first: bool = True) -> dict[str, Any]:
    """An OrderedCollection that only counts and points to its first page."""
    document: dict[str, Any] = {"id": uri, "type": "OrderedCollection", "totalItems": total}
    if first:
        document["first"] = f"{uri}?page=1"
    return with_context(document)


def counted_only(uri: str, total: int) -> dict[str, Any]:
    """A collection whose members are not disclosed: the count, and a first page that is empty."""
    page = {"id": f"{uri}?page=1", "type": "OrderedCollectionPage", "partOf": uri, "totalItems": total}
    return with_context({"id": uri, "type": "OrderedCollection", "totalItems": total, "first": page["id"]})


def page_of(uri: str, this: str, items: Sequence[Any], *, total: int, next_url: str | None) -> dict[str, Any]:
    """One page; an empty one keeps its empty list, which readers expect."""
    document = compact(
        {
            "id": f"{uri}?{this}",
            "type": "OrderedCollectionPage",
            "partOf": uri,
            "totalItems": total,
            "next": next_url,
        }
    )
    return {**with_context(document), "orderedItems": list(items)}


def whole(uri: str, items: Sequence[Any]) -> dict[str, Any]:
    """A short collection with all its items inline."""
    return {
        **with_context({"id": uri, "type": "OrderedCollection", "totalItems": len(items)}),
        "orderedItems": list(items),
    }
