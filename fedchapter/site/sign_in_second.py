"""The second step of signing in: a code of an app, a passkey, or a recovery code.

RFC 6238 §5.2 (tries are limited, a code is good once); WebAuthn; operations.md §3 row D6.
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import Permission
from ..members.passkeys import USE, check_passkey, request_options
from ..members.second_factor import PASSKEY, TOTP, check_code, find_authenticators, use_recovery_code
from ..members.tickets import Ticket, issue, use_ticket
from ..store import Unit
from ..web import Form, read_form, redirect, render
from ..web.address import limit_key
from ..web.cookies import clear_token, token_in
from ..web.guard import next_path
from ..words import mark, say
from .entering import LASTS, SECOND, find_first, open_session

WAIT = mark("Too many tries. Wait a quarter of an hour, or ask an admin for help.")
WRONG = mark("This code is wrong, or was used already. Wait for the next one.")


async def show(request: Request) -> Response:
    """The second step that is asked for; who has not given the first is sent to it."""
    first = await find_first(request)
    return await _page(request, first) if first else redirect("/sign-in")


async def enter(request: Request) -> Response:
    """Signed in, or the step again with what is wrong."""
    form, first, house = await read_form(request), await find_first(request), house_of(request)
    if first is None:
        return redirect("/sign-in")
    house.limits.check("sign-in-address", limit_key(request), WAIT)
    house.limits.check("sign-in-second", first.account_id, WAIT)
    try:
        async with house.database.unit() as unit:
            await _check(unit, house.secret, first, form)
            await use_ticket(unit, SECOND, token_in(request, SECOND))
    except Refusal as error:
        return await _page(request, first, error=error.message)
    wanted, how = next_path(str(first.data["wanted"])), str(first.data["how"])
    response = await open_session(request, first.account_id, wanted, how=how, second=True)
    clear_token(request, response, SECOND)
    return response


async def _check(unit: Unit, secret: bytes, first: Ticket, form: Form) -> None:
    if form.text("client"):
        await check_passkey(unit, first.account_id, dict(form.values))
        return
    code = form.text("code")
    if await check_code(unit, secret, first.account_id, code):
        return
    if not await use_recovery_code(unit, first.account_id, code):
        raise Refusal("wrong-code", WRONG)


async def _page(request: Request, first: Ticket, *, error: str = "") -> Response:
    house = house_of(request)
    has = await find_authenticators(house.database, first.account_id)
    passkeys = any(one.kind == PASSKEY for one in has)
    options: dict[str, Any] = {}
    if passkeys:
        async with house.database.unit() as unit:
            challenge = await issue(unit, USE, {}, lasts=LASTS, account_id=first.account_id)
        options = request_options(house.settings, challenge=challenge, has=has)
    return await render(
        request,
        "site/sign_in_second.html",
        400 if error else 200,
        codes=any(one.kind == TOTP for one in has),
        options=msgspec.json.encode(options).decode() if passkeys else "",
        challenge=options.get("challenge", ""),
        error=error,
        failed=say("The passkey did not answer. Try again, or use a code."),
        noindex=True,
    )


def doors() -> list[Door]:
    """One page."""
    return [
        Door("/sign-in/second", show, Permission.ANYONE),
        Door("/sign-in/second", enter, Permission.ANYONE, methods=("POST",)),
    ]
