"""One's own account: name, e-mail, and leaving (how one signs in is on a page of its own, `security`).

DESIGN §1 (privacy by default).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import Permission, find_account
from ..members.changes import update_account
from ..members.leaving import leave
from ..web import flash, member_of, read_form, redirect, render
from ..web.cookies import clear_session
from .security import AGAIN, is_fresh

FIELDS = {
    "display-name": "display_name",
    "name-taken": "display_name",
    "email": "email",
    "email-taken": "email",
    "last-way-in": "email",
}


async def show(request: Request) -> Response:
    """Everything this server knows about the account."""
    return await _page(request)


async def save(request: Request) -> Response:
    """Name and e-mail are changed; another address wants a sign-in of the last hour, since links are sent to it."""
    viewer, form = member_of(request), await read_form(request)
    if form.text("email").lower() != viewer.account.email and not is_fresh(request):
        return flash(request, redirect(AGAIN), "Sign in once more to change your address.", "info")
    try:
        async with house_of(request).database.unit() as unit:
            await update_account(
                unit, viewer.account.id, display_name=form.text("display_name"), email=form.text("email")
            )
    except Refusal as error:
        return await _again(request, error, dict(form.values))
    return flash(request, redirect("/me"), "Saved.")


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
        errors=errors or {},
        typed={"display_name": account.display_name, "email": account.email} | (typed or {}),
        noindex=True,
    )


def doors() -> list[Door]:
    """The account's own doors."""
    return [
        Door("/me", show, Permission.MEMBER),
        Door("/me", save, Permission.MEMBER, methods=("POST",)),
        Door("/me/leave", go, Permission.MEMBER, methods=("POST",)),
    ]
