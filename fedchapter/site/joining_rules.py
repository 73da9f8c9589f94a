"""How people join: everybody, by decision or by invitation; what they share and are asked; when they may vote.

issue of joining; decisions.md §1 (waiting time before voting). For organizers, since they answer who asks.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..mail.subscribers import count_subscribers
from ..members import Permission
from ..members.questions import QUESTION_CHARS_MAX, QUESTIONS_MAX, check_questions
from ..members.voting_rights import WAIT_DAYS_MAX, to_days
from ..store.choices import choose, find_choices
from ..web import Form, admin_tabs, flash, read_form, redirect, render
from ..words import mark, say
from .joining_tabs import joining_tabs

PAGE = "/admin/joining"
MODES = (
    ("approval", mark("Whoever asks, once an organizer has said yes")),
    ("open", mark("Whoever asks, at once")),
    ("invitation", mark("Only by invitation")),
)
NAMES = ("joining_mode", "joining_questions", "shared_values", "voting_wait_days")
VALUES_CHARS_MAX = 10_000


async def show(request: Request) -> Response:
    """The rules as they are."""
    return await _page(request, await find_choices(house_of(request).database))


async def save(request: Request) -> Response:
    """The rules stand from now on; or the form again, with what is wrong."""
    form, house = await read_form(request), house_of(request)
    values = read_values(form)
    errors = check(values)
    if errors:
        return await _page(request, values, errors)
    async with house.database.unit() as unit:
        for name, value in values.items():
            await choose(unit, name, value)
    request.app.state.identity.forget()
    return flash(request, redirect(PAGE), mark("Saved."))


def read_values(form: Form) -> dict[str, str]:
    """What the form says, by the names of the settings."""
    return {name: form.text(name) for name in NAMES} | {
        "discreet_mail": "yes" if form.yes("discreet_mail") else "no"
    }


def check(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by field."""
    errors: dict[str, str] = {}
    if values["joining_mode"] not in dict(MODES):
        errors["joining_mode"] = say("Choose one of the three.")
    try:
        check_questions(values["joining_questions"])
    except Refusal as error:
        errors["joining_questions"] = error.message
    if len(values["shared_values"]) > VALUES_CHARS_MAX:
        errors["shared_values"] = say("At most %(max)s characters.", max=VALUES_CHARS_MAX)
    try:
        to_days(values["voting_wait_days"])
    except ValueError:
        errors["voting_wait_days"] = say("A number of days from 0 to %(max)s.", max=WAIT_DAYS_MAX)
    return errors


async def _page(
    request: Request, values: Mapping[str, str], errors: dict[str, str] | None = None
) -> Response:
    return await render(
        request,
        "site/joining_rules.html",
        400 if errors else 200,
        values=values,
        errors=errors or {},
        modes=[(value, say(words)) for value, words in MODES],
        questions_max=QUESTIONS_MAX,
        question_chars_max=QUESTION_CHARS_MAX,
        values_chars_max=VALUES_CHARS_MAX,
        subscribers=await count_subscribers(house_of(request).database),
        admin_tabs=await admin_tabs(request),
        joining_tabs=joining_tabs(request),
    )


def doors() -> list[Door]:
    """For organizers."""
    return [
        Door(PAGE, show, Permission.PEOPLE),
        Door(PAGE, save, Permission.PEOPLE, methods=("POST",)),
    ]
