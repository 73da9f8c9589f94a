"""Signing in with an account that one has elsewhere: there, back, and what then.

wire.md §6; operations.md §3 row D5 (a page in between says where one goes: no form of ours may lead to another site).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Forbidden, Refusal
from ..house import Door, house_of
from ..members import Permission, find_account
from ..members.identities import Proved, find_identity, get_identity, link_proved, move_identity, use_identity
from ..members.sessions import new_token
from ..oauth import Beginning, Callback, Finished, begin, find_former, finish
from ..oauth.flow import LASTS
from ..web import flash, read_form, redirect, render, viewer_of
from ..web.account import has_page
from ..web.address import limit_key
from ..web.cookies import clear_token, set_token, token_in
from ..web.guard import next_path
from ..web.proved import drop_proved, find_proved, find_proved_and_former, keep_proved
from ..words import mark, spoken
from .entering import signed_in
from .sign_in import sign_in_page

COOKIE = "oauth"
WAIT = mark("Those were many tries in a short time. Please wait five minutes.")
SECURITY = "/me/security"
PART_MAX = 4096


async def ask(request: Request) -> Response:
    """The page in between, or the sign-in page again with what is wrong."""
    form = await read_form(request)
    wanted, typed = next_path(form.text("next", "/")), form.text("account")
    try:
        return await send_off(request, typed, wanted=wanted)
    except Refusal as error:
        if error.status == 429:
            raise
        errors = {"account": error.message}
        return await sign_in_page(request, wanted, account=typed, errors=errors, status=400)


async def send_off(request: Request, typed: str, *, wanted: str = "/", account_id: str = "") -> Response:
    """The page that says where the person goes; raises Refusal. `account_id`: a member links another account."""
    house = house_of(request)
    house.limits.check("oauth-start", limit_key(request), WAIT)
    browser = token_in(request, COOKIE) or new_token()
    beginning: Beginning = await begin(
        house, typed, browser=browser, wanted=wanted, account_id=account_id, language=spoken()
    )
    response = await render(
        request, "site/sign_in_leaving.html", beginning=beginning, linking=bool(account_id), noindex=True
    )
    set_token(request, response, COOKIE, browser, LASTS)
    return response


async def come_back(request: Request) -> Response:
    """Signed in; or linked; or on to a page for somebody who is not known here; or told what went wrong."""
    query = {
        name: request.query_params.get(name, "")[:PART_MAX] for name in ("state", "code", "iss", "error")
    }
    callback = Callback(key=request.path_params["key"], **query)
    try:
        finished = await finish(house_of(request), callback, browser=token_in(request, COOKIE))
    except Refusal as error:
        errors = {"account": error.message}
        response = await sign_in_page(request, "/", errors=errors, status=error.status)
    else:
        response = await _go_on(request, finished)
    clear_token(request, response, COOKIE)
    return response


async def _go_on(request: Request, finished: Finished) -> Response:
    if finished.account_id:
        return await _link(request, finished)
    house, proved = house_of(request), finished.proved
    identity = await find_identity(house.database, proved.actor_uri)
    account = await find_account(house.database, identity.account_id) if identity else None
    if identity is not None and account is not None:
        async with house.database.unit() as unit:
            await use_identity(unit, identity, proved)
        return await signed_in(request, account, next_path(finished.wanted), how="fediverse")
    former = await find_former(house, proved)
    # Whoever came from a form to join, or an invitation, goes back to it.
    joining = finished.wanted == "/join" or finished.wanted.startswith("/join/")
    new = next_path(finished.wanted) if joining else "/sign-in/new"
    response = redirect("/sign-in/moved" if former else new)
    await keep_proved(request, response, proved, former=former.id if former else "")
    return response


async def _link(request: Request, finished: Finished) -> Response:
    viewer = viewer_of(request)
    if viewer is None or viewer.account.id != finished.account_id:
        raise Forbidden("oauth-other", "You were signed out meanwhile. Sign in, then link the account again.")
    return await link_to(request, finished.proved)


async def link_to(request: Request, proved: Proved) -> Response:
    """The account is linked to whoever is signed in; back to the page about security, told how it went."""
    viewer = viewer_of(request)
    assert viewer is not None
    response = redirect(SECURITY)
    drop_proved(request, response)
    try:
        async with house_of(request).database.unit() as unit:
            await link_proved(unit, viewer.account.id, proved)
    except Refusal as error:
        return flash(request, response, error.message, "error")
    return flash(request, response, "@%(handle)s signs you in here from now on.", handle=proved.handle)


async def show_new(request: Request) -> Response:
    """Who proved an account that nobody here has linked: they may join with it, or link it to what they have."""
    proved = await find_proved(request)
    if proved is None:
        return redirect("/sign-in")
    return await render(
        request,
        "site/sign_in_new.html",
        proved=proved,
        joins=has_page(request, "/join"),
        signed_in=viewer_of(request) is not None,
        noindex=True,
    )


async def show_moved(request: Request) -> Response:
    """Who came with an account that a linked one moved to is asked whether their membership goes along."""
    proved, former = await find_proved_and_former(request)
    if proved is None or not former:
        return redirect("/sign-in/new")
    return await render(
        request,
        "site/sign_in_moved.html",
        proved=proved,
        former=await _former_handle(request, former),
        noindex=True,
    )


async def _former_handle(request: Request, identity_id: str) -> str:
    row = await house_of(request).database.row("SELECT handle FROM identity WHERE id = ?", identity_id)
    return str(row["handle"]) if row else ""


async def confirm_moved(request: Request) -> Response:
    """The link is to the new account, and its owner is signed in with it."""
    house_of(request).limits.check("sign-in-address", limit_key(request), WAIT)
    proved, former = await find_proved_and_former(request)
    if proved is None or not former:
        return redirect("/sign-in")
    async with house_of(request).database.unit() as unit:
        row = await unit.row("SELECT account_id FROM identity WHERE id = ?", former)
        account = await find_account(unit, row["account_id"]) if row else None
        if account is None:
            raise Refusal("no-identity", "That account is not linked any more. Please sign in another way.")
        identity = await get_identity(unit, account.id, former)
        await move_identity(
            unit, identity, actor_uri=proved.actor_uri, handle=proved.handle, host=proved.host
        )
    response = await signed_in(request, account, "/", how="fediverse")
    drop_proved(request, response)
    return flash(request, response, "Your membership goes on with @%(handle)s.", handle=proved.handle)


def doors() -> list[Door]:
    """There, back, and the two pages for those who are not known by that account."""
    anyone = Permission.ANYONE
    return [
        Door("/sign-in/fediverse", ask, anyone, methods=("POST",)),
        Door("/sign-in/fediverse/{key}", come_back, anyone),
        Door("/sign-in/new", show_new, anyone),
        Door("/sign-in/moved", show_moved, anyone),
        Door("/sign-in/moved", confirm_moved, anyone, methods=("POST",)),
    ]
