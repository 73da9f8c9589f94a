"""Notes and meetings for the members of a group alone."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from ....errors import Refusal
from ....house import house_of
from ....members.groups import GroupRow
from ....text.zones import to_moment
from ....web import Form, flash, identity_of, member_of, read_form, redirect, render
from .. import service
from ..draft import NoteDraft
from .asking import check_manages, shown


async def new(request: Request) -> Response:
    """An empty form."""
    group, _ = await check_manages(request)
    return await _form(request, group, {})


async def write(request: Request) -> Response:
    """The members of the group can read it and are told; or the form again, with what is wrong."""
    group, _ = await check_manages(request)
    form, by = await read_form(request), member_of(request).account.id
    try:
        draft = NoteDraft(
            " ".join(form.text("title").split()),
            form.text("text"),
            await _moment(request, form),
            " ".join(form.text("place").split()),
        )
        async with house_of(request).database.unit() as unit:
            await service.write_note(unit, group, draft, by=by)
    except Refusal as error:
        return await _form(request, group, dict(form.values), {error.code: error.message})
    return flash(request, redirect(group.path), "The members of the group can read it, and are told.")


async def _moment(request: Request, form: Form) -> datetime | None:
    if not form.text("day") and not form.text("time"):
        return None
    zone = (await identity_of(request)).zone
    return to_moment(form.text("day"), form.text("time"), str(zone), field="day")


async def delete(request: Request) -> Response:
    """The note is gone."""
    group, _ = await check_manages(request)
    async with house_of(request).database.unit() as unit:
        await service.delete_note(unit, group, request.path_params["id"])
    return flash(request, redirect(group.path), "Deleted.")


async def _form(
    request: Request, group: GroupRow, typed: dict[str, str], errors: dict[str, str] | None = None
) -> Response:
    return await render(
        request,
        "group/note.html",
        422 if errors else 200,
        group=shown(group, house_of(request).settings.domain),
        typed=typed,
        errors=errors or {},
        noindex=True,
    )
