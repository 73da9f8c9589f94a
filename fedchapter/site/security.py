"""How one gets into one's account: linked accounts, password, second steps, devices; each added and undone here.

operations.md §3 row D6. Decision: whoever sits down at a device that was left open must not be able to make a door of
their own, so what changes the ways in wants a sign-in of the last hour.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from ..actors import find_actor
from ..errors import NotFound, Refusal
from ..house import Door, house_of
from ..members import Permission, Viewer, start_session
from ..members.accounts import hash_password, open_account
from ..members.identities import (
    decline_move,
    find_identities,
    find_identity,
    get_identity,
    move_identity,
    unlink,
)
from ..members.second_factor import count_recovery_codes, find_authenticators
from ..members.sessions import end_session, find_sessions
from ..members.ways import find_ways, remove_password, replace_password
from ..web import flash, member_of, read_form, redirect, render
from ..web.cookies import clear_session, set_session
from ..web.proved import find_proved
from ..words import mark
from .entering import device_of
from .sign_in_fediverse import SECURITY, link_to, send_off

FRESH = timedelta(hours=1)
AGAIN = f"/sign-in?again=1&next={SECURITY}"
FIELDS = {"password": "new_password", "wrong-password": "password"}
WAIT = mark("Too many tries. Wait a quarter of an hour.")
Endpoint = Callable[[Request], Awaitable[Response]]


def is_fresh(request: Request) -> bool:
    """Whether whoever is signed in showed it within the last hour."""
    viewer = member_of(request)
    last_at = max(viewer.begun_at, viewer.second_at or viewer.begun_at)
    return house_of(request).clock.now() - last_at < FRESH


def fresh(endpoint: Endpoint) -> Endpoint:
    """The endpoint for whoever signed in within the last hour; others sign in once more."""

    async def run(request: Request) -> Response:
        if is_fresh(request):
            return await endpoint(request)
        return flash(request, redirect(AGAIN), "Sign in once more to change how you sign in.", "info")

    return run


async def show(request: Request) -> Response:
    """Every way in, every second step, every device."""
    return await security_page(request)


@fresh
async def link(request: Request) -> Response:
    """On to the server whose account is to be linked."""
    form, viewer = await read_form(request), member_of(request)
    typed = form.text("account")
    try:
        return await send_off(request, typed, wanted=SECURITY, account_id=viewer.account.id)
    except Refusal as error:
        if error.status == 429:
            raise
        return await security_page(request, {"account": error.message}, typed=typed)


@fresh
async def link_what_was_proved(request: Request) -> Response:
    """The account that this browser proved within the hour is linked."""
    proved = await find_proved(request)
    if proved is None:
        return flash(request, redirect(SECURITY), "That was too long ago. Please prove it again.", "warn")
    return await link_to(request, proved)


@fresh
async def remove_link(request: Request) -> Response:
    """That account signs nobody in here any more."""
    viewer = member_of(request)
    async with house_of(request).database.unit() as unit:
        identity = await unlink(unit, viewer.account.id, request.path_params["id"])
    return flash(request, redirect(SECURITY), "@%(handle)s is not linked any more.", handle=identity.handle)


@fresh
async def answer_move(request: Request) -> Response:
    """The link is to the account that the old one moved to; or stays as it was."""
    form, viewer, house = await read_form(request), member_of(request), house_of(request)
    identity = await get_identity(house.database, viewer.account.id, request.path_params["id"])
    if form.text("answer") != "yes" or not identity.moved_to_uri:
        async with house.database.unit() as unit:
            await decline_move(unit, viewer.account.id, identity.id)
        return flash(request, redirect(SECURITY), "The link stays as it was.")
    new = await find_actor(house.database, identity.moved_to_uri)
    if new is None:
        raise NotFound("no-actor", "The new account is not known here any more. Link it below instead.")
    async with house.database.unit() as unit:
        await move_identity(
            unit, identity, actor_uri=new.uri, handle=f"{new.username}@{new.host}", host=new.host
        )
    return flash(request, redirect(SECURITY), "@%(handle)s signs you in from now on.", handle=new.username)


async def change_password(request: Request) -> Response:
    """The password is new, every other session has ended, this browser has a new one."""
    viewer, form, house = member_of(request), await read_form(request), house_of(request)
    house.limits.check("sign-in-account", viewer.account.id, WAIT)
    try:
        if not await _may_set_password(request, viewer, form.values.get("password", "")):
            raise Refusal("wrong-password", "This is not your password as it is now.")
        hashed = await hash_password(form.values.get("new_password", ""))
    except Refusal as error:
        return await security_page(request, {FIELDS[error.code]: error.message})
    async with house.database.unit() as unit:
        await replace_password(unit, viewer.account.id, hashed)
        second = viewer.second_at is not None
        token = await start_session(
            unit, viewer.account.id, device_of(request), how=viewer.how, second=second
        )
    response = flash(
        request, redirect(SECURITY), "Your password is new, and all other devices are signed out."
    )
    set_session(request, response, token)
    return response


async def needs_old_password(request: Request) -> bool:
    """Whether a new password wants the old one: not where there is none, nor soon after signing in without it."""
    viewer = member_of(request)
    ways = await find_ways(house_of(request).database, viewer.account.id)
    return ways.password and not (viewer.how in ("link", "fediverse") and is_fresh(request))


async def _may_set_password(request: Request, viewer: Viewer, password: str) -> bool:
    if not await needs_old_password(request):
        return is_fresh(request)
    opened = await open_account(house_of(request).database, viewer.account.display_name, password)
    return opened is not None and opened.id == viewer.account.id


@fresh
async def drop_password(request: Request) -> Response:
    """No password opens the account any more."""
    async with house_of(request).database.unit() as unit:
        await remove_password(unit, member_of(request).account.id)
    return flash(request, redirect(SECURITY), "Your password is removed.")


async def end(request: Request) -> Response:
    """That session has ended; ending one's own is signing out."""
    viewer, session_id = member_of(request), request.path_params["session_id"]
    async with house_of(request).database.unit() as unit:
        if not await end_session(unit, viewer.account.id, session_id):
            raise NotFound("no-session", "This session has ended already.")
    if session_id != viewer.session_id:
        return flash(request, redirect(SECURITY), "That device is signed out.")
    response = redirect("/")
    clear_session(request, response)
    return response


