"""Roles: who holds which, since when and until when; giving and ending them, and what takes two officers or a vote.

decisions.md §1; operations.md §3 row D6. Every member sees this page: power in a chapter is not hidden from it.
"""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, Refusal
from ..house import Door, house_of
from ..members import Permission, Role, find_accounts
from ..members.offices import check_may_give, end_office, find_offices, give_role
from ..members.permissions import may_give
from ..members.recalls import find_recalls
from ..members.removals import ask_removal, confirm_removal, find_removals, withdraw_removal
from ..notices.news import ROLES
from ..store import Row
from ..store.kinds import Reads
from ..web import flash, member_of, read_form, redirect, render
from ..words import mark

PAGE = "/roles"
WHAT = {
    Role.ADMIN: mark("Everything: people, servers, settings, backups."),
    Role.MODERATOR: mark("Publishes, and decides about what is held."),
    Role.ORGANIZER: mark("Publishes, and looks after people: applications, the roll, groups, roles."),
    Role.TREASURER: mark("Keeps the standing of members up to date."),
    Role.TELLER: mark("Watches over counts."),
    Role.DELEGATE: mark("Speaks for the chapter elsewhere."),
}
TERMS = (
    ("12", mark("for a year")),
    ("6", mark("for six months")),
    ("3", mark("for three months")),
    ("24", mark("for two years")),
    ("", mark("without end")),
)
MONTH = timedelta(days=365.25 / 12)


async def roles(request: Request) -> Response:
    """Who holds which role, and what is under way about it."""
    return await _page(request)


async def give(request: Request) -> Response:
    """The member of that name has the role for that term."""
    viewer, form = member_of(request), await read_form(request)
    try:
        role = to_role(form.text("role"))
        check_may_give(viewer.roles, role)
        async with house_of(request).database.unit() as unit:
            account_id, name = await _find_named(unit, form.text("name"))
            months = form.text("months")
            if months not in dict(TERMS):
                raise Refusal("term", "Choose how long the role lasts.")
            ends_at = unit.now + MONTH * int(months) if months else None
            await give_role(unit, account_id, role, given_by=viewer.account.id, ends_at=ends_at)
    except Refusal as error:
        return await _page(request, {"name": error.message}, dict(form.values), status=error.status)
    return flash(request, redirect(PAGE), "%(name)s has the role now. All members are told.", name=name)


async def _find_named(reads: Reads, text: str) -> tuple[str, str]:
    wanted = " ".join(text.lower().split())
    rows = await reads.rows(
        "SELECT id, display_name FROM account WHERE state = 'active' AND "
        "(lower(display_name) = ? OR (email <> '' AND email = ?)) LIMIT 2",
        wanted,
        wanted,
    )
    if len(rows) != 1 or not wanted:
        raise NotFound("no-account", "Nobody here has that name or e-mail address. Look it up on the roll.")
    return rows[0]["id"], rows[0]["display_name"]


def to_role(text: str) -> Role:
    """The role of that name; raises Refusal."""
    try:
        return Role(text)
    except ValueError as error:
        raise Refusal("role", "There is no such role.") from error


async def end(request: Request) -> Response:
    """The role is over: one's own is given up, another's is ended by whoever could give it."""
    viewer, office_id = member_of(request), request.path_params["id"]
    async with house_of(request).database.unit() as unit:
        office = await unit.row(
            "SELECT account_id, role FROM office WHERE id = ? AND ended_at IS NULL", office_id
        )
        if office is None:
            raise NotFound
        own = office["account_id"] == viewer.account.id
        if not own:
            check_may_give(viewer.roles, Role(office["role"]))
        await end_office(unit, office_id, ended_by=viewer.account.id, why="resigned" if own else "ended")
    return flash(request, redirect(PAGE), "The role has ended. All members are told.")


async def ask(request: Request) -> Response:
    """A second officer is asked to agree that an admin's role ends."""
    viewer, form = member_of(request), await read_form(request)
    async with house_of(request).database.unit() as unit:
        await ask_removal(unit, request.path_params["id"], viewer.account.id, form.text("reason"))
    return flash(
        request, redirect(PAGE), "A second officer has to agree within a week. All members are told."
    )


async def decide(request: Request) -> Response:
    """The second officer agrees, or the first takes it back."""
    viewer, form, removal_id = member_of(request), await read_form(request), request.path_params["id"]
    async with house_of(request).database.unit() as unit:
        if form.text("act") == "withdraw":
            await withdraw_removal(unit, removal_id, viewer.account.id)
        else:
            await confirm_removal(unit, removal_id, viewer.account.id)
    done = form.text("act") == "withdraw"
    text = "You took it back." if done else "The role has ended. All members are told."
    return flash(request, redirect(PAGE), text)


async def _page(
    request: Request,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    house, viewer = house_of(request), member_of(request)
    now = house.clock.now()
    names = {account.id: account.display_name for account in await find_accounts(house.database)}
    offices = [row for row in await find_offices(house.database, now) if not row["group_id"]]
    removals = await find_removals(house.database, now)
    return await render(
        request,
        "site/roles.html",
        status,
        offices=[_line(row, names, viewer) for row in offices],
        removals=[_removal(row, names, viewer) for row in removals],
        recalls=[
            row | {"name": names.get(row["account_id"], ""), "role": ROLES[Role(row["role"])]}
            for row in await find_recalls(house.database)
        ],
        givable=[(role.value, ROLES[role], WHAT[role]) for role in WHAT if may_give(viewer.roles, role)],
        terms=TERMS,
        what=[(ROLES[role], words) for role, words in WHAT.items()],
        errors=errors or {},
        typed=typed or {"name": request.query_params.get("for", "")},
        noindex=True,
    )


def _line(row: Row, names: dict[str, str], viewer: Any) -> dict[str, Any]:
    role, own = Role(row["role"]), row["account_id"] == viewer.account.id
    officer = viewer.may(Permission.PEOPLE)
    return {
        "id": row["id"],
        "name": names.get(row["account_id"], ""),
        "role": ROLES[role],
        "since_at": row["begins_at"],
        "until_at": row["ends_at"],
        "by": names.get(row["given_by"], ""),
        "from_shell": not row["given_by"],
        "own": own,
        "may_end": own or (role is not Role.ADMIN and may_give(viewer.roles, role)),
        "may_ask": officer and role is Role.ADMIN and not own,
    }


def _removal(row: Row, names: dict[str, str], viewer: Any) -> dict[str, Any]:
    me = viewer.account.id
    return {
        "id": row["id"],
        "name": names.get(row["account_id"], ""),
        "by": names.get(row["asked_by"], ""),
        "reason": row["reason"],
        "asked_at": row["asked_at"],
        "own": row["asked_by"] == me,
        "may_confirm": viewer.may(Permission.PEOPLE) and me not in (row["asked_by"], row["account_id"]),
    }


def doors() -> list[Door]:
    """Seen by every member, changed by officers."""
    return [
        Door(PAGE, roles, Permission.MEMBER),
        Door(f"{PAGE}/give", give, Permission.PEOPLE, methods=("POST",)),
        Door(f"{PAGE}/{{id}}/end", end, Permission.MEMBER, methods=("POST",)),
        Door(f"{PAGE}/{{id}}/ask", ask, Permission.PEOPLE, methods=("POST",)),
        Door(f"{PAGE}/removals/{{id}}", decide, Permission.PEOPLE, methods=("POST",)),
    ]
