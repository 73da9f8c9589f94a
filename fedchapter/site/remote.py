"""Between servers: a visitor follows from their own server, and somebody elsewhere brings an address to ours.

operations.md §3 row D5 (a page in between that says where one goes; no form leads to another site); wire.md §2.7;
FEP-3b86.
"""

from starlette.requests import Request
from starlette.responses import Response

from ..actors import ActorRow, find_own
from ..errors import PeerError, Refusal
from ..federation.finger import fill_template, find_subscribe_template
from ..house import Door, House, house_of
from ..members import Permission
from ..store import find_known
from ..vocab.uris import UriError, host_of, is_uri, parse_url
from ..web import redirect, render, viewer_of
from ..web.account import has_page
from ..web.address import limit_key
from ..web.cards import page_path
from ..words import mark, say

WAIT = mark(
    "That were many servers in a short time. Please wait five minutes, or search for our handle in your app."
)
ACCOUNT_MAX = 300


async def follow(request: Request) -> Response:
    """Asks for the visitor's server, then shows where the way leads; the visitor goes there by a link."""
    house = house_of(request)
    account = request.query_params.get("account", "").strip()[:ACCOUNT_MAX]
    uri = request.query_params.get("uri", "") or house.settings.chapter_uri
    if not await _is_shown_here(house, uri):
        raise Refusal(
            "not-here", "This page leads only to what this chapter shows. Go back and try from there."
        )
    followed = await find_own(house.database, uri)
    fields = {"uri": uri} if uri != house.settings.chapter_uri else {}
    if not account:
        return await _follow_page(request, followed, fields)
    house.limits.check("follow-box", limit_key(request), WAIT)
    try:
        template = await find_subscribe_template(house, account)
    except (Refusal, PeerError) as error:
        return await _follow_page(request, followed, fields, account=account, error=_in_words(error))
    url = fill_template(template, uri)
    return await render(
        request, "site/leaving.html", host=host_of(url), url=url, followed=followed, noindex=True
    )


async def _follow_page(
    request: Request, followed: ActorRow | None, fields: dict[str, str], *, account: str = "", error: str = ""
) -> Response:
    return await render(
        request,
        "site/follow.html",
        400 if error else 200,
        followed=followed,
        account=account,
        error=error,
        fields=fields,
        noindex=True,
    )


def _in_words(error: Refusal | PeerError) -> str:
    if isinstance(error, Refusal) and error.code in ("handle", "host"):
        return say(
            "That does not look like a handle. Write it like @you@social.example, or only social.example."
        )
    if isinstance(error, Refusal):
        return error.message
    if error.code == "not-there":
        return say("That server does not know this. Write your whole handle, like @you@social.example.")
    return say(
        "That server did not answer as we hoped. Check the spelling, or search for our handle in your app."
    )


async def _is_shown_here(house: House, uri: str) -> bool:
    if await find_own(house.database, uri) is not None:
        return True
    known = await find_known(house.database, uri)
    return known is not None and known.state == "shown" and known.visibility in ("public", "unlisted")


async def interact(request: Request) -> Response:
    """The target of our subscribe template: an address that somebody met elsewhere and brings here."""
    house = house_of(request)
    uri = request.query_params.get("uri", "").strip()
    path = await find_page(house, uri)
    if path:
        return redirect(path)
    if not is_uri(uri) and not uri.startswith("acct:") and "@" not in uri:
        raise Refusal(
            "address", "There is no address in this link. Go back to where you came from and try again."
        )
    viewer = viewer_of(request)
    staff = viewer is not None and viewer.may(Permission.PUBLISH)
    return await render(
        request,
        "site/interact.html",
        uri=uri[:2048],
        host=_host(uri),
        follows=staff and has_page(request, "/admin/following"),
        noindex=True,
    )


async def find_page(house: House, uri: str) -> str:
    """The path of our page for that id, ours or another's that we show; empty when there is none."""
    username, at, host = uri.removeprefix("acct:").removeprefix("@").partition("@")
    if at and host == house.settings.domain:
        uri = house.settings.uri(f"@{username}")
    if uri != house.settings.server_uri and await find_own(house.database, uri) is not None:
        return parse_url(uri, allow_http_localhost=True).path
    known = await find_known(house.database, uri)
    shown = known is not None and known.state == "shown" and known.visibility in ("public", "unlisted")
    return page_path(known) if shown and known is not None else ""


def _host(uri: str) -> str:
    try:
        return host_of(uri)
    except UriError:
        return uri.rpartition("@")[2]


def doors() -> list[Door]:
    """Both ways."""
    return [Door("/follow", follow, Permission.ANYONE), Door("/interact", interact, Permission.ANYONE)]
