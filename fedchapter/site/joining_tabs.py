"""The tabs over the three pages about joining: who asks, who was invited, how one joins."""

from typing import Any

from starlette.requests import Request

from ..words import mark, say

TABS = (
    ("/admin/applications", mark("Applications")),
    ("/admin/invitations", mark("Invitations")),
    ("/admin/joining", mark("How people join")),
)


def joining_tabs(request: Request) -> list[dict[str, Any]]:
    """As the macro `tabs` takes them."""
    path = request.url.path
    return [
        {"url": url, "label": say(label), "current": path == url or path.startswith(f"{url}/")}
        for url, label in TABS
    ]
