"""Signing in and out with a name (or e-mail) and a password.

operations.md §3 rows D5 (next= is a path of ours) and D6 (limits by address and by account, one answer for a wrong
name and a wrong password); WCAG 2.2 §3.3.8 (password managers and pasting work).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import TooMany
from ..house import Door, house_of
from ..members import AccountRow, Permission, start_session
from ..members.accounts import open_account
from ..members.sessions import end_session
from ..web import read_form, redirect, render, viewer_of
from ..web.address import limit_key
from ..web.cookies import clear_session, set_session
from ..web.guard import next_path

WRONG = "That name and password do not belong together."
WAIT = "Too many tries. Wait a quarter of an hour, or ask an admin for a link to sign in."
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux")
BROWSERS = (
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


async def show(request: Request) -> Response:
    """The form; who is signed in goes on at once."""
    wanted = next_path(request.query_params.get("next", "/"))
    if viewer_of(request) is not None:
        return redirect(wanted)
    return await _page(request, wanted)


async def enter(request: Request) -> Response:
    """Signed in, or the form again with one error for every reason."""
    form = await read_form(request)
    wanted, name = next_path(form.text("next", "/")), form.text("name")
    _check_limits(request, name)
    house = house_of(request)
    account = await open_account(house.database, name, form.values.get("password", ""))
    if account is None:
        return await _page(request, wanted, name=name, error=WRONG, status=403)
    return await signed_in(request, account, wanted)


def _check_limits(request: Request, name: str) -> None:
    limits = house_of(request).limits
    limits.check("sign-in-address", limit_key(request), WAIT)
    account = " ".join(name.lower().split())[:254]
    if not limits.admit("sign-in-account", account):
        raise TooMany("too-many", WAIT, 900)


async def signed_in(request: Request, account: AccountRow, wanted: str) -> Response:
    """A redirect to the wanted page, with the cookie of a new session; an earlier session of the browser has ended."""
    viewer = viewer_of(request)
    async with house_of(request).database.unit() as unit:
        if viewer is not None:
            await end_session(unit, viewer.account.id, viewer.session_id)
        token = await start_session(unit, account.id, device_of(request))
    response = redirect(wanted)
    set_session(request, response, token)
    return response


def device_of(request: Request) -> str:
    """What a person would call the device: browser and system; nothing that would tell two people apart."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    system = next((name for name in SYSTEMS if name in agent), "")
    return f"{browser} on {system}" if system else browser


async def leave(request: Request) -> Response:
    """The session has ended here and in the database."""
    viewer = viewer_of(request)
    if viewer is not None:
        async with house_of(request).database.unit() as unit:
            await end_session(unit, viewer.account.id, viewer.session_id)
    response = redirect("/")
    clear_session(request, response)
    return response


async def _page(
    request: Request, wanted: str, *, name: str = "", error: str = "", status: int = 200
) -> Response:
    return await render(
        request, "site/sign_in.html", status, wanted=wanted, name=name, error=error, noindex=True
    )


def doors() -> list[Door]:
    """Sign-in and sign-out."""
    return [
        Door("/sign-in", show, Permission.ANYONE),
        Door("/sign-in", enter, Permission.ANYONE, methods=("POST",)),
        Door("/sign-out", leave, Permission.ANYONE, methods=("POST",)),
    ]
