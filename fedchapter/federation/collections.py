"""The collections of our actors: outbox, followers, following, featured, and those that Mobilizon wants.

wire.md §1.7, §2.5 (featured: URIs); events.md §1.2, §1.6 (Mobilizon backfills from the outbox and stops at the first
missing collection). Who follows is not disclosed: the count only.
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..actors import ActorRow, actor_document, find_own
from ..errors import NotFound
from ..house import House, house_of
from ..store import is_id
from ..store.kinds import Reads, find_tombstone
from .answers import (
    PAGE,
    activity_response,
    collection,
    counted_only,
    page_of,
    seeks_page,
    to_page,
    tombstone_response,
    whole,
)
from .authorize import check_fetch

EMPTY = frozenset({"members", "resources", "todos", "discussions"})
LISTED = {"posts": ("announcement", "proposal"), "events": ("event",)}
COLLECTIONS = frozenset({"followers", "following", "featured", "outbox", *EMPTY, *LISTED})


async def local_actor(house: House, uri: str) -> ActorRow:
    """One of our actors that is not closed; raises NotFound."""
    actor = await find_own(house.database, uri)
    if actor is None:
        raise NotFound
    return actor


async def actor_response(request: Request, uri: str) -> Response:
    """The document of one of our actors; 410 with a Tombstone for one that is closed."""
    house = house_of(request)
    if uri != house.settings.server_uri:
        await check_fetch(request)
    closed = await find_tombstone(house.database, uri)
    if closed is not None:
        deleted = closed["deleted_at"].strftime("%Y-%m-%dT%H:%M:%SZ")
        return tombstone_response(request, uri, closed["former_type"], deleted)
    actor = await local_actor(house, uri)
    keys = await house.keyring.get(uri)
    return activity_response(request, actor_document(actor, keys, origin=house.settings.origin))


async def server_actor(request: Request) -> Response:
    """The server's Application actor, always open (FEP-d556)."""
    return await actor_response(request, house_of(request).settings.server_uri)


async def show(request: Request) -> Response:
    """Any collection of one of our actors; a browser is led to the page about the actor."""
    house = house_of(request)
    name = request.path_params["collection"]
    username = request.path_params.get("username")
    uri = house.settings.uri(f"@{username}") if username else house.settings.server_uri
    is_browser = seeks_page(request)
    if not is_browser:
        await check_fetch(request)
    await local_actor(house, uri)
    if name not in COLLECTIONS:
        raise NotFound
    if is_browser:
        return to_page(uri if username else house.settings.uri("about"))
    return activity_response(request, await _document(house, uri, name, request))


async def _document(house: House, uri: str, name: str, request: Request) -> dict[str, Any]:
    this = f"{uri}/{name}"
    if name in ("followers", "following"):
        return counted_only(this, await count_follows(house, uri, name))
    if name == "featured":
        return whole(this, await pinned(house, uri))
    if name in EMPTY:
        return whole(this, [])
    if name in LISTED:
        return await _listed(house, uri, this, LISTED[name], request)
    return await _outbox(house, uri, this, request)


async def count_follows(house: House, uri: str, name: str) -> int:
    """How many accepted followers (or followed) an actor has."""
    column = "followed_uri" if name == "followers" else "follower_uri"
    row = await house.database.row(
        f"SELECT count(*) AS total FROM follow WHERE {column} = ? AND state = 'accepted'", uri
    )
    return int(row["total"]) if row else 0


async def pinned(house: House, uri: str) -> list[str]:
    """The ids of what the actor pinned, newest pin first."""
    rows = await house.database.rows(
        "SELECT uri FROM known_object WHERE owner_uri = ? AND kind = 'announcement' AND pinned_at IS NOT NULL "
        "AND state = 'shown' ORDER BY pinned_at DESC LIMIT 20",
        uri,
    )
    return [row["uri"] for row in rows]


async def _listed(
    house: House, uri: str, this: str, kinds: tuple[str, ...], request: Request
) -> dict[str, Any]:
    clause = " OR ".join("kind = ?" for _ in kinds)
    where = f"owner_uri = ? AND ({clause}) AND state = 'shown' AND visibility = 'public'"
    row = await house.database.row(f"SELECT count(*) AS total FROM known_object WHERE {where}", uri, *kinds)
    total = int(row["total"]) if row else 0
    if "page" not in request.query_params:
        return collection(this, total)
    rows = await house.database.rows(
        f"SELECT uri FROM known_object WHERE {where} ORDER BY sort_at DESC LIMIT {PAGE}", uri, *kinds
    )
    return page_of(this, "page=1", [row["uri"] for row in rows], total=total, next_url=None)


# What moderators hid is in no collection, and no activity that brought it is given out either.
_HIDDEN = (
    "EXISTS (SELECT 1 FROM known_object WHERE known_object.uri = outbox_item.object_uri "
    "AND known_object.state = 'hidden')"
)


async def is_hidden(reads: Reads, uri: str) -> bool:
    """Whether moderators hid what is at that URI."""
    statement = "SELECT 1 AS yes FROM known_object WHERE uri = ? AND state = 'hidden'"
    return await reads.row(statement, uri) is not None


async def _outbox(house: House, uri: str, this: str, request: Request) -> dict[str, Any]:
    where = f"actor_uri = ? AND access = 'public' AND verb IN ('Create', 'Announce') AND NOT {_HIDDEN}"
    row = await house.database.row(f"SELECT count(*) AS total FROM outbox_item WHERE {where}", uri)
    total = int(row["total"]) if row else 0
    before = request.query_params.get("before", "")
    if "page" not in request.query_params and not before:
        return collection(this, total)
    clause, values = ("AND id < ?", [before]) if is_id(before) else ("", [])
    rows = await house.database.rows(
        f"SELECT id, body FROM outbox_item WHERE {where} {clause} ORDER BY id DESC LIMIT {PAGE}", uri, *values
    )
    following = f"{this}?before={rows[-1]['id']}" if len(rows) == PAGE else None
    items = [_without_context(msgspec.json.decode(row["body"])) for row in rows]
    return page_of(this, f"before={before}" if before else "page=1", items, total=total, next_url=following)


def _without_context(activity: dict[str, Any]) -> dict[str, Any]:
    # A proof covers its own @context, so what carries one is given whole.
    return (
        activity if "proof" in activity else {name: v for name, v in activity.items() if name != "@context"}
    )
