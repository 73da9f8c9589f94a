"""Signing in and out: one page with three ways, of which name (or e-mail) and password are handled here.

operations.md §3 rows D5 (next= is a path of ours) and D6 (limits by address and by account, one answer for a wrong
name and a wrong password); WCAG 2.2 §3.3.8 (password managers and pasting work).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import TooMany
from ..house import Door, house_of
from ..members import Permission
from ..members.accounts import open_account
from ..members.sessions import end_session
from ..text import fold
from ..web import read_form, redirect, render, viewer_of
from ..web.account import has_page
from ..web.address import limit_key
from ..web.cookies import clear_session
from ..web.guard import next_path
from ..web.proved import drop_proved, find_proved
from ..words import mark, say
from .entering import device_of, signed_in

__all__ = ["device_of", "sign_in_page", "signed_in"]

WRONG = mark("That name and password do not belong together.")
WAIT = mark("Too many tries. Wait a quarter of an hour, or ask an admin for a link to sign in.")
ACCOUNT_MAX = 300


async def show(request: Request) -> Response:
    """The page; who is signed in goes on at once, unless they are to sign in again."""
    wanted = next_path(request.query_params.get("next", "/"))
    again = request.query_params.get("again", "") == "1"
    if viewer_of(request) is not None and not again:
        return redirect(wanted)
    return await sign_in_page(request, wanted)


async def enter(request: Request) -> Response:
    """Signed in, or the page again with one error for every reason."""
    form = await read_form(request)
    wanted, name = next_path(form.text("next", "/")), form.text("name")
    _check_limits(request, name)
    house = house_of(request)
    account = await open_account(house.database, name, form.values.get("password", ""))
    if account is None:
        return await sign_in_page(request, wanted, name=name, errors={"name": say(WRONG)}, status=403)
    return await signed_in(request, account, wanted, how="password")


def _check_limits(request: Request, name: str) -> None:
    limits = house_of(request).limits
    limits.check("sign-in-address", limit_key(request), WAIT)
    # As names are compared: else every accent and capital would have tries of its own.
    account = fold(name)[:254]
    if not limits.admit("sign-in-account", account):
        raise TooMany("too-many", WAIT, 900)


async def leave(request: Request) -> Response:
    """The session has ended here and in the database."""
    viewer = viewer_of(request)
    if viewer is not None:
        async with house_of(request).database.unit() as unit:
            await end_session(unit, viewer.account.id, viewer.session_id)
    response = redirect("/")
    clear_session(request, response)
    drop_proved(request, response)
    return response


async def sign_in_page(
    request: Request,
    wanted: str,
    *,
    name: str = "",
    account: str = "",
    email: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The three ways, with what was typed and what is wrong with it (by field: account, email, name)."""
    return await render(
        request,
        "site/sign_in.html",
        status,
        wanted=wanted,
        typed={"name": name, "account": account[:ACCOUNT_MAX], "email": email},
        errors=errors or {},
        proved=await find_proved(request),
        again=viewer_of(request) is not None,
        joins=has_page(request, "/join"),
        noindex=True,
    )


def doors() -> list[Door]:
    """Sign-in and sign-out."""
    return [
        Door("/sign-in", show, Permission.ANYONE),
        Door("/sign-in", enter, Permission.ANYONE, methods=("POST",)),
        Door("/sign-out", leave, Permission.ANYONE, methods=("POST",)),
    ]
