"""Signing in by a link in an e-mail.

operations.md §3 row D6: one answer whether there is such an account or not, in the same time (the letter leaves later).
Opening the link changes nothing: programs that read mail open links too; the button on its page signs in.
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, Refusal, TooMany
from ..house import Door, house_of
from ..house.letters import LINK, send_sign_in_link
from ..members import Permission, find_account, get_account
from ..members.accounts import normal_email
from ..members.tickets import find_ticket, use_ticket, void_tickets
from ..store import Unit
from ..web import flash, read_form, redirect, render
from ..web.address import limit_key
from ..web.guard import check_same_origin, next_path
from ..words import mark, say
from .entering import signed_in
from .sign_in import sign_in_page

WAIT = mark("Too many tries. Please wait a quarter of an hour.")
OVER = mark("This link was used already, or is over. Ask for a new one.")


async def show(request: Request) -> Response:
    """The way by e-mail is one of those on the sign-in page."""
    return redirect("/sign-in")


async def ask(request: Request) -> Response:
    """If an account has that address, a link is on its way to it; nobody learns whether."""
    form = await read_form(request)
    wanted, typed = next_path(form.text("next", "/")), form.text("email")
    try:
        email = normal_email(typed)
        if not email:
            raise Refusal("email", "Please write your e-mail address.")
    except Refusal as error:
        errors = {"email": error.message}
        return await sign_in_page(request, wanted, email=typed, errors=errors, status=400)
    limits = house_of(request).limits
    limits.check("sign-in-address", limit_key(request), WAIT)
    if not limits.admit("sign-in-account", email):
        raise TooMany("too-many", WAIT, 900)

    async def send(unit: Unit) -> None:
        row = await unit.row(
            "SELECT id FROM account WHERE email = ? AND state = 'active' ORDER BY created_at LIMIT 1", email
        )
        if row is not None:
            await send_sign_in_link(unit, await get_account(unit, row["id"]), wanted)

    await house_of(request).database.in_unit(send)
    return await render(request, "site/sign_in_sent.html", email=email, noindex=True)


async def open_link(request: Request) -> Response:
    """The button that signs in; nothing has happened yet."""
    house = house_of(request)
    ticket = await find_ticket(house.database, LINK, request.path_params["token"], house.clock.now())
    account = await find_account(house.database, ticket.account_id) if ticket else None
    if account is None:
        raise NotFound("link-over", OVER)
    return await render(
        request, "site/sign_in_by_link.html", name=account.display_name, action=request.url.path, noindex=True
    )


async def use_link(request: Request) -> Response:
    """Signed in, and every link that was sent to the account is used up."""
    check_same_origin(request)
    house_of(request).limits.check("sign-in-address", limit_key(request), WAIT)
    async with house_of(request).database.unit() as unit:
        ticket = await use_ticket(unit, LINK, request.path_params["token"])
        account = await find_account(unit, ticket.account_id) if ticket else None
        if ticket is None or account is None:
            raise NotFound("link-over", OVER)
        await void_tickets(unit, account.id, LINK)
    response = await signed_in(request, account, next_path(str(ticket.data.get("wanted", "/"))), how="link")
    return flash(request, response, say("Welcome back, %(name)s.", name=account.display_name))


def doors() -> list[Door]:
    """Asking for a link, and using it."""
    return [
        Door("/sign-in/link", show, Permission.ANYONE),
        Door("/sign-in/link", ask, Permission.ANYONE, methods=("POST",)),
        Door("/sign-in/link/{token}", open_link, Permission.TOKEN),
        Door("/sign-in/link/{token}", use_link, Permission.TOKEN, methods=("POST",)),
    ]
