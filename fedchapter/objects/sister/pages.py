"""Sister chapters for admins: who asks, who is asked, who stands, and whom one could ask."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...actors import get_actor
from ...errors import Refusal
from ...house import Door, house_of
from ...members import Permission
from ...store import Unit
from ...web import admin_tabs, flash, read_form, redirect, render
from ...web.people import people
from ...words import mark
from . import service

LIST = "/admin/sisters"
SAID = {
    "offer": mark("Asked. They are told; their admins decide."),
    "yes": mark("You are sister chapters now."),
    "no": mark("Declined. They are told."),
    "end": mark("Ended. They are told."),
}


async def listing(request: Request) -> Response:
    """Everything that is open or stands, and the chapters that could be asked."""
    house = house_of(request)
    rows = await service.find_all(house.database)
    candidates = await service.find_candidates(house.database, house.settings.chapter_uri)
    shown = await people(house.database, [*(row.actor_uri for row in rows), *candidates])

    def lines(state: str) -> list[dict[str, Any]]:
        return [{"actor": shown[row.actor_uri], "at": row.changed_at} for row in rows if row.state == state]

    return await render(
        request,
        "sister/list.html",
        asked=lines(service.ASKED),
        sisters=lines(service.SISTERS),
        offered=lines(service.OFFERED),
        candidates=[{"actor": shown[uri]} for uri in candidates],
        admin_tabs=await admin_tabs(request),
    )


async def decide(request: Request) -> Response:
    """An offer is made or answered, or it ends: fields `act` (offer, yes, no, end) and `uri`."""
    form = await read_form(request)
    act, uri = form.text("act"), form.text("uri")
    if act not in SAID:
        raise Refusal("act", "Choose one of the buttons of the page.")

    async def work(unit: Unit) -> None:
        if act == "offer":
            await service.offer(unit, await get_actor(unit, uri))
        elif act == "end":
            await service.end(unit, uri)
        else:
            await service.answer(unit, uri, accepted=act == "yes")

    await house_of(request).database.in_unit(work)
    return flash(request, redirect(LIST), SAID[act])


def doors() -> list[Door]:
    """Both."""
    return [
        Door(LIST, listing, Permission.ADMIN),
        Door(LIST, decide, Permission.ADMIN, methods=("POST",)),
    ]
