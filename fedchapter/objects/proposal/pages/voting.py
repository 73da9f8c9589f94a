"""Opening a vote, for moderators, and voting, for members.

The rules are whole numbers from the form to the signed statement; what makes no sense is refused before it is signed.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from ....errors import Refusal
from ....house import house_of
from ....tally import Base, Quorum, Ratio, Rules
from ....web import Form, flash, identity_of, member_of, read_form, redirect, render
from ....words import mark, say
from .. import service
from ..draft import VoteDraft
from ..service.rows import ProposalRow
from .finding import get_shown

DEFAULTS = {
    "how": "more",
    "num": "1",
    "den": "2",
    "base": "votes",
    "quorum_how": "least",
    "quorum_num": "0",
    "quorum_den": "1",
    "minimum": "1",
}
BASES: dict[str, Base] = {"votes": "votes", "cast": "cast", "roll": "roll"}
USUAL_LENGTH = timedelta(days=7)


class Wrong(Exception):
    """A field of the form, and what is wrong with it."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self.text = text


async def open_form(request: Request) -> Response:
    """Closing time and rules, with the usual ones filled in."""
    row, identity = await get_shown(request), await identity_of(request)
    closes_at = (house_of(request).clock.now() + USUAL_LENGTH).astimezone(identity.zone)
    closes = closes_at.replace(minute=0, second=0).strftime("%Y-%m-%dT%H:%M")
    return await _sheet(request, row, Form(DEFAULTS | {"closes": closes}))


async def open_now(request: Request) -> Response:
    """The vote is open."""
    row, form, identity = await get_shown(request), await read_form(request), await identity_of(request)
    try:
        draft = VoteDraft(to_closes_at(form.text("closes"), identity.zone), to_rules(form))
        await house_of(request).database.in_unit(lambda unit: service.open_vote(unit, row.id, draft))
    except Wrong as wrong:
        return await _sheet(request, row, form, wrong)
    except Refusal as error:
        return await _sheet(request, row, form, Wrong("closes", error.message))
    return flash(
        request, redirect(f"/proposals/{row.id}#vote"), "The vote is open, and everybody has been told."
    )


async def cast(request: Request) -> Response:
    """This member's ballot says what was chosen."""
    row, form = await get_shown(request), await read_form(request)
    account_id = member_of(request).account.id
    await house_of(request).database.in_unit(
        lambda unit: service.cast(unit, row.id, account_id, form.text("choice"))
    )
    said = mark("Your vote is in. You can change it until the vote closes.")
    return flash(request, redirect(f"/proposals/{row.id}#vote"), said)


def to_closes_at(text: str, zone: ZoneInfo) -> datetime:
    """The moment that the form's local time means in the chapter's zone; raises Wrong."""
    try:
        local = datetime.strptime(text[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=zone)
    except ValueError:
        raise Wrong("closes", say("Give a date and a time, such as 2027-03-21 20:00.")) from None
    return local.astimezone(UTC)


def to_rules(form: Form) -> Rules:
    """The declared rules; raises Wrong with the field to look at."""
    base = BASES.get(form.text("base"))
    if base is None:
        raise Wrong("base", say("Choose what the share is taken of."))
    quorum_share = _to_ratio(form, "quorum_num", "quorum_den")
    threshold = _to_ratio(form, "num", "den")
    try:
        strict_quorum = form.text("quorum_how") == "more"
        quorum = Quorum(quorum_share, strict_quorum, _to_whole(form, "minimum"))
    except ValueError as error:
        raise Wrong("quorum_num", _sentence(error)) from None
    try:
        return Rules(threshold, form.text("how") == "more", base, quorum)
    except ValueError as error:
        raise Wrong("num", _sentence(error)) from None


def _to_ratio(form: Form, num: str, den: str) -> Ratio:
    try:
        return Ratio(_to_whole(form, num), _to_whole(form, den))
    except ValueError:
        raise Wrong(num, say("That is no share of a whole: write 1 of 2, or 2 of 3.")) from None


def _to_whole(form: Form, name: str) -> int:
    text = form.text(name)
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise Wrong(name, say("Write a whole number, such as 2."))
    return int(text)


def _sentence(error: ValueError) -> str:
    text = say(str(error))
    return f"{text[:1].upper()}{text[1:]}."


async def _sheet(request: Request, row: ProposalRow, form: Form, wrong: Wrong | None = None) -> Response:
    identity = await identity_of(request)
    found: dict[str, Any] = {wrong.field: wrong.text} if wrong else {}
    return await render(
        request,
        "proposal/open.html",
        400 if wrong else 200,
        row=row,
        form=form,
        wrong=found,
        zone_name=identity.choices["timezone"],
    )
