"""Writing proposals, for moderators: draft, publish, edit while it is discussed, withdraw, delete."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ....errors import Refusal
from ....house import house_of
from ....store import Unit
from ....web import Form, flash, member_of, read_form, redirect, render
from ....words import mark
from .. import service
from ..draft import ProposalDraft
from ..service.rows import DRAFT, ProposalRow
from .finding import get_shown


async def new(request: Request) -> Response:
    """An empty sheet."""
    return await _sheet(request, Form({}))


async def create(request: Request) -> Response:
    """A draft, or with `publish` a proposal under discussion."""
    form = await read_form(request)
    account_id = member_of(request).account.id

    async def work(unit: Unit) -> str:
        proposal_id = await service.create(unit, _draft(form), account_id)
        if form.yes("publish"):
            await service.publish(unit, proposal_id)
        return proposal_id

    try:
        proposal_id = await house_of(request).database.in_unit(work)
    except Refusal as error:
        return await _sheet(request, form, error)
    said = mark("Saved as a draft: only moderators see it.")
    if form.yes("publish"):
        said = mark("It is up for discussion.")
    return flash(request, redirect(f"/proposals/{proposal_id}"), said)


async def edit_form(request: Request) -> Response:
    """The sheet with the present text."""
    row = await get_shown(request)
    return await _sheet(request, Form({"title": row.title, "text": row.source}), row=row)


async def save(request: Request) -> Response:
    """The new text stands; of a published proposal as a new version."""
    row, form = await get_shown(request), await read_form(request)
    try:
        changed = await house_of(request).database.in_unit(
            lambda unit: service.edit(unit, row.id, _draft(form))
        )
    except Refusal as error:
        return await _sheet(request, form, error, row)
    said = mark("Saved as a new version; the earlier ones stay readable.")
    if row.stage == DRAFT:
        said = mark("Saved.")
    return flash(request, redirect(f"/proposals/{row.id}"), said if changed else mark("Nothing was changed."))


async def publish(request: Request) -> Response:
    """The draft is up for discussion."""
    row = await get_shown(request)
    await house_of(request).database.in_unit(lambda unit: service.publish(unit, row.id))
    return flash(request, redirect(f"/proposals/{row.id}"), "It is up for discussion.")


async def withdraw(request: Request) -> Response:
    """There will be no vote."""
    row = await get_shown(request)
    await house_of(request).database.in_unit(lambda unit: service.withdraw(unit, row.id))
    return flash(request, redirect(f"/proposals/{row.id}"), "Withdrawn. The text stays readable.")


async def delete(request: Request) -> Response:
    """It is gone."""
    row = await get_shown(request)
    await house_of(request).database.in_unit(lambda unit: service.delete(unit, row.id))
    return flash(request, redirect("/proposals"), "Deleted, and other servers have been told.")


def _draft(form: Form) -> ProposalDraft:
    return ProposalDraft(form.text("title"), form.text("text"))


async def _sheet(
    request: Request, form: Form, error: Refusal | None = None, row: ProposalRow | None = None
) -> Response:
    field = {"title": "title", "text-too-long": "text"}.get(error.code, "text") if error else ""
    wrong: dict[str, Any] = {field: error.message} if error else {}
    return await render(
        request,
        "proposal/write.html",
        400 if error else 200,
        row=row,
        form=form,
        wrong=wrong,
        action=f"/proposals/{row.id}/edit" if row else "/proposals",
        is_draft=row is None or row.stage == DRAFT,
    )
