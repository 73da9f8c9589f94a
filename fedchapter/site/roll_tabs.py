"""The tabs over the pages about members: the roll, standing, skills, copies, what is asked for."""

from typing import Any

from starlette.requests import Request

from ..members import Permission
from ..web import member_of
from ..words import mark, say

TABS = (
    ("/admin/members", mark("Roll"), Permission.PEOPLE),
    ("/admin/dues", mark("Standing"), Permission.DUES),
    ("/admin/skills", mark("Skills"), Permission.PEOPLE),
    ("/admin/export", mark("Copies of the roll"), Permission.PEOPLE),
    ("/admin/asked", mark("What is asked for"), Permission.ADMIN),
)


def roll_tabs(request: Request) -> list[dict[str, Any]]:
    """As the macro `tabs` takes them: those that whoever is signed in may open."""
    path, viewer = request.url.path, member_of(request)
    return [
        {"url": url, "label": say(label), "current": path == url or path.startswith(f"{url}/")}
        for url, label, permission in TABS
        if viewer.may(permission)
    ]
