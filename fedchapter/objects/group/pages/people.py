"""The people of a group: joining and leaving, who asks, who is in it, who leads it.

Who belongs to a group is shown to its members and organizers only (DESIGN §1).
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from ....errors import NotFound, Refusal
from ....house import House, house_of
from ....members.groups import (
    ASKED,
    MEMBER,
    GroupRow,
    answer,
    find_captains,
    find_members,
    get_group,
    join,
    leave_group,
)
from ....store.kinds import Reads
from ....web import flash, member_of, read_form, redirect, render
from ....words import mark
from .. import service
from .asking import Asking, check_manages, check_reads, shown

MONTH = timedelta(days=365.25 / 12)
TERMS = (
    ("12", mark("for a year")),
    ("6", mark("for six months")),
    ("24", mark("for two years")),
    ("", mark("without end")),
)
_DONE = {
    "admit": mark("They are in the group now, and are told."),
    "refuse": mark("They are told that they are not in the group."),
    "remove": mark("They are not in the group any more."),
}


async def join_it(request: Request) -> Response:
    """One is in the group, or has asked to be."""
    house, account = house_of(request), member_of(request).account
    group = await get_group(house.database, request.path_params["slug"])
    async with house.database.unit() as unit:
        state = await join(unit, group, account.id)
    text = mark("You are in the group. Only its members and organizers see that.")
    if state == ASKED:
        text = mark("You asked to join. A captain of the group answers.")
    return flash(request, redirect(group.path), text)


async def leave_it(request: Request) -> Response:
    """One is not in the group any more, or does not ask any more."""
    house, account = house_of(request), member_of(request).account
    group = await get_group(house.database, request.path_params["slug"])
    async with house.database.unit() as unit:
        await leave_group(unit, group, account.id, by=account.id)
    return flash(request, redirect(group.path), "You are not in this group any more.")


async def members(request: Request) -> Response:
    """Who is in the group; for captains and organizers who asks to be, too."""
    group, asking = await check_reads(request)
    return await _page(request, group, asking)


async def decide(request: Request) -> Response:
    """Somebody who asked was let in or not, or somebody was removed."""
    group, _ = await check_manages(request)
    form, by, account_id = await read_form(request), member_of(request).account.id, request.path_params["id"]
    act = form.text("act")
    if act not in _DONE:
        raise Refusal("act", "Choose one of the buttons of the page.")
    async with house_of(request).database.unit() as unit:
        if act == "remove":
            await leave_group(unit, group, account_id, by=by)
        else:
            await answer(unit, group, account_id, admitted=act == "admit", by=by)
    return flash(request, redirect(f"/groups/{group.slug}/members"), _DONE[act])


async def appoint_captain(request: Request) -> Response:
    """The member of that name leads the group for that term."""
    group, asking = await check_manages(request)
    form, by = await read_form(request), member_of(request).account.id
    months = form.text("months")
    try:
        async with house_of(request).database.unit() as unit:
            ends_at = unit.now + MONTH * int(months) if months in dict(TERMS) and months else None
            account_id = await _find_named(unit, form.text("name"))
            await service.appoint(unit, group, account_id, by=by, ends_at=ends_at)
    except Refusal as error:
        return await _page(request, group, asking, dict(form.values), error.message)
    return flash(
        request, redirect(f"/groups/{group.slug}/members"), "The group has a captain. Its members are told."
    )


async def _find_named(reads: Reads, text: str) -> str:
    wanted = " ".join(text.lower().split())
    rows = await reads.rows(
        "SELECT id FROM account WHERE state = 'active' AND (lower(display_name) = ? OR (email <> '' AND email = ?)) "
        "LIMIT 2",
        wanted,
        wanted,
    )
    if len(rows) != 1:
        raise NotFound("no-account", "Nobody here has that name or e-mail address. Look it up on the roll.")
    return str(rows[0]["id"])


async def dismiss_captain(request: Request) -> Response:
    """Somebody leads the group no longer; they stay in it."""
    group, _ = await check_manages(request)
    by = member_of(request).account.id
    async with house_of(request).database.unit() as unit:
        await service.dismiss(unit, group, request.path_params["id"], by=by)
    return flash(
        request, redirect(f"/groups/{group.slug}/members"), "They do not lead the group any more. It is told."
    )


async def _page(
    request: Request,
    group: GroupRow,
    asking: Asking,
    typed: dict[str, str] | None = None,
    error: str = "",
) -> Response:
    house = house_of(request)
    lines = await _lines(house, group, asking)
    return await render(
        request,
        "group/members.html",
        422 if error else 200,
        group=shown(group, house.settings.domain),
        asking=asking,
        members=lines,
        asked=await find_members(house.database, group.id, ASKED) if asking.manages else [],
        captains=await find_captains(house.database, group.id, house.clock.now()),
        me=member_of(request).account.id,
        terms=TERMS,
        typed=typed or {},
        error=error,
        noindex=True,
    )


async def _lines(house: House, group: GroupRow, asking: Asking) -> list[dict[str, object]]:
    rows = await find_members(house.database, group.id, MEMBER)
    skills = await service.find_shared_skills(house.database, group.id) if asking.manages else {}
    return [row | {"skills": skills.get(row["account_id"], [])} for row in rows]
