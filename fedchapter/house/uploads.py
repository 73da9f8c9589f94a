"""Uploads as they are served: fixed types, never anything that another server could take for a document of ours.

operations.md §3 rows A6 and D2. (Here and not in `media`, because a door needs a house.)
"""

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from ..errors import NotFound, Refusal
from ..media import headers_for
from ..members.permissions import Permission
from .doors import Door, house_of


async def show(request: Request) -> Response:
    """The picture of that name; NotFound for anything else."""
    name = request.path_params["name"]
    try:
        path = house_of(request).shelf.path(name)
    except Refusal as error:
        raise NotFound from error
    if not path.is_file():
        raise NotFound
    return FileResponse(path, headers=headers_for(name))


def doors() -> list[Door]:
    """The one door."""
    return [Door("/media/{name}", show, Permission.ANYONE)]
