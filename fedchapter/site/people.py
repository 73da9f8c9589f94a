"""Members, for admins: roles, invitations, links for lost passwords, removing.

operations.md §3 row D6 (links are shown once, stored hashed, used once).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import AccountRow, Permission, Role, find_accounts, find_roles, get_account, invite
from ..members.changes import change_role
from ..members.invitations import find_invitations, withdraw
from ..members.leaving import leave
from ..members.offices import check_may_give, find_offices
from ..members.permissions import PERMITS
from ..web import admin_tabs, flash, member_of, read_form, redirect, render

ROLES = (
    ("member", "Member", "Takes part: answers events and votes."),
    ("moderator", "Moderator", "Also publishes, and decides about held posts and followers."),
    ("admin", "Admin", "Also manages members, servers and settings."),
)
LIST = "/admin/members"


async def members(request: Request) -> Response:
    """Everybody, and the links that are open."""
    return await _page(request)


async def make_invitation(request: Request) -> Response:
    """A new link, shown once."""
    viewer, form = member_of(request), await read_form(request)
    role, note = to_role(form.text("role", "member")), form.text("note")
    check_may_give(viewer.roles, role)
    async with house_of(request).database.unit() as unit:
        link = await invite(unit, role=role, made_by=viewer.account.id, note=note)
    return await _page(request, link=link, link_for=f"an invitation as {role.value}", until="a week")


async def make_sign_in_link(request: Request) -> Response:
    """A link for a member who lost the password, shown once."""
    viewer = member_of(request)
    async with house_of(request).database.unit() as unit:
        account = await get_account(unit, request.path_params["id"])
        link = await invite(
            unit,
            made_by=viewer.account.id,
            note=account.display_name,
            purpose="sign-in",
            account_id=account.id,
        )
    return await _page(
        request, link=link, link_for=f"{account.display_name} to set a new password", until="a day"
    )


async def withdraw_link(request: Request) -> Response:
    """The link opens nothing any more."""
    async with house_of(request).database.unit() as unit:
        await withdraw(unit, request.path_params["id"])
    return flash(request, redirect(LIST), "The link opens nothing any more.")


async def set_role(request: Request) -> Response:
    """The member has another role."""
    viewer = member_of(request)
    form, account_id = await read_form(request), request.path_params["id"]
    role = to_role(form.text("role"))
    async with house_of(request).database.unit() as unit:
        account = await get_account(unit, account_id)
        held = await find_roles(unit, account_id, unit.now)
        for one in {role, *held} - {Role.MEMBER}:
            check_may_give(viewer.roles, one)
        await change_role(unit, account_id, role, by=viewer.account.id)
    return flash(request, redirect(LIST), f"{account.display_name} is {_article(role)} {role.value} now.")


async def remove(request: Request) -> Response:
    """The member is signed out everywhere, and what we knew of them is erased."""
    account_id = request.path_params["id"]
    if account_id == member_of(request).account.id:
        raise Refusal("remove-self", "To leave yourself, use your own account page.")
    async with house_of(request).database.unit() as unit:
        account = await get_account(unit, account_id)
        await leave(unit, account_id, removed_by=member_of(request).account.id)
    return flash(request, redirect(LIST), f"{account.display_name} is removed, and signed out everywhere.")


def to_role(text: str) -> Role:
    """The role of that name; raises Refusal."""
    try:
        return Role(text)
    except ValueError as error:
        raise Refusal("role", "There is no such role.") from error


def main_role(roles: frozenset[Role]) -> Role:
    """The role that a list shows: the one that includes most."""
    return max(roles, key=lambda role: len(PERMITS[role]), default=Role.MEMBER)


def _article(role: Role) -> str:
    return "an" if role is Role.ADMIN else "a"


async def _page(request: Request, *, link: str = "", link_for: str = "", until: str = "") -> Response:
    house = house_of(request)
    accounts = await find_accounts(house.database)
    names = {account.id: account.display_name for account in accounts}
    roles: dict[str, frozenset[Role]] = {}
    for office in await find_offices(house.database, house.clock.now()):
        held = roles.get(office["account_id"], frozenset())
        roles[office["account_id"]] = held | {Role(office["role"])}
    return await render(
        request,
        "site/members.html",
        members=[_line(account, names, roles) for account in accounts],
        invitations=[
            row | {"by": names.get(row["made_by"], "")}
            for row in await find_invitations(house.database, house.clock.now())
        ],
        roles=ROLES,
        role_names=[(value, label) for value, label, _ in ROLES],
        me=member_of(request).account.id,
        link=link,
        link_for=link_for,
        until=until,
        admin_tabs=await admin_tabs(request),
    )


def _line(account: AccountRow, names: dict[str, str], roles: dict[str, frozenset[Role]]) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.display_name,
        "email": account.email,
        "role": main_role(roles.get(account.id, frozenset())).value,
        "since_at": account.created_at,
        "invited_by": names.get(account.invited_by, ""),
    }


def doors() -> list[Door]:
    """For admins only."""
    admin = Permission.PEOPLE
    return [
        Door(LIST, members, admin),
        Door(f"{LIST}/invite", make_invitation, admin, methods=("POST",)),
        Door(f"{LIST}/invitations/{{id}}/withdraw", withdraw_link, admin, methods=("POST",)),
        Door(f"{LIST}/{{id}}/role", set_role, admin, methods=("POST",)),
        Door(f"{LIST}/{{id}}/link", make_sign_in_link, admin, methods=("POST",)),
        Door(f"{LIST}/{{id}}/remove", remove, admin, methods=("POST",)),
    ]
