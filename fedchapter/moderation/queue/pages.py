"""The queue: what waits, in groups, gravest first.

DESIGN §1 (hold what is doubtful, act with a reason, undo). Everything works with a thumb and without scripts; with
scripts also by single keys (static/queue.js), which can be switched off.
"""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from ...errors import Refusal
from ...house import Door, house_of
from ...members import Permission
from ...store import Unit
from ...store.choices import choose, find_choice
from ...web import admin_tabs, flash, member_of, read_form, redirect, render
from ...words import mark, say
from ..grouping import ACTOR, HOST, TEXT, WAVE
from .claims import find_claims
from .digest import CHOICE, NEVER, plan_digest
from .groups import PAGES_MAX, Group, Wanted, count_sorts, find_groups
from .shown import show_items

QUEUE = "/admin/queue"
HOURS = (NEVER, *(str(hour) for hour in range(24)))
SORTS = {"held": mark("Held"), "report": mark("Reports"), "appeal": mark("Appeals")}


async def queue(request: Request) -> Response:
    """One page of groups; filters sort, host, who (mine, unclaimed), page."""
    house, account = house_of(request), member_of(request).account
    wanted = _wanted(request, account.id)
    now = house.clock.now()
    groups, more = await find_groups(house.database, wanted, now)
    claims = await find_claims(house.database, [group.key for group in groups], now)
    leads = await show_items(house.database, [group.lead for group in groups], whole=False)
    return await render(
        request,
        "moderation/queue.html",
        groups=[
            _group(group, lead, claims.get(group.key), account.id)
            for group, lead in zip(groups, leads, strict=True)
        ],
        seen=now.isoformat(),
        sorts=SORTS,
        sort_options=_sort_options(await count_sorts(house.database)),
        wanted=wanted,
        hour=await find_choice(house.database, CHOICE),
        hours=[(hour, say("never") if hour == NEVER else f"{int(hour):02}:00") for hour in HOURS],
        sets_hour=member_of(request).may(Permission.RULES),
        who=request.query_params.get("who", ""),
        newer_url=_page_url(request, wanted.page - 1) if wanted.page > 1 else None,
        older_url=_page_url(request, wanted.page + 1) if more and wanted.page < PAGES_MAX else None,
        admin_tabs=await admin_tabs(request),
    )


def _wanted(request: Request, account_id: str) -> Wanted:
    asked = request.query_params
    sort, who, page = asked.get("sort", ""), asked.get("who", ""), asked.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    return Wanted(
        sort=sort if sort in SORTS else "",
        host=asked.get("host", "").strip().lower()[:255],
        mine=account_id if who == "mine" else "",
        unclaimed=who == "unclaimed",
        page=min(max(number, 1), PAGES_MAX),
    )


def _sort_options(counts: dict[str, int]) -> list[tuple[str, str]]:
    labels = [
        (name, say("%(label)s (%(count)s)", label=say(label), count=counts.get(name, 0)))
        for name, label in SORTS.items()
    ]
    return [("", say("Everything")), *labels]


def _page_url(request: Request, page: int) -> str:
    asked = {name: value for name, value in request.query_params.items() if name != "page" and value}
    return f"{QUEUE}?{urlencode({**asked, 'page': page})}"


def _group(group: Group, lead: dict[str, Any], claim: Any, account_id: str) -> dict[str, Any]:
    return {
        "key": group.key,
        "url": f"{QUEUE}/{group.key}",
        "sort": lead["sort"],
        "shape": shape_of(group.key),
        "lead": lead,
        "gravity": group.gravity,
        "total": group.total,
        "authors": group.authors,
        "hosts": group.hosts,
        "since_at": group.since_at,
        "claim": claim,
        "mine": claim is not None and claim.account_id == account_id,
    }


def shape_of(group_key: str) -> str:
    """What the items of a group have in common: wave, text, actor, host, or (for one by itself) nothing."""
    return next((name[:-1] for name in (WAVE, TEXT, ACTOR, HOST) if group_key.startswith(name)), "")


async def set_digest(request: Request) -> Response:
    """Moderators hear at that hour from now on how much waits, or never: field hour."""
    hour = (await read_form(request)).text("hour")
    if hour not in HOURS:
        raise Refusal("hour", "Choose an hour of the list.")

    async def work(unit: Unit) -> None:
        await choose(unit, CHOICE, hour)
        await plan_digest(unit)

    await house_of(request).database.in_unit(work)
    return flash(request, redirect(QUEUE), "Saved.")


async def moved(request: Request) -> Response:
    """The queue has another address now."""
    return redirect(QUEUE)


def doors() -> list[Door]:
    """The list, and where it was before."""
    staff = Permission.MODERATE
    return [
        Door(QUEUE, queue, staff),
        Door("/admin/held", moved, staff),
        Door(f"{QUEUE}/digest", set_digest, Permission.RULES, methods=("POST",)),
    ]
