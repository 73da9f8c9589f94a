"""Links that open once: join with a name and a password, or set a new password where the old one is lost.

operations.md §3 row D6 (single use, limits). The door is open to whoever holds the link, so the origin of its form is
checked here (row D4).
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import AccountRow, Permission, create_account, find_account, get_account
from ..members.accounts import check_display_name, check_password, hash_password, normal_email, set_password
from ..members.changes import update_account
from ..members.invitations import Invited, get_invitation, use_invitation
from ..store import Unit
from ..web import Form, flash, identity_of, read_form, render
from ..web.address import limit_key
from ..web.guard import check_same_origin
from .sign_in import signed_in

FIELDS = {
    "display-name": "display_name",
    "name-taken": "display_name",
    "email": "email",
    "email-taken": "email",
}
WAIT = "Too many tries with such links from your address. Please come back in an hour."


async def show(request: Request) -> Response:
    """What the link is for, and the form."""
    invited = await _invited(request)
    return await _page(request, invited)


async def use(request: Request) -> Response:
    """The account is open and signed in, and the link is used up; or the form again, with what is wrong."""
    check_same_origin(request)
    house_of(request).limits.check("join", limit_key(request), WAIT)
    invited = await _invited(request)
    form = await read_form(request)
    errors = check(form, invited)
    if errors:
        return await _page(request, invited, form, errors)
    hashed = await hash_password(form.values.get("password", ""))
    try:
        account = await _open(request, invited, form, hashed)
    except Refusal as error:
        if error.code not in FIELDS:
            raise
        return await _page(request, invited, form, {FIELDS[error.code]: error.message})
    response = await signed_in(request, account, "/")
    if invited.purpose == "sign-in":
        return flash(request, response, "Your new password is set, and you are signed in.")
    return flash(request, response, f"Welcome, {account.display_name}. You are signed in.")


def check(form: Form, invited: Invited) -> dict[str, str]:
    """What is wrong with the form, by field."""
    checks: dict[str, tuple[Callable[[str], object], str]] = {
        "password": (check_password, form.values.get("password", ""))
    }
    if invited.purpose == "join":
        checks["display_name"] = (check_display_name, form.text("display_name"))
        checks["email"] = (normal_email, form.text("email"))
    errors: dict[str, str] = {}
    for field, (check_one, text) in checks.items():
        try:
            check_one(text)
        except Refusal as error:
            errors[field] = error.message
    return errors


async def _invited(request: Request) -> Invited:
    house = house_of(request)
    return await get_invitation(house.database, request.path_params["token"], house.clock.now())


async def _open(request: Request, invited: Invited, form: Form, hashed: str) -> AccountRow:
    token = request.path_params["token"]
    async with house_of(request).database.unit() as unit:
        account = await _account(unit, invited, form)
        await use_invitation(unit, token, account.id)
        await set_password(unit, account.id, hashed)
        return account


async def _account(unit: Unit, invited: Invited, form: Form) -> AccountRow:
    if invited.purpose == "sign-in":
        return await get_account(unit, invited.account_id)
    account = await create_account(
        unit, display_name=form.text("display_name"), role=invited.role, invited_by=invited.made_by
    )
    if not form.text("email"):
        return account
    return await update_account(unit, account.id, display_name=account.display_name, email=form.text("email"))


async def _page(
    request: Request, invited: Invited, form: Form | None = None, errors: dict[str, str] | None = None
) -> Response:
    house = house_of(request)
    host = await find_account(house.database, invited.made_by)
    known = await find_account(house.database, invited.account_id)
    identity = await identity_of(request)
    return await render(
        request,
        "site/join.html",
        400 if errors else 200,
        invited=invited,
        invited_by=host.display_name if host else "",
        known=known,
        first=invited.purpose == "join" and not invited.made_by,
        typed=form.values if form else {},
        errors=errors or {},
        until_at=invited.ends_at.astimezone(identity.zone),
        action=request.url.path,
        noindex=True,
    )


def doors() -> list[Door]:
    """One address, for whoever holds its secret."""
    return [
        Door("/join/{token}", show, Permission.TOKEN),
        Door("/join/{token}", use, Permission.TOKEN, methods=("POST",)),
    ]
