"""News by mail for anybody: the form, the link that confirms, one's own settings by a link, and leaving in one click.

RFC 8058 §3 (a POST leaves at once, without cookies or redirects; a GET changes nothing); operations.md §3 row D6 (the
same answer whether the address is known or not). No address is stored before its owner confirmed it.
"""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, Refusal, TooMany
from ..house import Door, house_of
from ..house.letters import chapter_name, send_letter
from ..mail import Letter
from ..mail.subscribers import (
    DAILY,
    ONCE,
    WEEKLY,
    Subscriber,
    Wish,
    change_wish,
    check_wish,
    erase,
    find_subscriber,
)
from ..mail.subscribers import subscribe as keep
from ..members import Permission
from ..members.accounts import normal_email
from ..members.standing import find_zone
from ..members.tickets import Ticket, find_ticket, issue, use_ticket
from ..notices.subscribers import links_of, plan, read_link
from ..store import Unit
from ..web import Form, flash, read_form, redirect, render
from ..web.address import limit_key
from ..web.guard import check_same_origin
from ..words import LANGUAGES, mark, say, spoken
from .join import WAIT, check_email

PURPOSE = "subscribe"
LASTS = timedelta(days=2)
OVER = mark("This link was used already, or is over. Fill in the form again.")
GONE = mark("We have no such address any more: nothing is sent to it.")
HOWS = (
    (ONCE, mark("Each at once")),
    (DAILY, mark("One letter a day, when there is something new")),
    (WEEKLY, mark("One letter a week, on Thursdays, when there is something new")),
)
FIELDS = {"no-kind": "kinds", "no-how": "how"}


async def show(request: Request) -> Response:
    """The form."""
    return await _form_page(request, Wish(True, True, WEEKLY, spoken()))


async def ask(request: Request) -> Response:
    """A letter asks the address's owner to confirm; or the form again, with what is wrong."""
    form, house = await read_form(request), house_of(request)
    wish = read_wish(form)
    errors = check_email(form) | check(wish)
    if errors:
        return await _form_page(request, wish, email=form.text("email"), errors=errors)
    house.limits.check("ask-address", limit_key(request), WAIT)
    email = normal_email(form.text("email"))
    if not house.limits.admit("ask-mail", email):
        raise TooMany("too-many", WAIT, 3600)
    async with house.database.unit() as unit:
        await _ask_to_confirm(unit, email, wish)
    return await render(request, "site/subscribe_sent.html", email=email, noindex=True)


async def _ask_to_confirm(unit: Unit, email: str, wish: Wish) -> None:
    data = {"email": email, "wish": [wish.announcements, wish.events, wish.how, wish.language]}
    token = await issue(unit, PURPOSE, data, lasts=LASTS)
    text = say(
        "Hello,\n\nsomebody, probably you, wants news of %(chapter)s at this address. "
        "If so, open this link and press the button there:\n\n%(link)s\n\n"
        "It works for two days. If it was not you, do nothing: you get no more mail, and the address is kept nowhere.",
        chapter=await chapter_name(unit, unit.settings.chapter_uri),
        link=unit.settings.uri("subscribe", "confirm", token),
    )
    await send_letter(unit, Letter(email, say("Please confirm your address"), text))


def read_wish(form: Form) -> Wish:
    """What the form asks for; a language that is none of ours becomes the one of the page."""
    language = form.text("language")
    known = language if language in LANGUAGES else spoken()
    return Wish(form.yes("announcements"), form.yes("events"), form.text("how"), known)


def check(wish: Wish) -> dict[str, str]:
    """What is wrong, by field."""
    try:
        check_wish(wish)
    except Refusal as error:
        return {FIELDS[error.code]: error.message}
    return {}


async def open_link(request: Request) -> Response:
    """The button that confirms; nothing has happened yet."""
    house = house_of(request)
    ticket = await find_ticket(house.database, PURPOSE, request.path_params["token"], house.clock.now())
    email = str(_still(ticket).data["email"])
    return await render(
        request, "site/subscribe_confirm.html", email=email, action=request.url.path, noindex=True
    )


