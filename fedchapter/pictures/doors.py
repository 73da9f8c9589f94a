"""The door at which small pictures of other servers are served: only those that something shown lists.

operations.md §3 rows A6 (fixed type, sandbox), C3 (the same 404 for what never was and for what is not shown any more).
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from ..errors import NotFound
from ..house import Door, House, house_of
from ..media import headers_for
from ..members.permissions import Permission
from ..store.ids import is_id
from .allowed import may_show
from .rows import AWAY, FAILED, KEPT, PictureRow, drop, find_picture, let_go, note_use, shelf_of, want_again

# Kept by one's own browser only: what is hidden later must not live on in a cache that others share.
CACHE = "private, max-age=86400, immutable"
NOTED_EVERY = timedelta(hours=6)
NOT_YET = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 36"><path fill="#8886" d="M0 0h64v36H0z"/>'
    b'<path fill="none" stroke="#888" stroke-width=".7" d="M27 14h10v8H27zm0 6 3-3 3 3 2-2 2 2"/></svg>'
)


async def show(request: Request) -> Response:
    """The small picture; a grey one while it is on its way; NotFound for everything that may not be seen."""
    house, id_ = house_of(request), request.path_params["id"]
    row = await find_picture(house.database, id_) if is_id(id_) else None
    if row is None:
        raise NotFound
    if not await may_show(house, row):
        async with house.database.unit() as unit:
            await drop(unit, [row])
        raise NotFound
    if row.state == KEPT:
        return await _file(house, row)
    if row.state in (AWAY, FAILED) and row.due_at <= house.clock.now():
        async with house.database.unit() as unit:
            await want_again(unit, row)
    return _not_yet()


def _not_yet() -> Response:
    safe = headers_for(f"{'0' * 32}.webp")
    return Response(NOT_YET, headers=safe | {"Content-Type": "image/svg+xml", "Cache-Control": "no-store"})


async def _file(house: House, row: PictureRow) -> Response:
    path = shelf_of(house.settings).path(row.file_name)
    if not path.is_file():
        async with house.database.unit() as unit:
            await let_go(unit, [row], wait=timedelta())
            await want_again(unit, row)
        return _not_yet()
    if house.clock.now() - row.used_at >= NOTED_EVERY:
        async with house.database.unit() as unit:
            await note_use(unit, row)
    return FileResponse(path, headers=headers_for(row.file_name) | {"Cache-Control": CACHE})


def doors() -> list[Door]:
    """The one door."""
    return [Door("/pictures/remote/{id}", show, Permission.ANYONE)]
