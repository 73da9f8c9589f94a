"""Applications, for organizers: who waits with what they wrote, and deciding with a word to them.

issue of joining; DESIGN §1 (who applied is nobody's business but the organizers', and is erased a month after).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, Refusal
from ..house import Door, house_of
from ..members import Permission
from ..members.applications import (
    Application,
    approve,
    find_application,
    find_decided,
    find_free_name,
    find_waiting,
    refuse,
)
from ..members.voting_rights import find_votes_from
from ..store import Unit, marks
from ..store.choices import find_choice
from ..web import admin_tabs, flash, member_of, read_form, redirect, render
from ..words import mark
from .joining_tabs import joining_tabs

LIST = "/admin/applications"
SHOWN_MAX = 200
GONE = mark("This application was taken back, or decided more than a month ago.")


async def applications(request: Request) -> Response:
    """Who waits, oldest first, and what was decided lately."""
    database = house_of(request).database
    waiting = await find_waiting(database, limit=SHOWN_MAX)
    decided = await find_decided(database, limit=SHOWN_MAX)
    names = await _names(request, decided)
    return await render(
        request,
        "site/applications.html",
        waiting=waiting,
        decided=[_line(one, names) for one in decided],
        mode=await find_choice(database, "joining_mode"),
        admin_tabs=await admin_tabs(request),
        joining_tabs=joining_tabs(request),
    )


def _line(one: Application, names: dict[str, str]) -> dict[str, Any]:
    return {
        "name": one.display_name,
        "state": one.state,
        "at": one.decided_at,
        "by": names.get(one.decided_by, ""),
    }


async def _names(request: Request, decided: list[Application]) -> dict[str, str]:
    ids = sorted({one.decided_by for one in decided if one.decided_by})
    if not ids:
        return {}
    rows = await house_of(request).database.rows(
        f"SELECT id, display_name FROM account WHERE id IN ({marks(len(ids))})", *ids
    )
    return {row["id"]: row["display_name"] for row in rows}


async def show(request: Request) -> Response:
    """One application, with the form to decide."""
    return await _page(request)


async def decide(request: Request) -> Response:
    """They are a member, or were told no; the next one that waits is shown by the list."""
    viewer, form = member_of(request), await read_form(request)
    application_id, message = request.path_params["id"], form.text("message")
    name = (await _get(request)).display_name
    yes = form.text("decision") == "approve"
    if not yes and form.text("decision") != "refuse":
        raise Refusal("no-decision", "Press one of the two buttons.")

    async def work(unit: Unit) -> None:
        if yes:
            await approve(unit, application_id, by=viewer.account.id, message=message)
        else:
            await refuse(unit, application_id, by=viewer.account.id, message=message)

    try:
        await house_of(request).database.in_unit(work)
    except Refusal as error:
        return await _page(request, message=message, error=error.message)
    words = "%(name)s is a member now, and is told." if yes else "%(name)s is told that the answer is no."
    return flash(request, redirect(LIST), words, name=name)


async def _get(request: Request) -> Application:
    found = await find_application(house_of(request).database, request.path_params["id"])
    if found is None:
        raise NotFound("no-application", GONE)
    return found


async def _page(request: Request, *, message: str = "", error: str = "") -> Response:
    application, database = await _get(request), house_of(request).database
    async with database.unit() as unit:
        votes_from_at = await find_votes_from(unit)
    return await render(
        request,
        "site/application.html",
        400 if error else 200,
        application=application,
        free_name=await find_free_name(database, application.display_name),
        votes_from_at=votes_from_at,
        message=message,
        error=error,
        admin_tabs=await admin_tabs(request),
        joining_tabs=joining_tabs(request),
    )


def doors() -> list[Door]:
    """For organizers."""
    return [
        Door(LIST, applications, Permission.PEOPLE),
        Door(f"{LIST}/{{id}}", show, Permission.PEOPLE),
        Door(f"{LIST}/{{id}}", decide, Permission.PEOPLE, methods=("POST",)),
    ]