def _still(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise NotFound("link-over", OVER)
    return ticket


async def confirm(request: Request) -> Response:
    """The address gets what its owner wished; on to their own page."""
    check_same_origin(request)
    house = house_of(request)
    async with house.database.unit() as unit:
        ticket = _still(await use_ticket(unit, PURPOSE, request.path_params["token"]))
        subscriber = await keep(unit, ticket.data["email"], Wish(*ticket.data["wish"]), await find_zone(unit))
        await plan(unit, subscriber.due_at)
        change_url, _ = links_of(unit, house.secret, subscriber)
    response = redirect(change_url.removeprefix(house.settings.origin))
    return flash(request, response, mark("Done: from now on you get our news."))


async def mine(request: Request) -> Response:
    """What this address gets."""
    subscriber = await _get(request)
    return await _mine_page(request, subscriber, subscriber.wish)


async def change(request: Request) -> Response:
    """The address gets what its owner wishes now."""
    check_same_origin(request)
    subscriber, form = await _get(request), await read_form(request)
    wish = read_wish(form)
    errors = check(wish)
    if errors:
        return await _mine_page(request, subscriber, wish, errors)
    async with house_of(request).database.unit() as unit:
        await change_wish(unit, subscriber.id, wish, await find_zone(unit))
        changed = await find_subscriber(unit, subscriber.id)
        await plan(unit, changed.due_at if changed else None)
    return flash(request, redirect(request.url.path), mark("Saved."))


async def ask_to_stop(request: Request) -> Response:
    """The page with the button; nothing has changed."""
    token = request.path_params["token"]
    known = await _find(request)
    return await render(request, "site/subscribe_stop.html", stopped=known is None, token=token, noindex=True)


async def stop(request: Request) -> Response:
    """The address is erased here, and nothing more is sent to it; again is the same."""
    house, token = house_of(request), request.path_params["token"]
    subscriber_id = read_link(house.secret, token)
    if not subscriber_id:
        raise NotFound("no-subscriber", GONE)
    async with house.database.unit() as unit:
        await erase(unit, subscriber_id)
    return await render(request, "site/subscribe_stop.html", stopped=True, token=token, noindex=True)


async def _find(request: Request) -> Subscriber | None:
    house = house_of(request)
    subscriber_id = read_link(house.secret, request.path_params["token"])
    if not subscriber_id:
        raise NotFound("no-subscriber", GONE)
    return await find_subscriber(house.database, subscriber_id)


async def _get(request: Request) -> Subscriber:
    found = await _find(request)
    if found is None:
        raise NotFound("no-subscriber", GONE)
    return found


def _fields(wish: Wish, errors: dict[str, str] | None) -> dict[str, Any]:
    return {
        "wish": wish,
        "hows": [(value, say(words)) for value, words in HOWS],
        "tongues": list(LANGUAGES.items()),
        "errors": errors or {},
    }


async def _form_page(
    request: Request, wish: Wish, *, email: str = "", errors: dict[str, str] | None = None
) -> Response:
    status = 400 if errors else 200
    return await render(request, "site/subscribe.html", status, email=email, **_fields(wish, errors))


async def _mine_page(
    request: Request, subscriber: Subscriber, wish: Wish, errors: dict[str, str] | None = None
) -> Response:
    return await render(
        request,
        "site/subscribe_mine.html",
        400 if errors else 200,
        email=subscriber.email,
        token=request.path_params["token"],
        noindex=True,
        **_fields(wish, errors),
    )


def doors() -> list[Door]:
    """The form, and what the links in letters open."""
    token = Permission.TOKEN
    return [
        Door("/subscribe", show, Permission.ANYONE),
        Door("/subscribe", ask, Permission.ANYONE, methods=("POST",)),
        Door("/subscribe/confirm/{token}", open_link, token),
        Door("/subscribe/confirm/{token}", confirm, token, methods=("POST",)),
        Door("/subscribe/mine/{token}", mine, token),
        Door("/subscribe/mine/{token}", change, token, methods=("POST",)),
        Door("/subscribe/stop/{token}", ask_to_stop, token),
        Door("/subscribe/stop/{token}", stop, token, methods=("POST",)),
    ]
