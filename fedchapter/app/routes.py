"""All doors of an instance, each behind its guard, with static files and uploads beside them."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ..errors import NotFound
from ..federation.routes import doors as federation_doors
from ..house import Door, house_of
from ..house.uploads import doors as media_doors
from ..members import Permission
from ..moderation import doors as moderation_doors
from ..pictures.doors import doors as picture_doors
from ..site import doors as site_doors
from ..web import guarded
from ..web.guard import HEADERS, SAFE, next_path, refused
from .metrics import metrics
from .types import Types


@cache
def static_folder() -> Path:
    """The stylesheet's folder: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "static"
    return inside if inside.is_dir() else package.parent / "static"


@cache
def static_version() -> str:
    """Changes when a static file does, so that browsers may keep them for long."""
    digest = hashlib.sha256()
    for path in sorted(static_folder().rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def all_doors(types: Types) -> list[Door]:
    """Every door with its permission; the order is the order of matching."""
    health = [
        Door("/livez", livez, Permission.PEER),
        Door("/readyz", readyz, Permission.PEER),
        Door("/metrics", metrics, Permission.PEER),
    ]
    return [
        *health,
        *federation_doors(),
        *media_doors(),
        *picture_doors(),
        *types.doors,
        *moderation_doors(),
        *site_doors(),
    ]


@cache
def _routes(types: Types) -> tuple[BaseRoute, ...]:
    """The doors and the static files; they know no instance, so all that are in this process share them."""
    doors = [
        Route(door.path, guarded(door), methods=list(door.methods or ()), name=door.name)
        for door in all_doors(types)
    ]
    return (*doors, Mount("/static", Static(directory=static_folder()), name="static"))


def application(state: dict[str, Any], types: Types) -> Starlette:
    """The ASGI application of one instance."""
    app = Starlette(routes=_routes(types), exception_handlers={404: not_found, 500: broken})
    # Its redirects name the scheme and the Host of the request: plain http behind a proxy, or anybody's host.
    app.router.redirect_slashes = False
    for name, value in state.items():
        setattr(app.state, name, value)
    return app


class Static(StaticFiles):
    """Static files with long caching (their address carries a version) and the safety headers."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file."""
        response = super().file_response(*args, **kwargs)
        response.headers.update(HEADERS)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


async def livez(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """The database answers too."""
    house = house_of(request)
    try:
        await house.database.row("SELECT 1 AS yes")
    except Exception:
        return JSONResponse({"database": "down"}, 503)
    return JSONResponse({"database": "up"})


async def not_found(request: Request, error: Exception) -> Response:
    """No door here; of an address with a slash too many, the one without."""
    path = request.scope["path"]
    plain = next_path(path.rstrip("/"))
    if request.method in SAFE and path == f"{plain}/":
        return RedirectResponse(plain, 308, HEADERS)
    response = await refused(request, NotFound())
    response.headers.update(HEADERS)
    return response


async def broken(request: Request, error: Exception) -> Response:
    """Our own fault; the log has the rest."""
    return PlainTextResponse("Something broke on this server. It has been written down.\n", 500, HEADERS)
