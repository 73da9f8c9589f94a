"""What is written to whoever wants to join, and how organizers hear of them.

operations.md §3 row D6: to an address that nobody has confirmed goes one letter, the same in form whoever it belongs
to, and only its owner learns whether they are a member. No subject says what it is about.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from ..house.letters import LINK, chapter_name, send_letter
from ..jobs import job, schedule
from ..mail import Letter
from ..members import AccountRow, Role, find_account, find_holders
from ..members.applications import (
    KEPT_FOR,
    Application,
    Applied,
    Approved,
    Draft,
    Refused,
    find_waiting_of,
    forget_decided,
)
from ..members.tickets import Ticket, issue
from ..store import Unit, publishes
from ..store.choices import find_language
from ..store.sealed import seal, unseal
from ..words import mark, say, speaking
from .draft import Notice
from .tell import tell

PURPOSE = "application"
CONFIRM_LASTS = timedelta(days=2)
WELCOME_LASTS = timedelta(days=7)
PAGE = "/admin/applications"
FORGET = "forget-applications"
DECIDERS = (Role.ORGANIZER, Role.ADMIN)


async def ask_to_confirm(unit: Unit, draft: Draft, secret: bytes) -> None:
    """A letter is on its way: with a link that sends the application off, or with what we know of that address."""
    member = await unit.row(
        "SELECT id FROM account WHERE email = ? AND state = 'active' ORDER BY created_at LIMIT 1", draft.email
    )
    account = await find_account(unit, member["id"]) if member else None
    language = (account.language if account else "") or draft.language
    with speaking(language or await find_language(unit, unit.settings)):
        if account is not None:
            text = await _member_already(unit, account)
        elif waiting := await find_waiting_of(unit, email=draft.email):
            text = await _waits_already(unit, waiting, secret)
        else:
            text = await _please_confirm(unit, draft)
        letter = Letter(draft.email, say("Please confirm your address"), text)
    await send_letter(unit, letter)


async def _please_confirm(unit: Unit, draft: Draft) -> str:
    token = await issue(unit, PURPOSE, asdict(draft), lasts=CONFIRM_LASTS)
    await _plan_forgetting(unit, CONFIRM_LASTS)
    # Not by name: whoever filled in the form could write to strangers through us, in a hundred characters.
    return say(
        "Hello,\n\nto join %(chapter)s, please open this link and press the button there:\n\n%(link)s\n\n"
        "It works for two days. Was it not you who asked? Then do nothing, and what was written is erased.",
        chapter=await chapter_name(unit, unit.settings.chapter_uri),
        link=unit.settings.uri("join", "confirm", token),
    )


async def _member_already(unit: Unit, account: AccountRow) -> str:
    return say(
        "Hello %(person)s,\n\nsomebody, probably you, asked to join %(chapter)s with this address. "
        "You are a member already. This is where you sign in:\n\n%(link)s\n\nIf it was not you, do nothing.",
        person=account.display_name,
        chapter=await chapter_name(unit, unit.settings.chapter_uri),
        link=unit.settings.uri("sign-in"),
    )


async def _waits_already(unit: Unit, application: Application, secret: bytes) -> str:
    return say(
        "Hello %(person)s,\n\nyour application to %(chapter)s is there already, and waits for an answer. "
        "Here you see it, or take it back:\n\n%(link)s",
        person=application.display_name,
        chapter=await chapter_name(unit, unit.settings.chapter_uri),
        link=link_to(unit, application.id, secret),
    )


def link_to(unit: Unit, application_id: str, secret: bytes) -> str:
    """Where whoever applied sees what became of it."""
    return unit.settings.uri("join", "mine", seal(secret, PURPOSE, application_id))


def read_link(secret: bytes, token: str) -> str:
    """The id of the application in such a link; empty when it is not one of ours."""
    return unseal(secret, PURPOSE, token) or ""


def to_draft(ticket: Ticket) -> Draft:
    """What was written when the ticket was issued."""
    answers = tuple((str(question), str(answer)) for question, answer in ticket.data["answers"])
    return Draft(**{**ticket.data, "answers": answers, "proved": None})


async def send_welcome(unit: Unit, account: AccountRow, message: str = "") -> None:
    """A letter with a link that signs the new member in is on its way; nothing where there is no address."""
    if not account.email:
        return
    token = await issue(unit, LINK, {"wanted": "/me"}, lasts=WELCOME_LASTS, account_id=account.id)
    with speaking(account.language or await find_language(unit, unit.settings)):
        text = say(
            "Hello %(person)s,\n\nwelcome: you are a member of %(chapter)s now. This link signs you in:\n\n%(link)s\n\n"
            "It works once, within a week. Later you get a new one at %(page)s with this address.",
            person=account.display_name,
            chapter=await chapter_name(unit, unit.settings.chapter_uri),
            link=unit.settings.uri("sign-in", "link", token),
            page=unit.settings.uri("sign-in"),
        )
        letter = Letter(account.email, say("The answer to what you asked"), _with_message(text, message))
    await send_letter(unit, letter)


def _with_message(text: str, message: str) -> str:
    if not message:
        return text
    return say("%(text)s\n\nAn organizer writes to you:\n\n%(message)s", text=text, message=message)


@publishes(Applied)
async def applied(unit: Unit, happening: Applied) -> None:
    """Organizers hear that somebody waits."""
    application = happening.application
    notice = Notice(
        "people",
        f"applied:{application.id}",
        mark("%(name)s wants to join."),
        f"{PAGE}/{application.id}",
        {"name": application.display_name},
    )
    await tell(unit, notice, to=await find_holders(unit, DECIDERS, unit.now))


@publishes(Approved)
async def approved(unit: Unit, happening: Approved) -> None:
    """The new member is welcomed; where everybody may join, organizers hear of it."""
    application, account = happening.application, happening.account
    await _plan_forgetting(unit, KEPT_FOR)
    if application.decided_by:
        await send_welcome(unit, account, application.message)
        return
    text = mark("%(name)s has joined.")
    key, values = f"joined:{account.id}", {"name": account.display_name}
    notice = Notice("people", key, text, PAGE, values, by=account.id)
    await tell(unit, notice, to=await find_holders(unit, DECIDERS, unit.now))


@publishes(Refused)
async def refused(unit: Unit, happening: Refused) -> None:
    """Whoever asked is told no, with what the organizer wrote; by mail where there is an address."""
    application = happening.application
    await _plan_forgetting(unit, KEPT_FOR)
    if not application.email:
        return
    with speaking(application.language or await find_language(unit, unit.settings)):
        text = say(
            "Hello %(person)s,\n\n%(chapter)s has not taken up your application. "
            "What you wrote is erased in a month.",
            person=application.display_name,
            chapter=await chapter_name(unit, unit.settings.chapter_uri),
        )
        letter = Letter(
            application.email, say("The answer to what you asked"), _with_message(text, application.message)
        )
    await send_letter(unit, letter)


async def _plan_forgetting(unit: Unit, after: timedelta) -> None:
    # A day has one such job, an hour after its end, so that all of the day is over then.
    day = (unit.now + after + timedelta(days=1)).replace(hour=1, minute=0, second=0, microsecond=0)
    await schedule(unit, FORGET, {}, due_at=day, key=f"{FORGET}:{day:%Y-%m-%d}")


@job(FORGET)
async def forget(unit: Unit, payload: dict[str, Any]) -> None:
    """Applications decided a month ago are erased, and what nobody confirmed."""
    await forget_decided(unit)
    await unit.execute("DELETE FROM ticket WHERE ends_at <= ?", unit.now)


JOBS = (forget,)
