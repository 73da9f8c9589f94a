"""The check at every door: host, origin, session, permission; then the endpoint; then the safety headers.

operations.md §3 rows D1 (CSP), D4 (Sec-Fetch-Site and Origin, no tokens), D5 (next= is a path), D7 (default deny).
Source of the cross-origin rule: the algorithm of Go 1.25's CrossOriginProtection, as Datasette documents it.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Forbidden, NotFound, Refusal, TooMany
from ..house import Door, house_of
from ..members import Permission, Viewer, find_viewer
from ..members.sessions import is_stale, touch
from ..members.silence import check_may_write
from ..words import speaking
from .address import limit_key
from .chapter import identity_of
from .cookies import clear_session, session_token
from .language import language_for
from .render import error_page, flash, redirect

OPEN_TO_MEMBERS = frozenset({Permission.ANYONE, Permission.PEER, Permission.TOKEN, Permission.MEMBER})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=(), geolocation=(), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
Endpoint = Callable[[Request], Awaitable[Response]]


def viewer_of(request: Request) -> Viewer | None:
    """Who is signed in, or None."""
    found = getattr(request.state, "viewer", None)
    return found if isinstance(found, Viewer) else None


def member_of(request: Request) -> Viewer:
    """Who is signed in, where the door requires it."""
    viewer = viewer_of(request)
    if viewer is None:
        raise Forbidden("sign-in", "Please sign in first.")
    return viewer


def guarded(door: Door) -> Endpoint:
    """The door's endpoint behind all checks."""
    endpoint: Endpoint = door.endpoint

    async def run(request: Request) -> Response:
        request.state.language = ""
        try:
            _check_address(request)
            response = await _checked(request, door, endpoint)
        except Refusal as error:
            response = await refused(request, error)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return run


async def refused(request: Request, error: Refusal) -> Response:
    """The error's page in the reader's language."""
    with speaking(getattr(request.state, "language", "") or await language_for(request)):
        return await error_page(request, error)


async def _checked(request: Request, door: Door, endpoint: Endpoint) -> Response:
    permission = door.permission
    if permission is Permission.PEER:
        return await endpoint(request)
    _check_host(request)
    if request.method not in SAFE:
        if permission is not Permission.TOKEN:
            check_same_origin(request)
        _check_rate(request)
    token = session_token(request)
    viewer = await _viewer(request, token) if token else None
    request.state.viewer = viewer
    request.state.language = await language_for(request, viewer)
    if not permission.allows(viewer.held if viewer else None):
        return _turned_away(request, viewer)
    if viewer is not None and await _lacks_second(request, viewer, permission):
        return _to_second_step(request)
    if viewer is not None and door.writes:
        house = house_of(request)
        await check_may_write(house.database, viewer.account.id, house.clock.now())
    with speaking(request.state.language):
        response = await endpoint(request)
    # A picture is the same for everybody; a page is not, and must not be found on a machine that others use.
    if viewer is not None and "immutable" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"
    if viewer is None and token and not getattr(request.state, "signed_in_now", False):
        clear_session(request, response)
    return response


async def _lacks_second(request: Request, viewer: Viewer, permission: Permission) -> bool:
    """Whether this door wants a second step, by the chapter's choice, that this session has not given (row D6)."""
    if permission in OPEN_TO_MEMBERS or viewer.second_at is not None:
        return False
    return (await identity_of(request)).choices["staff_second_factor"] == "yes"


def _to_second_step(request: Request) -> Response:
    if request.method not in SAFE:
        raise Forbidden("second-step", "This wants a second step. Set one up under your account first.")
    with speaking(request.state.language):
        return flash(
            request,
            redirect("/me/security"),
            "These pages want a second step. Set one up here, or sign in again with the one you have.",
            "warn",
        )


def _check_address(request: Request) -> None:
    # PostgreSQL has no text with a NUL in it, so nothing of ours has such an address.
    if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise NotFound


def _check_host(request: Request) -> None:
    if request.headers.get("host", "").lower() != house_of(request).settings.domain:
        raise Refusal("wrong-host", "This server is %(domain)s.", domain=house_of(request).settings.domain)


def check_same_origin(request: Request) -> None:
    """The form was sent from one of our own pages; raises Forbidden (row D4)."""
    origin = house_of(request).settings.origin
    site = request.headers.get("sec-fetch-site")
    sender = request.headers.get("origin")
    if site in ("same-origin", "none"):
        return
    if site is None and (sender is None or sender == origin):
        return
    raise Forbidden("cross-site", "This form was sent from another site. Open the page here and try again.")


def _check_rate(request: Request) -> None:
    limits = house_of(request).limits
    if not limits.admit("write", limit_key(request)):
        raise TooMany("too-many", "That was a lot at once. Please wait a minute.", 60)


async def _viewer(request: Request, token: str) -> Viewer | None:
    house = house_of(request)
    viewer = await find_viewer(house.database, token, house.clock.now())
    if viewer is not None and is_stale(viewer, house.clock.now()):
        async with house.database.unit() as unit:
            await touch(unit, viewer.session_id)
    return viewer


def _turned_away(request: Request, viewer: Viewer | None) -> Response:
    if viewer is not None:
        raise Forbidden("not-allowed", "Your role does not include this.")
    if request.method in SAFE:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return redirect(f"/sign-in?next={quote(path)}")
    raise Forbidden("sign-in", "Please sign in first.")


def next_path(text: str, default: str = "/") -> str:
    """A path on this server that `next=` may lead to; anything else becomes the default (row D5)."""
    plain = text.isprintable() and "\\" not in text
    if plain and text.startswith("/") and not text.startswith("//"):
        return text
    return default