async def security_page(
    request: Request, errors: dict[str, str] | None = None, *, typed: str = ""
) -> Response:
    """The page, with what is wrong with a form of it (by field) and what was typed into the one for a handle."""
    viewer, house = member_of(request), house_of(request)
    account_id = viewer.account.id
    proved = await find_proved(request)
    if proved is not None and await find_identity(house.database, proved.actor_uri) is not None:
        proved = None
    return await render(
        request,
        "site/security.html",
        400 if errors else 200,
        identities=await find_identities(house.database, account_id),
        proved=proved,
        ways=await find_ways(house.database, account_id),
        email=viewer.account.email,
        asks_old=await needs_old_password(request),
        authenticators=await find_authenticators(house.database, account_id),
        recovery_codes=await count_recovery_codes(house.database, account_id),
        sessions=await find_sessions(house.database, account_id),
        this_session=viewer.session_id,
        errors=errors or {},
        typed=typed,
        noindex=True,
    )


def doors() -> list[Door]:
    """One's own doors only."""
    posts: dict[str, Endpoint] = {
        f"{SECURITY}/fediverse": link,
        f"{SECURITY}/proved": link_what_was_proved,
        f"{SECURITY}/fediverse/{{id}}/remove": remove_link,
        f"{SECURITY}/fediverse/{{id}}/move": answer_move,
        f"{SECURITY}/password/remove": drop_password,
        "/me/password": change_password,
        "/me/sessions/{session_id}/end": end,
    }
    return [Door(SECURITY, show, Permission.MEMBER)] + [
        Door(path, endpoint, Permission.MEMBER, methods=("POST",)) for path, endpoint in posts.items()
    ]
