"""Choosing the language of the pages: a form in the foot of every page, which works without scripts.

WCAG 2.2 §3.1; the choice is kept in a cookie, and in the account of whoever is signed in, so that letters follow it.
"""

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import Permission
from ..members.changes import set_language
from ..web import read_form, redirect, viewer_of
from ..web.guard import next_path
from ..web.language import choose_language, is_language


async def choose(request: Request) -> Response:
    """From here on everything is said in that language; back to the page one came from.

    A member may choose none: then each of their browsers asks for its own.
    """
    form, viewer = await read_form(request), viewer_of(request)
    language = form.text("language")
    if not (is_language(request, language) or (viewer is not None and not language)):
        raise Refusal("language", "These pages are not in that language.")
    if viewer is not None:
        async with house_of(request).database.unit() as unit:
            await set_language(unit, viewer.account.id, language)
    response = redirect(next_path(form.text("next")))
    choose_language(request, response, language)
    return response


def doors() -> list[Door]:
    """The one form."""
    return [Door("/language", choose, Permission.ANYONE, methods=("POST",))]
