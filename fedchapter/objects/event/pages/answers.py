"""Answering an event as a member, and the list of answers for staff.

DESIGN §1: who answered is seen by organizers only; an answer to an event of ours never leaves this server, one to an
event elsewhere leaves under the public handle that the member chose.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ....errors import Refusal
from ....house import house_of
from ....members.accounts import find_accounts
from ....members.handles import check_handle
from ....store import Row
from ....web import flash, member_of, read_form, redirect, render
from ....web.admin import admin_tabs
from ....web.people import people
from ....web.voices import check_voice
from ....words import mark, say
from ..service import answers, away, rows

_THANKS = {
    answers.GOING: mark("You are on the list. See you there!"),
    answers.PENDING: mark("Your answer waits for the organizers."),
    answers.DECLINED: mark("Your answer is saved: you do not come."),
}
# A member's own code first, then what staff can do about it.
_ORDER = (answers.PENDING, answers.GOING, answers.MAYBE, answers.REJECTED, answers.DECLINED, answers.LEFT)


async def answer(request: Request) -> Response:
    """A member says yes or no."""
    event_id, viewer = request.path_params["id"], member_of(request)
    form = await read_form(request)
    if form.text("answer") not in ("yes", "no"):
        raise Refusal("answer", "Choose yes or no.")
    async with house_of(request).database.unit() as unit:
        state = await answers.answer_here(
            unit, event_id, viewer.account.id, comes=form.text("answer") == "yes"
        )
    return flash(request, redirect(f"/events/{event_id}"), _THANKS[state])


async def answer_away(request: Request) -> Response:
    """A member answers another chapter's event, under their public handle."""
    event_id, house = request.path_params["id"], house_of(request)
    person_uri = check_handle(house.settings, member_of(request).account)
    form = await read_form(request)
    if form.text("answer") not in ("yes", "no"):
        raise Refusal("answer", "Choose yes or no.")
    comes = form.text("answer") == "yes"
    async with house.database.unit() as unit:
        if comes:
            await away.ask(unit, event_id, person_uri, message=form.text("message"))
        else:
            await away.withdraw(unit, event_id, person_uri)
    back = redirect(f"/events/remote/{event_id}")
    if comes:
        return flash(request, back, "The organizers are asked. Their answer will stand here.")
    return flash(request, back, "The organizers are told that you do not come.")


async def listing(request: Request) -> Response:
    """Everybody who answered, for the organizers."""
    house = house_of(request)
    event = await rows.get_own(house.database, request.path_params["id"])
    await check_voice(request, event.owner_uri)
    found = await answers.find_answers(house.database, event.id)
    names = {account.id: account.display_name for account in await find_accounts(house.database)}
    actors = await people(house.database, [row["actor_uri"] for row in found])
    shown = [_shown(row, names, actors) for row in found]
    shown.sort(key=lambda one: _ORDER.index(one["state"]))
    return await render(
        request, "event/answers.html", event=event, answers=shown, admin_tabs=await admin_tabs(request)
    )


def _shown(row: Row, names: dict[str, str], actors: dict[str, dict[str, Any]]) -> dict[str, Any]:
    actor = actors.get(row["actor_uri"])
    return {
        "id": row["id"],
        "name": actor["name"] if actor else names.get(row["account_id"], say("a former member")),
        "from": actor["handle"] if actor else say("a member here"),
        "state": row["state"],
        "message": row["message"],
        "at": row["updated_at"],
        "may_accept": row["state"] in (answers.PENDING, answers.REJECTED),
        "may_reject": row["state"] in (answers.PENDING, answers.GOING),
    }


async def decide(request: Request) -> Response:
    """An organizer accepts or rejects an answer."""
    event_id = request.path_params["id"]
    event = await rows.get_own(house_of(request).database, event_id)
    await check_voice(request, event.owner_uri)
    form = await read_form(request)
    if form.text("decision") not in ("accept", "reject"):
        raise Refusal("decision", "Accept or reject the answer.")
    accepted = form.text("decision") == "accept"
    async with house_of(request).database.unit() as unit:
        await answers.decide(unit, event_id, request.path_params["answer"], accepted=accepted)
    text = mark("Accepted, and they were told.") if accepted else mark("Rejected, and they were told.")
    return flash(request, redirect(f"/events/{event_id}/answers"), text)
