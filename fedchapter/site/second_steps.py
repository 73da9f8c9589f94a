"""Setting up second steps: an app that shows codes, passkeys, recovery codes on paper.

RFC 6238; WebAuthn §5.1.3; operations.md §3 row D6. An app counts once it has shown a right code, so that nobody locks
themselves out with a code they never scanned. Recovery codes come with the first step, and are shown once.
"""

from datetime import timedelta
from typing import Any

import msgspec
import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import Permission
from ..members.passkeys import NEW, add_passkey, creation_options
from ..members.second_factor import (
    add_totp,
    count_recovery_codes,
    find_authenticators,
    make_recovery_codes,
    matching_step,
    new_totp_key,
    remove_authenticator,
    totp_uri,
)
from ..members.sessions import confirm_second
from ..members.tickets import find_ticket, issue, void_tickets
from ..store import Unit
from ..web import flash, identity_of, member_of, read_form, redirect, render
from ..words import mark, say
from .security import fresh
from .sign_in_fediverse import SECURITY

SETUP = "totp-setup"
LASTS = timedelta(minutes=30)
WAIT = mark("Too many tries. Wait a quarter of an hour.")


@fresh
async def show_code(request: Request) -> Response:
    """A fresh key to scan, which counts for nothing until a code of it was typed."""
    viewer, house = member_of(request), house_of(request)
    async with house.database.unit() as unit:
        await void_tickets(unit, viewer.account.id, SETUP)
        key = new_totp_key()
        token = await issue(unit, SETUP, {"key": key}, lasts=LASTS, account_id=viewer.account.id)
    return await _code_page(request, key, token)


@fresh
async def add_code(request: Request) -> Response:
    """The app is a second step from now on; or the same key again, with what is wrong."""
    viewer, house, form = member_of(request), house_of(request), await read_form(request)
    house.limits.check("sign-in-second", viewer.account.id, WAIT)
    token = form.text("setup")
    ticket = await find_ticket(house.database, SETUP, token, house.clock.now())
    if ticket is None or ticket.account_id != viewer.account.id:
        return flash(request, redirect(f"{SECURITY}/code"), "That took too long. Here is a new code.", "warn")
    key = str(ticket.data["key"])
    step = matching_step(key, form.text("code"), house.clock.now())
    if step is None:
        error = say("This is not the code that the app shows now. Check the clock of your phone.")
        return await _code_page(request, key, token, label=form.text("label"), error=error)
    label = form.text("label") or say("App with codes")

    async def add(unit: Unit) -> list[str]:
        await void_tickets(unit, viewer.account.id, SETUP)
        await add_totp(unit, house.secret, viewer.account.id, label=label, key=key, step=step)
        return await _after_adding(unit, request)

    return await _added(request, await house.database.in_unit(add))


async def _code_page(request: Request, key: str, token: str, *, label: str = "", error: str = "") -> Response:
    chapter = await identity_of(request)
    uri = totp_uri(key, name=member_of(request).account.display_name, issuer=chapter.name)
    picture = segno.make(uri, error="m").svg_inline(
        scale=5, border=2, dark="#000", light="#fff", omitsize=True
    )
    return await render(
        request,
        "site/second_code.html",
        400 if error else 200,
        picture=Markup(picture),  # noqa: S704 - drawn by us from an address in which everything is quoted
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        uri=uri,
        setup=token,
        label=label,
        error=error,
        noindex=True,
    )


@fresh
async def show_passkey(request: Request) -> Response:
    """The page that asks the browser to make a passkey."""
    viewer, house = member_of(request), house_of(request)
    async with house.database.unit() as unit:
        challenge = await issue(unit, NEW, {}, lasts=LASTS, account_id=viewer.account.id)
    options: dict[str, Any] = creation_options(
        house.settings,
        challenge=challenge,
        account_id=viewer.account.id,
        name=viewer.account.display_name,
        has=await find_authenticators(house.database, viewer.account.id),
        chapter=(await identity_of(request)).name,
    )
    return await render(
        request,
        "site/second_passkey.html",
        options=msgspec.json.encode(options).decode(),
        challenge=challenge,
        failed=say("No passkey was made. Try again, or use an app with codes."),
        noindex=True,
    )


@fresh
async def add_key(request: Request) -> Response:
    """The passkey is a second step from now on."""
    viewer, form = member_of(request), await read_form(request)
    label = form.text("label") or say("Passkey")

    async def add(unit: Unit) -> list[str]:
        await add_passkey(unit, viewer.account.id, label=label, sent=dict(form.values))
        return await _after_adding(unit, request)

    try:
        codes = await house_of(request).database.in_unit(add)
    except Refusal as error:
        return flash(request, redirect(f"{SECURITY}/passkey"), error.message, "error")
    return await _added(request, codes)


async def _after_adding(unit: Unit, request: Request) -> list[str]:
    """This session has given the step, others have ended; recovery codes where there were none."""
    viewer = member_of(request)
    await confirm_second(unit, viewer.account.id, viewer.session_id)
    if await count_recovery_codes(unit, viewer.account.id):
        return []
    return await make_recovery_codes(unit, viewer.account.id)


async def _added(request: Request, codes: list[str]) -> Response:
    if codes:
        return await render(request, "site/recovery_codes.html", codes=codes, first=True, noindex=True)
    return flash(request, redirect(SECURITY), "Added. Your other devices are signed out.")


@fresh
async def remove(request: Request) -> Response:
    """That second step is asked for no more."""
    async with house_of(request).database.unit() as unit:
        await remove_authenticator(unit, member_of(request).account.id, request.path_params["id"])
    return flash(request, redirect(SECURITY), "It is removed.")


@fresh
async def renew_codes(request: Request) -> Response:
    """Ten new recovery codes, shown once; the old ones open nothing."""
    viewer, house = member_of(request), house_of(request)
    if not await find_authenticators(house.database, viewer.account.id):
        raise Refusal("no-second-step", "Recovery codes come with a second step. Set one up first.")
    async with house.database.unit() as unit:
        codes = await make_recovery_codes(unit, viewer.account.id)
    return await render(request, "site/recovery_codes.html", codes=codes, first=False, noindex=True)


def doors() -> list[Door]:
    """One's own doors only."""
    member = Permission.MEMBER
    return [
        Door(f"{SECURITY}/code", show_code, member),
        Door(f"{SECURITY}/code", add_code, member, methods=("POST",)),
        Door(f"{SECURITY}/passkey", show_passkey, member),
        Door(f"{SECURITY}/passkey", add_key, member, methods=("POST",)),
        Door(f"{SECURITY}/second/{{id}}/remove", remove, member, methods=("POST",)),
        Door(f"{SECURITY}/recovery", renew_codes, member, methods=("POST",)),
    ]
