"""The pages anybody may read: home, the chapter's profile.

wire.md §7.1 (one address for actor and profile).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..federation.collections import actor_response
from ..house import Door, house_of
from ..members import Permission
from ..vocab.context import wants_activity
from ..web import render


async def home(request: Request) -> Response:
    """The newest here and from followed chapters."""
    return await render(request, "site/home.html")


async def profile(request: Request) -> Response:
    """The chapter: a page for people, the Group actor for servers."""
    uri = house_of(request).settings.uri(f"@{request.path_params['username']}")
    if wants_activity(request.headers.get("accept", "*/*")):
        return await actor_response(request, uri)
    return await render(request, "site/profile.html")


def doors() -> list[Door]:
    """The public doors."""
    return [Door("/", home, Permission.ANYONE), Door("/@{username}", profile, Permission.ANYONE)]
