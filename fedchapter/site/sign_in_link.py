"""A link to sign in by e-mail, for whoever lost their password.

operations.md §3 row D6: one answer whether there is such an account or not, in the same time (the letter leaves later).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal, TooMany
from ..house import Door, house_of
from ..house.letters import send_sign_in_link
from ..members import Permission, get_account
from ..members.accounts import normal_email
from ..store import Unit
from ..web import read_form, render
from ..web.address import limit_key

WAIT = "Too many tries. Please wait a quarter of an hour."


async def show(request: Request) -> Response:
    """The form."""
    return await _page(request)


async def ask(request: Request) -> Response:
    """If an account has that address, a link is on its way to it; nobody learns whether."""
    form = await read_form(request)
    try:
        email = normal_email(form.text("email"))
    except Refusal as error:
        return await _page(request, form.text("email"), error.message)
    if not email:
        return await _page(request, "", "Please write your e-mail address.")
    limits = house_of(request).limits
    limits.check("sign-in-address", limit_key(request), WAIT)
    if not limits.admit("sign-in-account", email):
        raise TooMany("too-many", WAIT, 900)

    async def send(unit: Unit) -> None:
        row = await unit.row(
            "SELECT id FROM account WHERE email = ? AND state = 'active' ORDER BY created_at LIMIT 1", email
        )
        if row is not None:
            await send_sign_in_link(unit, await get_account(unit, row["id"]))

    await house_of(request).database.in_unit(send)
    return await render(request, "site/sign_in_link.html", sent=True, email=email, error="", noindex=True)


async def _page(request: Request, email: str = "", error: str = "") -> Response:
    status = 400 if error else 200
    return await render(
        request, "site/sign_in_link.html", status, sent=False, email=email, error=error, noindex=True
    )


def doors() -> list[Door]:
    """Both."""
    return [
        Door("/sign-in/link", show, Permission.ANYONE),
        Door("/sign-in/link", ask, Permission.ANYONE, methods=("POST",)),
    ]
