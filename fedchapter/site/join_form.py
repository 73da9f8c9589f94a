"""The page with the form to join: shared values, the chapter's questions, and the two ways to be reached."""

from starlette.requests import Request
from starlette.responses import Response

from ..house import house_of
from ..members.identities import Proved
from ..members.questions import to_questions
from ..store.choices import find_choices
from ..text import render_markdown
from ..web import Form, render, viewer_of
from ..web.account import has_page
from .public import contact_url


async def join_page(
    request: Request,
    *,
    proved: Proved | None = None,
    form: Form | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    """The form as it is, or as it was typed with what is wrong."""
    choices = await find_choices(house_of(request).database)
    typed = {"display_name": proved.name if proved else ""}
    return await render(
        request,
        "site/join_form.html",
        400 if errors else 200,
        mode=choices["joining_mode"],
        questions=to_questions(choices["joining_questions"]),
        shared_values=render_markdown(choices["shared_values"]),
        contact=choices["contact"],
        contact_url=contact_url(choices["contact"]),
        proved=proved,
        member=viewer_of(request) is not None,
        fediverse=has_page(request, "/sign-in/fediverse"),
        typed=dict(form.values) if form else typed,
        errors=errors or {},
    )
