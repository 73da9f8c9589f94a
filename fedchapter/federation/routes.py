"""The doors of federation: inboxes, actors' collections, activities by id, discovery.

Objects have their own doors in their type's pages; the chapter's actor is answered by the profile page (one URL, HTML
or activity+json).
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound
from ..house import Door, house_of
from ..members.permissions import Permission
from ..vocab.context import wants_activity
from ..vocab.read import ids_of
from .answers import raw_response, to_page
from .authorize import check_addressed, check_fetch
from .collections import is_hidden, server_actor, show
from .discovery import host_meta, nodeinfo, nodeinfo_links, webfinger
from .receive import inbox


async def server(request: Request) -> Response:
    """The server actor; a browser is led to the page about the chapter."""
    if wants_activity(request.headers.get("accept", "*/*")):
        return await server_actor(request)
    return to_page("/about")


async def activity(request: Request) -> Response:
    """An activity we sent, byte for byte (peers.md: PieFed fetches ids); non-public ones only to whom they went."""
    house = house_of(request)
    uri = house.settings.uri("activities", request.path_params["id"])
    row = await house.database.row("SELECT body, access, object_uri FROM outbox_item WHERE uri = ?", uri)
    if row is None or not row["body"] or await is_hidden(house.database, row["object_uri"]):
        raise NotFound
    if row["access"] == "addressed":
        document = msgspec.json.decode(row["body"])
        await check_addressed(request, {*ids_of(document.get("to")), *ids_of(document.get("cc"))})
    await check_fetch(request)
    if not wants_activity(request.headers.get("accept", "*/*")) and row["object_uri"].startswith(
        house.settings.origin
    ):
        return to_page(row["object_uri"])
    return raw_response(request, row["body"])


def doors() -> list[Door]:
    """All of them."""
    anyone, peer = Permission.ANYONE, Permission.PEER
    return [
        Door("/inbox", inbox, peer, methods=("POST",)),
        Door("/actor/inbox", inbox, peer, methods=("POST",)),
        Door("/@{username}/inbox", inbox, peer, methods=("POST",)),
        Door("/actor", server, anyone),
        Door("/actor/{collection}", show, anyone),
        Door("/@{username}/{collection}", show, anyone),
        Door("/activities/{id}", activity, anyone),
        Door("/.well-known/webfinger", webfinger, anyone),
        Door("/.well-known/host-meta", host_meta, anyone),
        Door("/.well-known/host-meta.json", host_meta, anyone),
        Door("/.well-known/nodeinfo", nodeinfo_links, anyone),
        Door("/nodeinfo/{version}", nodeinfo, anyone),
    ]
