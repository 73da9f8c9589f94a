"""Help for a member who lost every second step: somebody who knows them takes the steps off.

operations.md §3 row D6. Decision: who could then also make a sign-in link must not come into a stronger account that
way, so nobody helps somebody with more rights than their own, and an admin is helped from the server's shell only.
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Forbidden, Refusal
from ..house import Door, house_of
from ..members import Permission, Role, find_roles, get_account
from ..members.offices import check_may_give
from ..members.second_factor import remove_all
from ..web import flash, member_of, redirect


async def take_off(request: Request) -> Response:
    """The member signs in without a second step again, and hears of it."""
    viewer, account_id = member_of(request), request.path_params["id"]
    async with house_of(request).database.unit() as unit:
        account = await get_account(unit, account_id)
        roles = await find_roles(unit, account_id, unit.now)
        if Role.ADMIN in roles:
            raise Forbidden(
                "admin-second", "An admin's second step is taken off from the server's shell only."
            )
        for role in roles - {Role.MEMBER}:
            check_may_give(viewer.roles, role)
        if not await remove_all(unit, account_id):
            raise Refusal("no-second-step", "%(name)s has no second step.", name=account.display_name)
    return flash(
        request,
        redirect(f"/admin/members/{account_id}"),
        "%(name)s signs in without a second step again, and is told of it.",
        name=account.display_name,
    )


def doors() -> list[Door]:
    """For whoever looks after people."""
    return [Door("/admin/members/{id}/second/remove", take_off, Permission.PEOPLE, methods=("POST",))]
