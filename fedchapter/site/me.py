"""One's own account: name, e-mail, password, sessions, and leaving.

DESIGN §1 (privacy by default); operations.md §3 row D6 (a new password ends every other session).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, Refusal
from ..house import Door, house_of
from ..members import Permission, find_account, start_session
from ..members.accounts import hash_password, open_account, set_password
from ..members.changes import leave, update_account
from ..members.sessions import end_session, find_sessions
from ..web import flash, member_of, read_form, redirect, render
from ..web.cookies import clear_session, set_session
from .sign_in import device_of

FIELDS = {
    "display-name": "display_name",
    "name-taken": "display_name",
    "email": "email",
    "email-taken": "email",
    "password": "new_password",
    "wrong-password": "password",
}
WAIT = "Too many tries. Wait a quarter of an hour."


async def show(request: Request) -> Response:
    """Everything this server knows about the account."""
    return await _page(request)


async def save(request: Request) -> Response:
    """Name and e-mail are changed."""
    viewer, form = member_of(request), await read_form(request)
    try:
        async with house_of(request).database.unit() as unit:
            await update_account(
                unit, viewer.account.id, display_name=form.text("display_name"), email=form.text("email")
            )
    except Refusal as error:
        return await _again(request, error, dict(form.values))
    return flash(request, redirect("/me"), "Saved.")


async def change_password(request: Request) -> Response:
    """The password is new, every other session has ended, this browser has a new one."""
    viewer, form, house = member_of(request), await read_form(request), house_of(request)
    house.limits.check("sign-in-account", viewer.account.id, WAIT)
    opened = await open_account(house.database, viewer.account.display_name, form.values.get("password", ""))
    try:
        if opened is None or opened.id != viewer.account.id:
            raise Refusal("wrong-password", "This is not your password as it is now.")
        hashed = await hash_password(form.values.get("new_password", ""))
    except Refusal as error:
        return await _again(request, error, {})
    async with house.database.unit() as unit:
        await set_password(unit, viewer.account.id, hashed)
        token = await start_session(unit, viewer.account.id, device_of(request))
    response = flash(request, redirect("/me"), "Your password is new, and all other devices are signed out.")
    set_session(request, response, token)
    return response


async def end(request: Request) -> Response:
    """That session has ended; ending one's own is signing out."""
    viewer, session_id = member_of(request), request.path_params["session_id"]
    async with house_of(request).database.unit() as unit:
        if not await end_session(unit, viewer.account.id, session_id):
            raise NotFound("no-session", "This session has ended already.")
    if session_id != viewer.session_id:
        return flash(request, redirect("/me"), "That device is signed out.")
    response = redirect("/")
    clear_session(request, response)
    return response


async def go(request: Request) -> Response:
    """The account is closed and its personal data are erased."""
    viewer, form = member_of(request), await read_form(request)
    if not form.yes("sure"):
        error = Refusal("not-sure", "Tick the box if you really want to leave.")
        return await _again(request, error, {})
    async with house_of(request).database.unit() as unit:
        await leave(unit, viewer.account.id)
    response = flash(request, redirect("/"), "You have left. Your name, e-mail and password are erased here.")
    clear_session(request, response)
    return response


async def _again(request: Request, error: Refusal, typed: dict[str, str]) -> Response:
    field = {"not-sure": "sure"}.get(error.code) or FIELDS.get(error.code)
    if field is None:
        raise error
    return await _page(request, {field: error.message}, typed, status=error.status)


async def _page(
    request: Request,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    viewer, house = member_of(request), house_of(request)
    account = viewer.account
    host = await find_account(house.database, account.invited_by)
    return await render(
        request,
        "site/me.html",
        status,
        account=account,
        invited_by=host.display_name if host else "",
        sessions=await find_sessions(house.database, account.id),
        this_session=viewer.session_id,
        errors=errors or {},
        typed={"display_name": account.display_name, "email": account.email} | (typed or {}),
        noindex=True,
    )


def doors() -> list[Door]:
    """The account's own doors."""
    return [
        Door("/me", show, Permission.MEMBER),
        Door("/me", save, Permission.MEMBER, methods=("POST",)),
        Door("/me/password", change_password, Permission.MEMBER, methods=("POST",)),
        Door("/me/sessions/{session_id}/end", end, Permission.MEMBER, methods=("POST",)),
        Door("/me/leave", go, Permission.MEMBER, methods=("POST",)),
    ]
