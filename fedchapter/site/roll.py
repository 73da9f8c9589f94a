"""The roll, for organizers: searched, filtered, page by page; and one page for each member.

Issue of members; operations.md §3 row D6 (links are shown once, stored hashed, used once). Decision: a contact stands
only where somebody looks after people; the treasurer's page (dues) has names and dates.
"""

from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, Refusal
from ..house import Door, house_of
from ..members import (
    Permission,
    Role,
    Viewer,
    find_account,
    find_bar,
    find_roles,
    get_account,
    invite,
    leave,
)
from ..members.details import find_asked, find_details
from ..members.dues import to_day
from ..members.exports import OFFICERS
from ..members.groups import find_groups
from ..members.leaving import KEPT_FOR, find_left
from ..members.offices import check_may_give
from ..members.roll import (
    ACTIVE,
    GOOD,
    LEFT,
    OVER,
    PAGE,
    STANDINGS,
    UNDATED,
    Wanted,
    count_lines,
    find_lines,
)
from ..members.second_factor import find_authenticators
from ..members.skills import find_own
from ..members.standing import find_today
from ..members.ways import find_ways
from ..notices import Notice, tell
from ..notices.draft import Named
from ..notices.news import ROLES
from ..store import Unit
from ..store.kinds import Reads
from ..web import admin_tabs, flash, identity_of, member_of, redirect, render
from ..words import mark, say
from .roll_tabs import roll_tabs

LIST = "/admin/members"
SECURITY = "/me/security"
LINK_MADE = mark("%(name)s made a link that signs in to your account once, within a day.")
STANDING_WORDS = {
    GOOD: mark("in good standing"),
    OVER: mark("standing ended"),
    UNDATED: mark("without a date"),
}


async def roll(request: Request) -> Response:
    """Members by name, those that were looked for, fifty at a time."""
    house, query = house_of(request), request.query_params
    now = house.clock.now()
    wanted = await to_wanted(request)
    after = (query.get("after", "")[:250], query.get("id", "")[:26])
    lines = await find_lines(house.database, wanted, now, after=after, limit=PAGE + 1)
    shown = lines[:PAGE]
    return await render(
        request,
        "site/roll.html",
        lines=shown,
        # Looking through the roll a second time only where this page is not all of it.
        total=await count_lines(house.database, wanted, now)
        if len(lines) > PAGE or any(after)
        else len(lines),
        next_url=next_url(request, shown[-1].sort_name, shown[-1].id) if len(lines) > PAGE else None,
        first_url=first_url(request) if any(after) else None,
        today=wanted.today,
        over=OVER,
        typed=query,
        standings=[("", say("any")), *((name, say(STANDING_WORDS[name])) for name in STANDINGS)],
        roles=[
            ("", say("any")),
            *((role.value, say(ROLES[role])) for role in ROLES if role is not Role.MEMBER),
        ],
        role_words=ROLES,
        groups=await _groups(house.database),
        left=wanted.state == LEFT,
        filtered=any(query.get(name) for name in ("q", "standing", "role", "group", "since", "state")),
        kept_for=KEPT_FOR,
        admin_tabs=await admin_tabs(request),
        roll_tabs=roll_tabs(request),
    )


async def to_wanted(request: Request) -> Wanted:
    """What the address asks for; what makes no sense asks for nothing."""
    house, query = house_of(request), request.query_params
    identity = await identity_of(request)
    standing, role, since = query.get("standing", ""), query.get("role", ""), to_day(query.get("since", ""))
    return Wanted(
        await find_today(house.database, house.clock.now()),
        words=query.get("q", "")[:100],
        standing=standing if standing in STANDINGS else "",
        joined_from_at=datetime.combine(since, time(), identity.zone).astimezone(UTC) if since else None,
        role=Role(role) if role in {one.value for one in Role} - {Role.MEMBER.value} else None,
        group_id=query.get("group", "")[:26],
        state=LEFT if query.get("state") == LEFT else ACTIVE,
    )


def next_url(request: Request, sort_name: str, id_: str) -> str:
    """The address of the page that begins behind that line."""
    query = {**request.query_params, "after": sort_name, "id": id_}
    return f"{request.url.path}?{urlencode(query)}"


def first_url(request: Request) -> str:
    """The address of the first page of the same search."""
    query = {name: value for name, value in request.query_params.items() if name not in ("after", "id")}
    return f"{request.url.path}?{urlencode(query)}" if query else request.url.path


async def _groups(reads: Reads) -> list[tuple[str, str]]:
    groups = await find_groups(reads)
    return [("", say("any")), *((group.id, group.name) for group in groups)] if groups else []


async def show(request: Request) -> Response:
    """Everything that an organizer is to know of one member, and what can be done."""
    return await _member(request)


