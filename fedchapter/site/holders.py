"""Who holds domain, server and backups: for members to read, for admins to write; with what was lost, if anything was.

DESIGN §1 (no single person can end a chapter).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..continuity.holders import THINGS, Holding, find_holdings, set_holdings
from ..continuity.rows import find_gaps, find_last
from ..errors import Refusal
from ..house import Door, house_of
from ..members import Permission
from ..web import flash, member_of, read_form, redirect, render
from ..words import mark, say

PAGE = "/about/holders"


async def holders(request: Request) -> Response:
    """Who holds what."""
    database = house_of(request).database
    held = await find_holdings(database)
    people = {holding.who.casefold() for thing, holding in held.items() if thing in ("domain", "server")}
    return await render(
        request,
        "site/holders.html",
        things=_lines(held),
        alone=len(people) == 1 and {"domain", "server"} <= set(held),
        backup=await find_last(database, "backup", ok=True),
        drill=await find_last(database, "drill", ok=True),
        gaps=await find_gaps(database),
        may_edit=member_of(request).may(Permission.ADMIN),
    )


async def edit(request: Request) -> Response:
    """The form."""
    return await _form(request, await find_holdings(house_of(request).database))


async def save(request: Request) -> Response:
    """It is written down, and members will hear of it."""
    form = await read_form(request)
    wanted = {
        thing: Holding(form.text(f"{thing}-who"), form.text(f"{thing}-about"), form.text(f"{thing}-since"))
        for thing, _, _ in THINGS
    }
    try:
        async with house_of(request).database.unit() as unit:
            changed = await set_holdings(unit, wanted, by_id=member_of(request).account.id)
    except Refusal as refusal:
        return await _form(request, wanted, refusal.message)
    words = mark("Saved. Members are told that it changed.") if changed else mark("Nothing was changed.")
    return flash(request, redirect(PAGE), words)


async def _form(request: Request, held: dict[str, Holding], error: str = "") -> Response:
    return await render(
        request, "site/holders_edit.html", 400 if error else 200, things=_lines(held), error=error
    )


def _lines(held: dict[str, Holding]) -> list[dict[str, Any]]:
    return [
        {"thing": thing, "label": say(label), "hint": say(hint), "held": held.get(thing, Holding())}
        for thing, label, hint in THINGS
    ]


def doors() -> list[Door]:
    """Reading for members, writing for admins."""
    return [
        Door(PAGE, holders, Permission.MEMBER),
        Door(f"{PAGE}/edit", edit, Permission.ADMIN),
        Door(PAGE, save, Permission.ADMIN, methods=("POST",)),
    ]
