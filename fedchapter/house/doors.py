"""Routes that say who may come in: a starlette Route with a permission, so that none is open by omission.

operations.md §3 row D7; the test of the matrix walks these.
"""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..members.permissions import Permission
from .house import House

Endpoint = Callable[[Request], Awaitable[Response]]


class Door(Route):
    """A route whose `permission` is checked before its endpoint runs (web.guard).

    `writes`: what is sent there others read, so it is closed to whom moderators have limited for a time.
    """

    def __init__(
        self,
        path: str,
        endpoint: Endpoint,
        permission: Permission,
        *,
        methods: Sequence[str] = ("GET",),
        name: str | None = None,
        writes: bool = False,
    ) -> None:
        super().__init__(path, endpoint, methods=list(methods), name=name)
        self.permission = permission
        self.writes = writes


def house_of(request: Request) -> House:
    """The house whose door this request came through."""
    house = request.app.state.house
    assert isinstance(house, House)
    return house
