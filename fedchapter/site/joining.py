"""Links that open once: join with a name and a way to sign in, or set a new password where the old one is lost.

operations.md §3 row D6 (single use, limits). The door is open to whoever holds the link, so the origin of its form is
checked here (row D4). Decision: the address that somebody who was invited types counts once a link in a letter to it
was opened. Else they could give another's, who later joins into an account that has a second owner; and learn from an
error who is a member.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import AccountRow, Permission, create_account, find_account, get_account
from ..members.accounts import check_display_name, check_password, hash_password, normal_email, set_password
from ..members.addresses import ask_address
from ..members.changes import update_account
from ..members.identities import Proved, link_proved
from ..members.invitations import Invited, get_invitation, use_invitation
from ..members.leaving import come_back, find_left
from ..members.voting_rights import find_votes_from
from ..notices.news import ROLES
from ..store import Unit
from ..store.choices import find_choice
from ..text import render_markdown
from ..web import Form, flash, identity_of, read_form, render
from ..web.address import limit_key
from ..web.guard import check_same_origin
from ..web.proved import drop_proved, find_proved
from ..words import mark, say
from .profile import send_to_confirm
from .sign_in import signed_in

FIELDS = {
    "display-name": "display_name",
    "name-taken": "display_name",
    "email": "email",
    "email-taken": "email",
    "mail-address": "email",
}
WELCOME_AND_LOOK = mark(
    "Welcome, %(name)s. You are signed in. To use your e-mail address, open the link in the letter that is on its "
    "way to it."
)
WAIT = mark("Too many tries with such links from your address. Please come back in an hour.")


async def show(request: Request) -> Response:
    """What the link is for, and the form."""
    invited = await _invited(request)
    return await _page(request, invited)


async def use(request: Request) -> Response:
    """The account is open and signed in, and the link is used up; or the form again, with what is wrong."""
    check_same_origin(request)
    house_of(request).limits.check("join", limit_key(request), WAIT)
    invited = await _invited(request)
    form, proved = await read_form(request), await _proved(request, invited)
    errors = check(form, invited, proved) | await _check_shared(request, invited, form)
    if errors:
        return await _page(request, invited, form, errors)
    password = form.values.get("password", "")
    hashed = await hash_password(password) if password else ""
    try:
        account = await _open(request, invited, form, hashed, proved)
    except Refusal as error:
        if error.code not in FIELDS:
            raise
        return await _page(request, invited, form, {FIELDS[error.code]: error.message})
    response = await signed_in(request, account, "/", how="fediverse" if proved else "password")
    if invited.purpose == "sign-in":
        return flash(request, response, mark("Your new password is set, and you are signed in."))
    drop_proved(request, response)
    waits = invited.made_by and form.text("email")
    welcome = WELCOME_AND_LOOK if waits else mark("Welcome, %(name)s. You are signed in.")
    return flash(request, response, welcome, name=account.display_name)


def check(form: Form, invited: Invited, proved: Proved | None = None) -> dict[str, str]:
    """What is wrong with the form, by field; whoever proved an account needs no password."""
    checks: dict[str, tuple[Callable[[str], object], str]] = {}
    if proved is None or form.values.get("password", ""):
        checks["password"] = (check_password, form.values.get("password", ""))
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


async def _check_shared(request: Request, invited: Invited, form: Form) -> dict[str, str]:
    if not await _shared_values(request, invited) or form.yes("shared"):
        return {}
    return {"shared": say("Please tick that you share what we stand for, if you do.")}


async def _shared_values(request: Request, invited: Invited) -> str:
    """What whoever is invited has to share; whoever founds the chapter has nothing to agree to yet."""
    if invited.purpose != "join" or not invited.made_by:
        return ""
    return await find_choice(house_of(request).database, "shared_values")


async def _proved(request: Request, invited: Invited) -> Proved | None:
    return await find_proved(request) if invited.purpose == "join" else None


async def _invited(request: Request) -> Invited:
    house = house_of(request)
    return await get_invitation(house.database, request.path_params["token"], house.clock.now())


async def _open(
    request: Request, invited: Invited, form: Form, hashed: str, proved: Proved | None
) -> AccountRow:
    token = request.path_params["token"]
    async with house_of(request).database.unit() as unit:
        account = await _account(unit, invited, form)
        await use_invitation(unit, token, account.id)
        if hashed:
            await set_password(unit, account.id, hashed)
        if proved is not None:
            await link_proved(unit, account.id, proved)
        return account


async def _account(unit: Unit, invited: Invited, form: Form) -> AccountRow:
    if invited.purpose == "sign-in" and await find_left(unit, invited.account_id):
        return await come_back(unit, invited.account_id)
    if invited.purpose == "sign-in":
        return await get_account(unit, invited.account_id)
    account = await create_account(
        unit,
        display_name=form.text("display_name"),
        role=invited.role,
        invited_by=invited.made_by,
        votes_from_at=await find_votes_from(unit),
    )
    email = form.text("email")
    if email and invited.made_by:
        await send_to_confirm(unit, account, await ask_address(unit, account.id, email))
        return account
    # Whoever founds the chapter, by a link of the server's shell, may have no mail server yet.
    return await update_account(unit, account.id, display_name=account.display_name, email=email)


async def _page(
    request: Request, invited: Invited, form: Form | None = None, errors: dict[str, str] | None = None
) -> Response:
    house = house_of(request)
    host = await find_account(house.database, invited.made_by)
    known = await find_account(house.database, invited.account_id)
    identity, proved = await identity_of(request), await _proved(request, invited)
    return await render(
        request,
        "site/join.html",
        400 if errors else 200,
        invited=invited,
        invited_by=host.display_name if host else "",
        known=known,
        first=invited.purpose == "join" and not invited.made_by,
        proved=proved,
        shared_values=render_markdown(await _shared_values(request, invited)),
        role=ROLES[invited.role],
        typed=form.values if form else {"display_name": proved.name if proved else ""},
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
