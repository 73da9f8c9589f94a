"""The queue: what waits, in groups, gravest first.

DESIGN §1 (hold what is doubtful, act with a reason, undo). Everything works with a thumb and without scripts; with
scripts also by single keys (static/queue.js), which can be switched off.
"""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from ...house import Door, house_of
from ...members import Permission
from ...web import admin_tabs, member_of, redirect, render
from ...words import mark, say
from ..grouping import ACTOR, HOST, TEXT, WAVE
from .claims import find_claims
from .groups import PAGES_MAX, Group, Wanted, count_sorts, find_groups
from .shown import show_items

QUEUE = "/admin/queue"
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


async def moved(request: Request) -> Response:
    """The queue has another address now."""
    return redirect(QUEUE)


def doors() -> list[Door]:
    """The list, and where it was before."""
    staff = Permission.MODERATE
    return [Door(QUEUE, queue, staff), Door("/admin/held", moved, staff)]