async def make_link(request: Request) -> Response:
    """A link to sign in, for a member who lost every way in or who left a short time ago; shown once.

    Whoever holds the link is that member, so none is made for officers: one could agree with oneself by it.
    """
    viewer, account_id = member_of(request), request.path_params["id"]
    async with house_of(request).database.unit() as unit:
        left = await find_left(unit, account_id)
        name = left["display_name"] if left else (await get_account(unit, account_id)).display_name
        roles = await _check_may_touch(unit, viewer, account_id)
        if roles & set(OFFICERS):
            raise Refusal(
                "link-officer",
                "Nobody can sign in for an officer. Whoever keeps the server can make a link: fedchapter admin link",
            )
        link = await invite(
            unit, made_by=viewer.account.id, note=name, purpose="sign-in", account_id=account_id
        )
        about = Notice(
            "account", f"link:{unit.new_id()}", LINK_MADE, SECURITY, {"name": Named(viewer.account.id)}
        )
        await tell(unit, about, to=[account_id])
    return await _member(request, link=link)


async def remove(request: Request) -> Response:
    """The member is signed out everywhere and off the roll."""
    account_id, viewer = request.path_params["id"], member_of(request)
    if account_id == viewer.account.id:
        raise Refusal("remove-self", "To leave yourself, use the page with your own data.")
    async with house_of(request).database.unit() as unit:
        account = await get_account(unit, account_id)
        if Role.ADMIN in await _check_may_touch(unit, viewer, account_id):
            raise Refusal(
                "remove-admin",
                "An admin cannot be removed by one person. End the role first, on the page of roles.",
            )
        await leave(unit, account_id, removed_by=viewer.account.id)
    said = mark("%(name)s is removed, and signed out everywhere. In 30 days everything about them is erased.")
    return flash(request, redirect(LIST), said, name=account.display_name)


async def _check_may_touch(unit: Unit, viewer: Viewer, account_id: str) -> frozenset[Role]:
    """The member's roles; raises Refusal when one of them includes more than the viewer's own."""
    roles = await find_roles(unit, account_id, unit.now)
    for role in roles - {Role.MEMBER}:
        check_may_give(viewer.roles, role)
    return roles


async def _member(request: Request, *, link: str = "") -> Response:
    house, account_id = house_of(request), request.path_params["id"]
    account = await find_account(house.database, account_id)
    if account is None:
        return await _former(request, link=link)
    now = house.clock.now()
    host = await find_account(house.database, account.invited_by)
    own = await find_own(house.database, account_id)
    return await render(
        request,
        "site/member.html",
        account=account,
        invited_by=host.display_name if host else "",
        handles=await _handles(house.database, account_id),
        ways=await find_ways(house.database, account_id),
        second=bool(await find_authenticators(house.database, account_id)),
        asked=await find_asked(house.database),
        details=await find_details(house.database, account_id),
        skills=own,
        offices=await _offices(house.database, account_id, now),
        role_words=ROLES,
        bar=await find_bar(house.database, account, now),
        today=await find_today(house.database, now),
        me=member_of(request).account.id,
        may_date=member_of(request).may(Permission.DUES),
        link=link,
        left=None,
        admin_tabs=await admin_tabs(request),
        roll_tabs=roll_tabs(request),
    )


async def _former(request: Request, *, link: str) -> Response:
    """Somebody who left and is not erased yet: when that will be, and the link that brings them back."""
    house = house_of(request)
    left = await find_left(house.database, request.path_params["id"])
    if left is None:
        raise NotFound
    return await render(
        request,
        "site/member.html",
        account=left,
        left=left,
        erased_at=left["left_at"] + KEPT_FOR,
        link=link,
        admin_tabs=await admin_tabs(request),
        roll_tabs=roll_tabs(request),
    )


async def _handles(reads: Reads, account_id: str) -> list[str]:
    rows = await reads.rows(
        "SELECT handle FROM identity WHERE account_id = ? ORDER BY linked_at, id", account_id
    )
    return [row["handle"] for row in rows]


async def _offices(reads: Reads, account_id: str, now: datetime) -> list[dict[str, Any]]:
    """Roles now and before, the latest first."""
    rows = await reads.rows(
        "SELECT role, begins_at, ends_at, ended_at FROM office WHERE account_id = ? AND group_id = '' "
        "ORDER BY begins_at DESC, id DESC LIMIT 20",
        account_id,
    )
    return [{**row, "words": ROLES[Role(row["role"])], "over": row["ended_at"] is not None} for row in rows]


def doors() -> list[Door]:
    """For organizers."""
    return [
        Door(LIST, roll, Permission.PEOPLE),
        Door(f"{LIST}/{{id}}", show, Permission.PEOPLE),
        Door(f"{LIST}/{{id}}/link", make_link, Permission.PEOPLE, methods=("POST",)),
        Door(f"{LIST}/{{id}}/remove", remove, Permission.PEOPLE, methods=("POST",)),
    ]
