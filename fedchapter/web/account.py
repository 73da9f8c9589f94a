"""The tabs over one's own pages; one shows only when its page is installed."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ..words import mark, say

HOME = "/me"


@dataclass(frozen=True, slots=True)
class OwnPage:
    """One of them."""

    url: str
    label: str
    icon: str


PAGES = (
    OwnPage(HOME, mark("What waits for you"), "person"),
    OwnPage("/me/notifications", mark("Notifications"), "mail"),
    OwnPage("/me/profile", mark("Name and address"), "edit"),
    OwnPage("/me/security", mark("How you sign in"), "key"),
    OwnPage("/me/skills", mark("Skills"), "check"),
    OwnPage("/me/handle", mark("Public handle"), "link"),
    OwnPage("/me/strikes", mark("Moderators"), "hold"),
    OwnPage("/me/reports", mark("Reports"), "warn"),
    OwnPage("/me/data", mark("Your data"), "info"),
)


def account_tabs(request: Request) -> list[dict[str, Any]]:
    """The tabs as `tabs()` of macros/data.html wants them: {url, label, icon, current}."""
    path = request.url.path
    return [
        {
            "url": page.url,
            "label": say(page.label),
            "icon": page.icon,
            "current": path == page.url or (page.url != HOME and path.startswith(f"{page.url}/")),
        }
        for page in PAGES
        if has_page(request, page.url)
    ]


def has_page(request: Request, path: str) -> bool:
    """Whether some installed room or type has a door at exactly that path."""
    return any(isinstance(route, Route) and route.path == path for route in request.app.routes)
