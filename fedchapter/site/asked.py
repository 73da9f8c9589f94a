"""What the chapter asks of its members beyond a name and one contact: nothing, unless an admin says so here.

Issue of members (legal names and phone are off by default).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..house import Door, house_of
from ..members import Permission
from ..members.details import find_asked, forget_unasked
from ..store.choices import choose
from ..web import admin_tabs, flash, read_form, redirect, render
from ..words import mark
from .roll_tabs import roll_tabs

PAGE = "/admin/asked"


async def show(request: Request) -> Response:
    """The two questions."""
    return await render(
        request,
        "site/asked.html",
        asked=await find_asked(house_of(request).database),
        admin_tabs=await admin_tabs(request),
        roll_tabs=roll_tabs(request),
    )


async def save(request: Request) -> Response:
    """Members can give this from now on; what is not asked for any more is erased."""
    form = await read_form(request)
    async with house_of(request).database.unit() as unit:
        for name in ("ask_legal_name", "ask_phone"):
            await choose(unit, name, "yes" if form.yes(name) else "no")
        await forget_unasked(unit)
    return flash(request, redirect(PAGE), mark("Saved."))


def doors() -> list[Door]:
    """For admins."""
    return [
        Door(PAGE, show, Permission.ADMIN),
        Door(PAGE, save, Permission.ADMIN, methods=("POST",)),
    ]
