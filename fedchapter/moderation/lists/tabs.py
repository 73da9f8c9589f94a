"""The tabs over the pages about lists."""

from typing import Any

from starlette.requests import Request

from ...words import mark, say

LIST = "/admin/lists"
SISTERS_PAGE = f"{LIST}/sisters"
CIRCLE = f"{LIST}/circle"
CLOSED = f"{LIST}/closed"
_TABS = (
    (LIST, mark("Lists")),
    (SISTERS_PAGE, mark("What sister chapters decided")),
    (CIRCLE, mark("The circle")),
    (CLOSED, mark("Closed network")),
)


def lists_tabs(request: Request) -> list[dict[str, Any]]:
    """As the macro `tabs` shows them."""
    path = request.url.path
    return [{"url": url, "label": say(label), "current": path == url} for url, label in _TABS]


def undo_of(batch: str) -> str:
    """The path that undoes what was decided in one go."""
    return f"/admin/decisions/batch/{batch}/undo"
