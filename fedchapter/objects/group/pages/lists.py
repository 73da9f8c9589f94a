"""The list of groups: public ones for everybody, all for members; and where organizers found one."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ....actors.keyring import make_keys
from ....actors.names import NAME_MAX, NAME_MIN, check_free
from ....errors import Refusal
from ....house import house_of
from ....members.groups import GroupRow, count_members, find_groups, find_states
from ....store import Unit
from ....web import admin_tabs, flash, read_form, redirect, render, viewer_of
from ....words import say
from .. import service
from ..draft import GroupDraft
from .asking import asking_of, shown
from .edit import FIELDS, read_draft

ADMIN = "/admin/groups"


async def groups(request: Request) -> Response:
    """Public groups; for members of the chapter the others too, their own first."""
    house, viewer = house_of(request), viewer_of(request)
    found = await find_groups(house.database, public_only=viewer is None)
    states = await find_states(house.database, viewer.account.id) if viewer else {}
    totals = await count_members(house.database) if viewer else {}
    lines = [_line(request, group, states, totals) for group in found]
    return await render(
        request,
        "group/list.html",
        mine=[line for line in lines if line["asking"].member],
        others=[line for line in lines if not line["asking"].member],
        og={"type": "website", "url": house.settings.uri("groups"), "title": say("Groups")},
        canonical_url=house.settings.uri("groups"),
    )


def _line(
    request: Request, group: GroupRow, states: dict[str, str], totals: dict[str, int]
) -> dict[str, Any]:
    domain = house_of(request).settings.domain
    asking = asking_of(request, group, states)
    return shown(group, domain) | {"asking": asking, "total": totals.get(group.id, 0)}


async def administer(request: Request) -> Response:
    """Every group, and the form that founds one."""
    return await _page(request)


async def found(request: Request) -> Response:
    """The group exists; or the form again, with what is wrong."""
    house, form = house_of(request), await read_form(request)
    draft = read_draft(form)
    try:
        service.check_draft(draft)
        await check_free(house.database, house.settings, draft.slug)
        # Made before the unit begins, since it takes long.
        keys = await make_keys(house.settings.uri(f"@{draft.slug}")) if draft.public else None

        async def make(unit: Unit) -> GroupRow:
            return await service.found_group(unit, draft, keys)

        group = await house.database.in_unit(make)
    except Refusal as error:
        return await _page(request, draft, {FIELDS.get(error.code, error.code): error.message})
    return flash(
        request, redirect(f"/groups/{group.slug}/members"), "The group exists. Now it needs a captain."
    )


async def _page(
    request: Request, draft: GroupDraft | None = None, errors: dict[str, str] | None = None
) -> Response:
    house = house_of(request)
    totals = await count_members(house.database)
    lines = [_line(request, group, {}, totals) for group in await find_groups(house.database)]
    return await render(
        request,
        "group/admin.html",
        422 if errors else 200,
        groups=lines,
        draft=draft or GroupDraft(""),
        errors=errors or {},
        longest=(NAME_MIN, NAME_MAX, service.NAME_MAX, service.ABOUT_MAX),
        admin_tabs=await admin_tabs(request),
    )
