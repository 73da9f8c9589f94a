"""The tabs over the admin's pages: what a role may open, with how much waits there.

DESIGN §1 (an admin sees what comes in, holds what is doubtful). A tab shows only when its page is installed, so that a
type can bring an admin page along without an edit here beyond its line.
"""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from ..house import house_of
from ..members import Permission
from ..words import mark, say
from .account import has_page
from .guard import member_of


@dataclass(frozen=True, slots=True)
class Tab:
    """One admin page. `waits` is a query whose count stands on the tab."""

    url: str
    label: str
    icon: str
    permission: Permission = Permission.MODERATE
    waits: str = ""


WAITING = "SELECT count(*) AS total FROM desk_item WHERE state = 'open'"
MESSAGES = "SELECT count(*) AS total FROM message WHERE direction = 'in' AND read_at IS NULL"
REQUESTS = "SELECT count(*) AS total FROM follow WHERE followed_uri = ? AND state = 'requested'"
LISTS = "SELECT count(*) AS total FROM host_list WHERE failures >= 3 OR shrunk_to IS NOT NULL"
APPLICATIONS = "SELECT count(*) AS total FROM application WHERE state = 'waiting'"
SECONDS = "SELECT count(*) AS total FROM asked_action WHERE state = 'waiting'"
TABS = (
    Tab("/admin", mark("Overview"), "chapter", Permission.STAFF),
    Tab("/admin/queue", mark("Queue"), "hold", waits=WAITING),
    Tab("/admin/seconds", mark("Second moderator"), "people", waits=SECONDS),
    Tab("/admin/conduct", mark("Conduct"), "person", Permission.SANCTION),
    Tab("/admin/reports", mark("Reports"), "warn", Permission.REPORTS),
    Tab("/admin/decisions", mark("Decisions"), "check", Permission.AUDIT),
    Tab("/admin/rules", mark("Rules"), "gear", Permission.RULES),
    Tab("/admin/lists", mark("Lists"), "copy", Permission.HOSTS, waits=LISTS),
    Tab("/admin/messages", mark("Messages"), "mail", Permission.PUBLISH, waits=MESSAGES),
    Tab("/admin/followers", mark("Followers"), "people", Permission.PUBLISH, waits=REQUESTS),
    Tab("/admin/following", mark("Following"), "link", Permission.PUBLISH),
    Tab("/admin/sisters", mark("Sisters"), "boost", Permission.ADMIN),
    Tab("/admin/members", mark("Members"), "person", Permission.PEOPLE),
    Tab("/admin/dues", mark("Standing"), "check", Permission.DUES),
    Tab("/admin/applications", mark("Joining"), "check", Permission.PEOPLE, waits=APPLICATIONS),
    Tab("/admin/groups", mark("Groups"), "people", Permission.PEOPLE),
    Tab("/admin/peers", mark("Servers"), "out", Permission.HOSTS),
    Tab("/admin/log", mark("Log"), "in"),
    Tab("/admin/health", mark("Health"), "check", Permission.ADMIN),
    Tab("/admin/kept", mark("Kept"), "copy", Permission.ADMIN),
    Tab("/admin/settings", mark("Settings"), "gear", Permission.ADMIN),
)


async def admin_tabs(request: Request) -> list[dict[str, Any]]:
    """The tabs for whoever is signed in: {url, label, icon, current, count}; give them to every admin page."""
    viewer = member_of(request)
    path = request.url.path
    shown = [tab for tab in TABS if has_page(request, tab.url) and viewer.may(tab.permission)]
    return [
        {
            "url": tab.url,
            "label": say(tab.label),
            "icon": tab.icon,
            "current": path == tab.url or (tab.url != "/admin" and path.startswith(f"{tab.url}/")),
            "count": await count_waiting(request, tab.waits) if tab.waits else 0,
        }
        for tab in shown
    ]


async def count_waiting(request: Request, query: str) -> int:
    """How many wait, by one of the queries above."""
    house = house_of(request)
    values = (house.settings.chapter_uri,) if "?" in query else ()
    row = await house.database.row(query, *values)
    return int(row["total"]) if row else 0
