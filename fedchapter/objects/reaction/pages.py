"""Supporting something, and taking that back: one button, under a public handle.

Issue of people (support at other chapters). Who supports is told to whoever wrote it, and shown to nobody here.
"""

from starlette.requests import Request
from starlette.responses import Response

from ...errors import NotFound
from ...house import Door, house_of
from ...members import Permission
from ...members.handles import check_handle
from ...store import find_known
from ...web import flash, member_of, read_form, redirect
from ...web.guard import next_path
from . import service

PAGE = "/support"


async def support(request: Request) -> Response:
    """A member supports something under their handle, or does not any more."""
    house, form = house_of(request), await read_form(request)
    person_uri = check_handle(house.settings, member_of(request).account)
    uri = form.text("uri")
    known = await find_known(house.database, uri)
    kind = house.kinds.get(known.kind) if known else None
    if kind is None or not kind.takes_reactions:
        raise NotFound("no-object", "What this is about is not here any more.")
    ends = form.text("act") == "end"
    async with house.database.unit() as unit:
        await (service.unlike if ends else service.like)(unit, person_uri, uri)
    back = redirect(next_path(form.text("next")))
    return flash(request, back, "Taken back." if ends else "Your support is on its way.")


def doors() -> list[Door]:
    """The one door."""
    return [Door(PAGE, support, Permission.MEMBER, methods=("POST",))]
