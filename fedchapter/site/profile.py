"""One's own account: name, e-mail with its confirmation, and the details that the chapter asks for.

DESIGN §1 (privacy by default); operations.md §3 row D6 (another address wants a sign-in of the last hour, and a link
that was opened there).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, House, house_of
from ..house.letters import chapter_name, send_letter
from ..mail import Letter
from ..members import AccountRow, Permission, find_account
from ..members.addresses import Wish, ask_address, confirm_address
from ..members.changes import update_account
from ..members.details import find_asked, find_details, save_details
from ..store import Unit
from ..web import Form, flash, member_of, read_form, redirect, render
from ..words import mark, say, speaking
from .security import AGAIN, is_fresh

PATH = "/me/profile"
FIELDS = {
    "display-name": "display_name",
    "name-taken": "display_name",
    "email": "email",
    "last-way-in": "email",
    "legal-name": "legal_name",
    "phone": "phone",
}
WAIT = mark("Too many tries. Wait a quarter of an hour.")
FRESH_FIRST = mark("Sign in once more to change your address.")
LOOK = mark("Saved. To use the new address, open the link in the letter that is on its way to it.")


async def show(request: Request) -> Response:
    """The form with what is known."""
    return await _page(request)


async def save(request: Request) -> Response:
    """Name and details are changed; a new address waits until its link was opened, no address counts at once."""
    house, account = house_of(request), member_of(request).account
    form = await read_form(request)
    email = form.text("email").lower()
    if email != account.email and not is_fresh(request):
        return flash(request, redirect(AGAIN), FRESH_FIRST, "info")
    if email != account.email:
        house.limits.check("sign-in-account", f"email:{account.id}", WAIT)
    try:
        async with house.database.unit() as unit:
            await _save(unit, account, form, email)
    except Refusal as error:
        if error.code not in FIELDS:
            raise
        return await _page(request, {FIELDS[error.code]: error.message}, form, status=error.status)
    said = LOOK if email and email != account.email else mark("Saved.")
    return flash(request, redirect(PATH), said)


async def _save(unit: Unit, account: AccountRow, form: Form, email: str) -> None:
    kept = account.email if email else ""
    await update_account(unit, account.id, display_name=form.text("display_name"), email=kept)
    await save_details(unit, account.id, legal_name=form.text("legal_name"), phone=form.text("phone"))
    if email and email != account.email:
        await send_to_confirm(unit, account, await ask_address(unit, account.id, email))


async def send_to_confirm(unit: Unit, account: AccountRow, wish: Wish) -> None:
    """A letter to the address says what to do, and names nobody: it may be a stranger's by a typing mistake."""
    with speaking(account.language or unit.language):
        name = await chapter_name(unit, unit.settings.chapter_uri)
        if wish.token:
            link = unit.settings.uri("me", "email", wish.token)
            text = say(
                "Hello,\n\nto use this address at %(chapter)s, open this link and confirm:\n\n%(link)s\n\n"
                "It works once, within a day. If you did not ask for it, do nothing.",
                chapter=name,
                link=link,
            )
        else:
            text = say(
                "Hello,\n\nsomebody wanted to use this address for an account at %(chapter)s. It belongs to your own "
                "account there already, so nothing was changed. If that was not you, do nothing.",
                chapter=name,
            )
        subject = say("Your address")
    await send_letter(unit, Letter(wish.email, subject, text))


async def ask_to_confirm(request: Request) -> Response:
    """The page behind the link: one button, so that a program that looks at links confirms nothing."""
    return await render(request, "site/my_email.html", action=request.url.path, noindex=True)


async def confirm(request: Request) -> Response:
    """The address is the account's now."""
    account_id, token = member_of(request).account.id, request.path_params["token"]
    async with house_of(request).database.unit() as unit:
        await confirm_address(unit, account_id, token)
    return flash(request, redirect(PATH), mark("Your new address is in use."))


async def _page(
    request: Request, errors: dict[str, str] | None = None, form: Form | None = None, *, status: int = 200
) -> Response:
    house, account = house_of(request), member_of(request).account
    details = await find_details(house.database, account.id)
    known = {
        "display_name": account.display_name,
        "email": account.email,
        "legal_name": details.legal_name,
        "phone": details.phone,
    }
    return await render(
        request,
        "site/my_profile.html",
        status,
        account=account,
        invited_by=await _host(house, account),
        asked=await find_asked(house.database),
        errors=errors or {},
        typed=known | dict(form.values if form else {}),
        noindex=True,
    )


async def _host(house: House, account: AccountRow) -> str:
    host = await find_account(house.database, account.invited_by)
    return host.display_name if host else ""


def doors() -> list[Door]:
    """One's own."""
    return [
        Door(PATH, show, Permission.MEMBER),
        Door(PATH, save, Permission.MEMBER, methods=("POST",)),
        Door("/me/email/{token}", ask_to_confirm, Permission.MEMBER),
        Door("/me/email/{token}", confirm, Permission.MEMBER, methods=("POST",)),
    ]
