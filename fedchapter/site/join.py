"""Asking to join: the public form, the link that confirms an address, and what became of it.

operations.md §3 row D6: whatever the address, the same page answers, in the same time; only the letter says more. A
link opened by a mail scanner changes nothing: there is a button on its page.
"""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, Refusal, TooMany
from ..house import Door, house_of
from ..mail.letter import to_address
from ..members import AccountRow, Permission
from ..members.accounts import check_display_name, normal_email
from ..members.applications import (
    Application,
    Draft,
    apply,
    find_application,
    find_latest_of,
    join_at_once,
    withdraw,
)
from ..members.identities import Proved
from ..members.questions import check_answer, to_answers, to_questions
from ..members.tickets import Ticket, find_ticket, use_ticket
from ..notices.applying import PURPOSE, ask_to_confirm, link_to, read_link, to_draft
from ..store import Unit
from ..store.choices import find_choices
from ..web import Form, flash, read_form, redirect, render, viewer_of
from ..web.address import limit_key
from ..web.guard import check_same_origin
from ..web.proved import drop_proved, find_proved
from ..words import mark, say, spoken
from .entering import signed_in
from .join_form import join_page

WAIT = mark("That were many questions from you in a short time. Please come back in an hour.")
OVER = mark("This link was used already, or is over. Fill in the form again.")
CLOSED = mark("New members come by invitation only here. Ask somebody you know.")
GONE = mark("There is no application any more: it was taken back, or decided more than a month ago.")


async def show(request: Request) -> Response:
    """The form; or what became of the application of whoever stands there with a fediverse account."""
    proved = await find_proved(request)
    found = await find_latest_of(house_of(request).database, proved) if proved else None
    again = request.query_params.get("again", "") == "1"
    if found is not None and viewer_of(request) is None and (found.state == "waiting" or not again):
        return await _status(request, found, "/join/mine")
    return await join_page(request, proved=proved)


async def send(request: Request) -> Response:
    """The application waits, or a letter asks to confirm it; or the form again, with what is wrong."""
    form, proved, house = await read_form(request), await find_proved(request), house_of(request)
    choices = await find_choices(house.database)
    if choices["joining_mode"] == "invitation":
        raise Refusal("by-invitation", CLOSED)
    errors = check(form, choices, proved)
    if errors:
        return await join_page(request, proved=proved, form=form, errors=errors)
    house.limits.check("ask-address", limit_key(request), WAIT)
    draft = to_new_draft(form, choices, proved)
    if proved is not None:
        return await _send_proved(request, draft)
    if not house.limits.admit("ask-mail", draft.email):
        raise TooMany("too-many", WAIT, 3600)
    async with house.database.unit() as unit:
        await ask_to_confirm(unit, draft, house.secret)
    return await render(request, "site/join_sent.html", email=draft.email, noindex=True)


def check(form: Form, choices: dict[str, str], proved: Proved | None) -> dict[str, str]:
    """What is wrong with the form, by field."""
    errors: dict[str, str] = {}
    try:
        check_display_name(form.text("display_name"))
    except Refusal as error:
        errors["display_name"] = error.message
    if proved is None:
        errors |= check_email(form)
    for question in to_questions(choices["joining_questions"]):
        try:
            check_answer(question, form.text(question.field))
        except Refusal as error:
            errors[question.field] = error.message
    if choices["shared_values"] and not form.yes("shared"):
        errors["shared"] = say("Please tick that you share what we stand for, if you do.")
    return errors


def check_email(form: Form) -> dict[str, str]:
    """What is wrong with the address, by field."""
    try:
        to_address(normal_email(form.text("email")))
    except Refusal:
        return {"email": say("Please write an e-mail address like name@example.org.")}
    return {}


def to_new_draft(form: Form, choices: dict[str, str], proved: Proved | None) -> Draft:
    """What the form says, which has been checked."""
    return Draft(
        check_display_name(form.text("display_name")),
        "" if proved else normal_email(form.text("email")),
        to_answers(to_questions(choices["joining_questions"]), form.values),
        spoken(),
        proved,
    )


