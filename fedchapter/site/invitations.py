"""Invitations, for organizers: links that make one member, shown once, over in a week, with who made them.

operations.md §3 row D6 (single use, stored hashed).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..house import Door, house_of
from ..members import Permission, Role, find_accounts, invite
from ..members.invitations import find_invitations, withdraw
from ..members.offices import check_may_give
from ..members.permissions import may_give
from ..notices.news import ROLES
from ..web import admin_tabs, flash, member_of, read_form, redirect, render
from ..words import mark, say
from .joining_tabs import joining_tabs
from .roles import WHAT, to_role

LIST = "/admin/invitations"
MEMBER = mark("Takes part: answers events and votes.")


async def invitations(request: Request) -> Response:
    """The links that are open, and the form for a new one."""
    return await _page(request)


async def make(request: Request) -> Response:
    """A new link, shown once."""
    viewer, form = member_of(request), await read_form(request)
    role, note = to_role(form.text("role", "member")), form.text("note")
    if role is not Role.MEMBER:
        check_may_give(viewer.roles, role)
    async with house_of(request).database.unit() as unit:
        link = await invite(unit, role=role, made_by=viewer.account.id, note=note)
    return await _page(request, link=link, made_for=note)


async def take_back(request: Request) -> Response:
    """The link opens nothing any more."""
    async with house_of(request).database.unit() as unit:
        await withdraw(unit, request.path_params["id"])
    return flash(request, redirect(LIST), mark("The link opens nothing any more."))


async def _page(request: Request, *, link: str = "", made_for: str = "") -> Response:
    house, viewer = house_of(request), member_of(request)
    names = {account.id: account.display_name for account in await find_accounts(house.database)}
    rows = await find_invitations(house.database, house.clock.now())
    return await render(
        request,
        "site/invitations.html",
        invitations=[
            row | {"by": names.get(row["made_by"], ""), "role": ROLES[Role(row["role"])]} for row in rows
        ],
        roles=[
            ("member", say(ROLES[Role.MEMBER]), say(MEMBER)),
            *(
                (role.value, say(ROLES[role]), say(words))
                for role, words in reversed(WHAT.items())
                if may_give(viewer.roles, role)
            ),
        ],
        link=link,
        made_for=made_for,
        admin_tabs=await admin_tabs(request),
        joining_tabs=joining_tabs(request),
    )


def doors() -> list[Door]:
    """For organizers."""
    return [
        Door(LIST, invitations, Permission.PEOPLE),
        Door(LIST, make, Permission.PEOPLE, methods=("POST",)),
        Door(f"{LIST}/{{id}}/withdraw", take_back, Permission.PEOPLE, methods=("POST",)),
    ]
