"""The admin's first page: what waits for somebody, and how the chapter stands.

operations.md §4.2 (overview: queue, health, to-do); DESIGN §1 (no single person can end a chapter).
"""

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from .. import __version__
from ..continuity.doctor import Health
from ..continuity.doctor.inside import check_backup, check_drill, check_files
from ..federation.collections import count_follows
from ..house import Door, House, house_of
from ..members import Permission, Viewer, count_admins
from ..web import admin_tabs, member_of, render
from ..web.account import has_page
from ..web.admin import APPLICATIONS, REQUESTS, WAITING, count_waiting
from ..words import say, say_many

# A delivery that was not tried for so long has no worker.
STUCK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for somebody."""

    words: str
    url: str
    action: str


async def overview(request: Request) -> Response:
    """What waits, and the figures."""
    house, viewer = house_of(request), member_of(request)
    tasks = [
        task for task in await find_tasks(request, viewer) if has_page(request, task.url.partition("?")[0])
    ]
    return await render(
        request,
        "site/overview.html",
        tasks=tasks,
        figures=await find_figures(house),
        facts=[
            (say("Address"), house.settings.origin),
            (say("Handle"), f"@{house.settings.username}@{house.settings.domain}"),
            (say("Software"), f"fedchapter {__version__}"),
            (say("Database"), "PostgreSQL" if house.database.postgres else "SQLite"),
        ],
        admin_tabs=await admin_tabs(request),
    )


async def find_tasks(request: Request, viewer: Viewer) -> list[Task]:
    """What waits for whoever looks, most urgent first."""
    house, tasks = house_of(request), []
    held, asked = await count_waiting(request, WAITING), await count_waiting(request, REQUESTS)
    applied = await count_waiting(request, APPLICATIONS) if viewer.may(Permission.PEOPLE) else 0
    if applied:
        words = say_many("%(count)s person wants to join.", "%(count)s people want to join.", applied)
        tasks.append(Task(words, "/admin/applications", say("Decide")))
    if held and viewer.may(Permission.MODERATE):
        waits = say_many(
            "%(count)s thing waits for a moderator.", "%(count)s things wait for a moderator.", held
        )
        tasks.append(Task(waits, "/admin/queue", say_many("Look at it", "Look at them", held)))
    if asked and viewer.may(Permission.PUBLISH):
        ask = say_many(
            "%(count)s person asks to follow the chapter.",
            "%(count)s people ask to follow the chapter.",
            asked,
        )
        tasks.append(Task(ask, "/admin/followers", say("Decide")))
    if not viewer.may(Permission.ADMIN):
        return tasks
    if await _count(house, "delivery WHERE state = 'due' AND due_at < ?", house.clock.now() - STUCK):
        tasks.append(
            Task(
                say("Messages wait although they are due: is the worker running?"),
                "/admin/log",
                say("See the log"),
            )
        )
    failing = await _count(house, "peer WHERE failing_days > 0 AND failures > 0")
    if failing:
        silent = say_many("One server does not answer.", "%(count)s servers do not answer.", failing)
        tasks.append(Task(silent, "/admin/peers?show=failing", say("See which")))
    if await count_admins(house.database, house.clock.now()) == 1:
        words = say("You are the only admin. If you can no longer sign in, nobody can act for the chapter.")
        tasks.append(Task(words, "/admin/invitations", say("Invite a second one")))
    return tasks + await _about_backups(house)


async def _about_backups(house: House) -> list[Task]:
    found = [await check_backup(house), await check_drill(house), await check_files(house)]
    action = say("See the health page")
    return [Task(one.words, "/admin/health", action) for one in found if one.health is not Health.OK]


async def find_figures(house: House) -> list[tuple[int, str]]:
    """How large the chapter is."""
    uri = house.settings.chapter_uri
    own = "known_object WHERE owner_uri = ? AND listed = true AND state = 'shown'"
    members = await _count(house, "account WHERE state = 'active'")
    followers = await count_follows(house, uri, "followers")
    posts = await _count(house, own, uri)
    waiting = await _count(house, "delivery WHERE state = 'due'")
    return [
        (members, say_many("member", "members", members)),
        (followers, say_many("follower", "followers", followers)),
        (await count_follows(house, uri, "following"), say("followed")),
        (posts, say_many("post", "posts", posts)),
        (waiting, say_many("delivery waiting", "deliveries waiting", waiting)),
    ]


async def _count(house: House, table_and_where: str, *values: object) -> int:
    row = await house.database.row(f"SELECT count(*) AS total FROM {table_and_where}", *values)
    return int(row["total"]) if row else 0


def doors() -> list[Door]:
    """The admin's front door."""
    return [Door("/admin", overview, Permission.STAFF)]
