"""Leaving a mailing list: one click in the mail program, or a button on a page; without signing in.

RFC 8058 §3 (a POST leaves at once, without cookies or redirects; a GET changes nothing, because mail scanners follow
links).
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound
from ..house import Door, house_of
from ..mail import read_token, unsubscribe
from ..mail.unsubscribe import Leaving
from ..members import Permission
from ..web import render


def _leaving(request: Request) -> Leaving:
    found = read_token(house_of(request).secret, request.path_params["token"])
    if found is None:
        raise NotFound(
            "no-list", "This link is incomplete. Copy it whole from the mail, or answer to the mail."
        )
    return found


async def ask(request: Request) -> Response:
    """The page with the button; nothing has changed."""
    _leaving(request)
    return await render(request, "site/unsubscribe.html", left=False, path=request.url.path, noindex=True)


async def leave(request: Request) -> Response:
    """No more mail of that list goes to that address."""
    leaving = _leaving(request)
    async with house_of(request).database.unit() as unit:
        await unsubscribe(unit, leaving)
    return await render(request, "site/unsubscribe.html", left=True, path=request.url.path, noindex=True)


def doors() -> list[Door]:
    """Both."""
    return [
        Door("/unsubscribe/{token}", ask, Permission.TOKEN),
        Door("/unsubscribe/{token}", leave, Permission.TOKEN, methods=("POST",)),
    ]
