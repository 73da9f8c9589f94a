"""A member's home: what waits for them, what is new, and the way to everything about their account.

operations.md §4.2 (member home: what needs me). Opening it is what "seen" means: what was shown here does not come by
mail as well.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..house import Door, house_of
from ..members import Permission
from ..notices.page import Portion, find_all, find_new, mark_seen
from ..notices.sentences import Shown
from ..notices.wishes import find_manner
from ..store import is_id
from ..web import member_of, render
from ..web.account import has_page
from ..words import say, say_many
from .overview import Task, find_tasks
from .waiting import dates_of, open_votes, who_asks


async def home(request: Request) -> Response:
    """What waits for whoever looks; the new notices on it are seen."""
    house, viewer = house_of(request), member_of(request)
    coming, unanswered = await dates_of(house, viewer.account.id)
    found = await find_new(house.database, viewer.account.id)
    news = await _seen(request, found)
    tasks = [*await _groups_tasks(request), *await _chapters_tasks(request)]
    return await render(
        request,
        "site/me.html",
        name=viewer.account.display_name,
        votes=await open_votes(house, viewer.account.id),
        coming=coming,
        unanswered=unanswered,
        news=news,
        more_news=bool(found.older_id),
        tasks=tasks,
        noindex=True,
    )


async def _chapters_tasks(request: Request) -> list[Task]:
    viewer = member_of(request)
    tasks = await find_tasks(request, viewer) if viewer.may(Permission.STAFF) else []
    return [task for task in tasks if has_page(request, task.url.partition("?")[0])]


async def _groups_tasks(request: Request) -> list[Task]:
    asked = await who_asks(house_of(request), member_of(request).captain_of)
    return [
        Task(
            say_many(
                "%(count)s person would like to join %(group)s.",
                "%(count)s people would like to join %(group)s.",
                row["total"],
                group=row["name"],
            ),
            f"/groups/{row['slug']}/members",
            say("Decide"),
        )
        for row in asked
    ]


async def notices(request: Request) -> Response:
    """Everything they were told in the last half year, newest first; what is shown is seen."""
    house, viewer = house_of(request), member_of(request)
    before = request.query_params.get("before", "")
    found = await find_all(house.database, viewer.account.id, before if is_id(before) else "")
    return await render(
        request,
        "site/notices.html",
        news=await _seen(request, found),
        newer_url="/me/notices" if before else None,
        older_url=f"/me/notices?before={found.older_id}" if found.older_id else None,
        noindex=True,
    )


async def _seen(request: Request, found: Portion) -> Sequence[dict[str, Any]]:
    """The notices as the page shows them, marked as seen."""
    house, account = house_of(request), member_of(request).account
    if any(one.seen_at is None for one in found.notices):
        await house.database.in_unit(partial(mark_seen, account_id=account.id, notices=found.notices))
    zone = (await find_manner(house.database, account.id)).zone
    return [_item(one, zone) for one in found.notices]


def _item(one: Shown, zone: str) -> dict[str, Any]:
    return {
        "words": one.say(zone),
        "url": one.path,
        "at": one.created_at,
        "fresh": one.seen_at is None,
        "icon": ICONS.get(one.kind, "info"),
    }


ICONS = {
    "announcement": "announcement",
    "event": "event",
    "reminder": "event",
    "proposal": "proposal",
    "vote": "proposal",
    "reply": "reply",
    "group": "people",
    "chapter": "chapter",
    "desk": "mail",
    "people": "people",
    "moderation": "hold",
    "account": "key",
}


def doors() -> list[Door]:
    """Both."""
    return [
        Door("/me", home, Permission.MEMBER),
        Door("/me/notices", notices, Permission.MEMBER),
    ]
