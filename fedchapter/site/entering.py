"""What every way in ends with: a second step where the account has one, then a session.

operations.md §3 row D6. A session begins only after both steps; in between the browser holds a ticket, not half a
session, so nothing can take one for the other.
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from ..house import house_of
from ..members import AccountRow, start_session
from ..members.second_factor import find_authenticators
from ..members.sessions import end_session
from ..members.tickets import Ticket, find_ticket, issue
from ..web import redirect, viewer_of
from ..web.cookies import clear_token, set_session, set_token, token_in

SECOND = "second"
LASTS = timedelta(minutes=10)
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux")
BROWSERS = (
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


async def signed_in(request: Request, account: AccountRow, wanted: str, *, how: str = "link") -> Response:
    """A redirect to the wanted page with the cookie of a new session, or to the second step where there is one.

    `how` is password, fediverse or link. An earlier session of the browser has ended.
    """
    if not await find_authenticators(house_of(request).database, account.id):
        return await open_session(request, account.id, wanted, how=how)
    async with house_of(request).database.unit() as unit:
        data = {"wanted": wanted, "how": how}
        token = await issue(unit, SECOND, data, lasts=LASTS, account_id=account.id)
    response = redirect("/sign-in/second")
    set_token(request, response, SECOND, token, LASTS)
    return response


async def find_first(request: Request) -> Ticket | None:
    """Who gave the first step in this browser, and where they want to go; None after ten minutes."""
    house = house_of(request)
    return await find_ticket(house.database, SECOND, token_in(request, SECOND), house.clock.now())


async def open_session(
    request: Request, account_id: str, wanted: str, *, how: str, second: bool = False
) -> Response:
    """The session has begun, in place of an earlier one of this browser."""
    viewer = viewer_of(request)
    async with house_of(request).database.unit() as unit:
        if viewer is not None:
            await end_session(unit, viewer.account.id, viewer.session_id)
        token = await start_session(unit, account_id, device_of(request), how=how, second=second)
    response = redirect(wanted)
    set_session(request, response, token)
    clear_token(request, response, SECOND)
    return response


def device_of(request: Request) -> str:
    """What a person would call the device, as `Firefox · Android`; nothing that would tell two people apart."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return " · ".join(name for name in (browser, system) if name)