async def _send_proved(request: Request, draft: Draft) -> Response:
    async with house_of(request).database.unit() as unit:
        account = await take(unit, draft)
    if not isinstance(account, AccountRow):
        return redirect("/join")
    response = await _welcome(request, account, how="fediverse")
    drop_proved(request, response)
    return response


async def take(unit: Unit, draft: Draft) -> AccountRow | Application:
    """A member where everybody may join, else an application that waits; raises Refusal by invitation only."""
    mode = (await find_choices(unit))["joining_mode"]
    if mode == "invitation":
        raise Refusal("by-invitation", CLOSED)
    return await (join_at_once if mode == "open" else apply)(unit, draft)


async def _welcome(request: Request, account: AccountRow, *, how: str) -> Response:
    response = await signed_in(request, account, "/me", how=how)
    return flash(request, response, "Welcome, %(name)s. You are a member now.", name=account.display_name)


async def open_link(request: Request) -> Response:
    """The button that sends the application off; nothing has happened yet."""
    house = house_of(request)
    ticket = await find_ticket(house.database, PURPOSE, request.path_params["token"], house.clock.now())
    return await render(
        request,
        "site/join_confirm.html",
        draft=to_draft(_still(ticket)),
        mode=(await find_choices(house.database))["joining_mode"],
        action=request.url.path,
        noindex=True,
    )


def _still(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise NotFound("link-over", OVER)
    return ticket


async def confirm(request: Request) -> Response:
    """The address is proved: the application waits, or its sender is a member and signed in."""
    check_same_origin(request)
    house = house_of(request)
    async with house.database.unit() as unit:
        draft = to_draft(_still(await use_ticket(unit, PURPOSE, request.path_params["token"])))
        taken = await take(unit, replace(draft, language=draft.language or spoken()))
        link = "" if isinstance(taken, AccountRow) else link_to(unit, taken.id, house.secret)
    if isinstance(taken, AccountRow):
        return await _welcome(request, taken, how="link")
    return redirect(link.removeprefix(house.settings.origin))


async def mine(request: Request) -> Response:
    """What became of one's application."""
    return await _status(request, await _mine(request), request.url.path)


async def take_back(request: Request) -> Response:
    """What one wrote is erased."""
    check_same_origin(request)
    application = await _mine(request)
    async with house_of(request).database.unit() as unit:
        await withdraw(unit, application.id)
    return flash(request, redirect("/join"), "Your application is taken back, and what you wrote is erased.")


async def take_back_proved(request: Request) -> Response:
    """The same, for whoever stands there with a fediverse account."""
    proved = await find_proved(request)
    if proved is None:
        return redirect("/join")
    async with house_of(request).database.unit() as unit:
        found = await find_latest_of(unit, proved)
        if found is not None:
            await withdraw(unit, found.id)
    response = flash(request, redirect("/"), "Your application is taken back, and what you wrote is erased.")
    drop_proved(request, response)
    return response


async def _mine(request: Request) -> Application:
    house = house_of(request)
    application_id = read_link(house.secret, request.path_params["token"])
    found = await find_application(house.database, application_id) if application_id else None
    if found is None:
        raise NotFound("no-application", GONE)
    return found


async def _status(request: Request, application: Application, action: str) -> Response:
    return await render(
        request, "site/join_status.html", application=application, action=action, noindex=True
    )


def doors() -> list[Door]:
    """The form, the link in the letter, and the page of one's own application."""
    return [
        Door("/join", show, Permission.ANYONE),
        Door("/join", send, Permission.ANYONE, methods=("POST",)),
        Door("/join/mine", take_back_proved, Permission.ANYONE, methods=("POST",)),
        Door("/join/confirm/{token}", open_link, Permission.TOKEN),
        Door("/join/confirm/{token}", confirm, Permission.TOKEN, methods=("POST",)),
        Door("/join/mine/{token}", mine, Permission.TOKEN),
        Door("/join/mine/{token}", take_back, Permission.TOKEN, methods=("POST",)),
    ]
