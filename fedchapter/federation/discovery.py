"""How others find us: WebFinger, host-meta and NodeInfo.

Sources: RFC 7033; RFC 6415; FEP-d556 (server actor by WebFinger), FEP-2677 (by NodeInfo), FEP-2c59, FEP-3b86
(intents); wire.md §1.7 (exact self link), §2.7 (client-side look-ups need CORS *), §4 (NodeInfo 2.0 and 2.1).
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .. import __version__
from ..actors import ActorRow, find_actor, find_actor_by_handle
from ..errors import NotFound
from ..house import House, house_of
from ..vocab.context import ACTIVITY_JSON
from ..vocab.uris import UriError, to_hostname

CORS = {"Access-Control-Allow-Origin": "*"}
SERVICE = "https://www.w3.org/ns/activitystreams#Service"
APPLICATION = "https://www.w3.org/ns/activitystreams#Application"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
INTENTS = "https://w3id.org/fep/3b86/"
_SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"


async def webfinger(request: Request) -> Response:
    """The descriptor of one of our actors, asked for by acct:, actor address or the bare origin."""
    house = house_of(request)
    resource = request.query_params.get("resource", "")
    if not resource:
        body = {"error": "ask with ?resource=acct:name@host"}
        return JSONResponse(body, 400, CORS)
    actor = await _find(house, resource)
    if actor is None:
        return JSONResponse({"error": "nobody of that name is here"}, 404, CORS)
    if actor.state != "active":
        # wire.md §1.7: 410 says that the account is gone for good.
        return JSONResponse({"error": "who had that name is gone"}, 410, CORS)
    return _jrd(descriptor(house, actor))


async def _find(house: House, resource: str) -> ActorRow | None:
    settings = house.settings
    if resource.rstrip("/") == settings.origin:
        return await find_actor(house.database, settings.server_uri)
    if resource.startswith(("https://", "http://")):
        found = await find_actor(house.database, resource)
        return found if found and found.local else None
    username, _, host = resource.removeprefix("acct:").removeprefix("@").partition("@")
    if not username or _host(host) != settings.domain:
        return None
    found = await find_actor_by_handle(house.database, username, settings.domain)
    found = found or await find_actor(house.database, settings.uri(f"@{username.lower()}"))
    return found if found and found.local else None


def _host(text: str) -> str:
    name, colon, port = text.partition(":")
    try:
        return to_hostname(name) + colon + port
    except UriError:
        return ""


def descriptor(house: House, actor: ActorRow) -> dict[str, Any]:
    """The JRD of one of our actors."""
    origin = house.settings.origin
    is_server = actor.uri == house.settings.server_uri
    links: list[dict[str, str]] = [{"rel": "self", "type": ACTIVITY_JSON, "href": actor.uri}]
    if is_server:
        links.append({"rel": SERVICE, "type": ACTIVITY_JSON, "href": actor.uri})
    else:
        links.append({"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": actor.url})
    links.append({"rel": SUBSCRIBE, "template": f"{origin}/interact?uri={{uri}}"})
    links.append({"rel": f"{INTENTS}Object", "template": f"{origin}/interact?uri={{object}}"})
    links.append({"rel": f"{INTENTS}Follow", "template": f"{origin}/interact?uri={{object}}"})
    aliases = [actor.uri, f"{origin}/"] if is_server else [actor.uri]
    return {"subject": f"acct:{actor.username}@{actor.host}", "aliases": aliases, "links": links}


def _jrd(document: dict[str, Any]) -> Response:
    headers = {**CORS, "Cache-Control": "public, max-age=600"}
    return Response(msgspec.json.encode(document), 200, headers, media_type="application/jrd+json")


async def host_meta(request: Request) -> Response:
    """Where WebFinger is, for servers that ask here first (Takahē, Mastodon after a 404)."""
    template = f"{house_of(request).settings.origin}/.well-known/webfinger?resource={{uri}}"
    if request.url.path.endswith(".json"):
        return _jrd({"links": [{"rel": "lrdd", "type": "application/jrd+json", "template": template}]})
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" type="application/jrd+json" template="{template}"/></XRD>\n'
    )
    return Response(body, 200, CORS, media_type="application/xrd+xml")


async def nodeinfo_links(request: Request) -> Response:
    """Both schema versions, and the server actor (FEP-2677)."""
    origin = house_of(request).settings.origin
    links = [
        {"rel": f"{_SCHEMA}{version}", "href": f"{origin}/nodeinfo/{version}"} for version in ("2.0", "2.1")
    ]
    links.append({"rel": APPLICATION, "href": house_of(request).settings.server_uri})
    return _jrd({"links": links})


async def nodeinfo(request: Request) -> Response:
    """What runs here, without a number that is not true."""
    version = request.path_params["version"]
    if version not in ("2.0", "2.1"):
        raise NotFound
    house = house_of(request)
    chapter = await find_actor(house.database, house.settings.chapter_uri)
    posts = await _count(house, "local AND kind IN ('announcement', 'event', 'proposal')")
    comments = await _count(house, "local AND kind = 'comment'")
    software: dict[str, str] = {"name": "fedchapter", "version": __version__}
    document = {
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": False,
        "usage": {"users": {}, "localPosts": posts, "localComments": comments},
        "metadata": {
            "nodeName": chapter.name if chapter else "",
            "federation": {"enabled": True},
            "staffAccounts": [],
        },
    }
    media_type = f'application/json; profile="{_SCHEMA}{version}#"'
    return Response(msgspec.json.encode(document), 200, CORS, media_type=media_type)


async def _count(house: House, where: str) -> int:
    row = await house.database.row(
        f"SELECT count(*) AS total FROM known_object WHERE {where} AND state = 'shown'"
    )
    return int(row["total"]) if row else 0
