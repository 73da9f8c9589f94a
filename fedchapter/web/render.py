"""Rendering: one template environment per instance, with what every page needs.

Templates escape by default; HTML that was sanitised at the door is sanitised again by the `safe_html` filter before it
is marked as markup (operations.md §3 row D1), memoised by text because the same posts are shown again and again.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .. import __version__
from ..errors import Refusal, TooMany
from ..house import house_of
from ..members import Permission
from ..notices import count_new
from ..text import clean
from ..vocab.context import wants_activity
from ..words import LANGUAGES, choose_form, mark, say, spoken
from .account import HOME, account_tabs
from .chapter import Identity, identity_of
from .cookies import clear_flash, read_flash, set_flash
from .dates import CALLS

HEADINGS = {
    401: mark("A signature is needed here"),
    403: mark("This is not open to you"),
    404: mark("This page is not here"),
    410: mark("This is gone"),
    429: mark("A little slower, please"),
}
ELSE = mark("That did not work")
MENU = (
    ("/", mark("News")),
    ("/events", mark("Events")),
    ("/proposals", mark("Proposals")),
    ("/groups", mark("Groups")),
    ("/about", mark("About")),
)
# What the same address shows depends on who asks, and in which language.
PAGE_VARY = "Accept, Accept-Language, Cookie"
SOFTWARE = {"name": "fedchapter", "version": __version__}


@lru_cache(maxsize=4096)
def _cleaned(html: str) -> Markup:
    return Markup(clean(html))  # noqa: S704 - this is the one place, and it has just been sanitised


def safe_html(html: str) -> Markup:
    """Sanitised markup of another server's (or our) HTML."""
    return _cleaned(html) if html else Markup("")


@cache
def _environment(folders: tuple[tuple[str, Path], ...], static_version: str) -> Environment:
    """Compiles each template once: nothing in it is of one instance, so all that are in this process share it."""
    loaders = {name: FileSystemLoader(folder) for name, folder in folders}
    own = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(
        loader=ChoiceLoader([own, PrefixLoader(loaders)]),
        autoescape=True,
        undefined=StrictUndefined,
        # A look at every file's time for every page costs more than the page.
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_callables(say, choose_form, newstyle=True)  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters["safe_html"] = safe_html
    environment.globals.update(CALLS)
    environment.globals["static_version"] = static_version
    environment.globals["software"] = SOFTWARE
    return environment


class Templates:
    """The environment: frame and macros of this room, and a folder of templates for each type and for the site."""

    def __init__(self, folders: Mapping[str, Path], static_version: str) -> None:
        self.environment = _environment(tuple(folders.items()), static_version)

    def page(self, name: str, values: Mapping[str, Any]) -> str:
        """The rendered template."""
        return self.environment.get_template(name).render(values)


async def render(request: Request, name: str, /, status: int = 200, **values: Any) -> Response:
    """A whole page as a response, with the chapter, the viewer, the menu and waiting messages."""
    templates: Templates = request.app.state.templates
    viewer = getattr(request.state, "viewer", None)
    identity = await identity_of(request)
    flashes = read_flash(request)
    frame: dict[str, Any] = {
        "chapter": identity,
        "viewer": await _person(request, viewer, identity),
        "nav": _menu(request, viewer),
        "flashes": flashes,
        "zone": identity.zone,
        "path": request.url.path,
        "lang": spoken(),
        "page_languages": LANGUAGES,
        "here": _here(request, status),
    }
    frame["status"] = status
    if request.url.path.startswith(HOME):
        frame["account_tabs"] = account_tabs(request)
    response = Response(templates.page(name, frame | values), status, media_type="text/html")
    response.headers["Vary"] = PAGE_VARY
    response.headers["Cache-Control"] = "private, no-cache"
    if flashes:
        clear_flash(request, response)
    return response


async def _person(request: Request, viewer: Any, identity: Identity) -> dict[str, Any] | None:
    if viewer is None:
        return None
    account = viewer.account
    host = identity.handle.rpartition("@")[2]
    return {
        "display_name": account.display_name,
        "handle": f"@{account.handle}@{host}" if account.handle else "",
        "url": HOME,
        "new": await count_new(house_of(request).database, account.id),
        "publishes": viewer.may(Permission.PUBLISH),
        "moderates": viewer.may(Permission.MODERATE),
        "people": viewer.may(Permission.PEOPLE),
        "admin": viewer.may(Permission.ADMIN),
        "storm_until": _storm(request) if viewer.may(Permission.MODERATE) else None,
    }


def _storm(request: Request) -> datetime | None:
    """Until when everything from strangers is held, or None."""
    house = house_of(request)
    storm = house.policy.storm
    return storm.until_at if storm and house.policy.is_storm(house.clock.now()) else None


def _here(request: Request, status: int) -> str:
    # Two pages that say that nothing is here are the same to the last byte, whatever was asked for.
    if request.method != "GET" or status >= 400:
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _menu(request: Request, viewer: Any) -> list[dict[str, Any]]:
    path = request.url.path
    entries = list(MENU) if viewer is None else [*MENU[:-1], ("/board", mark("Board")), MENU[-1]]
    if viewer is not None and viewer.may(Permission.STAFF):
        entries.append(("/admin", mark("Admin")))
    return [
        {
            "url": url,
            "label": say(label),
            "current": path == url or (url != "/" and path.startswith(f"{url}/")),
        }
        for url, label in entries
    ]


def redirect(path: str) -> Response:
    """303 to a path of ours, after a form."""
    return RedirectResponse(path, 303)


def flash(
    request: Request, response: Response, text: str, kind: str = "ok", *, undo: str = "", **values: Any
) -> Response:
    """The response, with a message for the next page (values as `%(name)s`); kind is ok, info, warn or error.

    `undo` is a path of the audit log (moderation.log.undo_path) that takes it back.
    """
    set_flash(request, response, kind, say(text, **values), undo)
    return response


async def error_page(request: Request, error: Refusal) -> Response:
    """What went wrong, in the form that was asked for: a page, or JSON for other servers."""
    headers = {"Cache-Control": "no-store", "Vary": f"{PAGE_VARY}, Signature"}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after_s)
    if request.method == "GET" and wants_activity(request.headers.get("accept", "*/*")):
        body = msgspec.json.encode({"error": error.message, "code": error.code})
        return Response(body, error.status, headers, media_type="application/json")
    heading = say(HEADINGS.get(error.status, ELSE))
    response = await render(request, "error.html", error.status, heading=heading, text=error.message)
    response.headers.update(headers)
    return response
