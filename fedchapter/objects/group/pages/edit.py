"""What a group says of itself, and its end."""

from starlette.requests import Request
from starlette.responses import Response

from ....actors import get_actor
from ....errors import Refusal
from ....house import house_of
from ....members.groups import OPEN, WORKING, GroupRow, get_group
from ....web import Form, flash, member_of, read_form, redirect, render
from .. import service
from ..draft import GroupDraft
from .asking import check_manages, shown

FIELDS = {"name-form": "slug", "name-reserved": "slug", "name-taken": "slug"}


def read_draft(form: Form) -> GroupDraft:
    """What the form says."""
    return GroupDraft(
        name=" ".join(form.text("name").split()),
        slug=form.text("slug").lower().removeprefix("@"),
        kind=form.text("kind", WORKING),
        about=form.text("about"),
        public=form.text("public", "yes") == "yes",
        joining=form.text("joining", OPEN),
        approves_followers=form.yes("approves_followers"),
    )


async def edit(request: Request) -> Response:
    """The group in the form."""
    group, _ = await check_manages(request)
    approves = False
    if group.public:
        approves = (await get_actor(house_of(request).database, group.actor_uri)).approves_followers
    draft = GroupDraft(group.name, group.slug, group.kind, group.about, group.public, group.joining, approves)
    return await _form(request, group, draft)


async def save(request: Request) -> Response:
    """Saved, and followers are told; or the form again, with what is wrong."""
    group, _ = await check_manages(request)
    draft = read_draft(await read_form(request))
    try:
        async with house_of(request).database.unit() as unit:
            await service.change_group(unit, group, draft)
    except Refusal as error:
        return await _form(request, group, draft, {error.code: error.message})
    return flash(request, redirect(group.path), "Saved.")


async def _form(
    request: Request, group: GroupRow, draft: GroupDraft, errors: dict[str, str] | None = None
) -> Response:
    return await render(
        request,
        "group/edit.html",
        422 if errors else 200,
        group=shown(group, house_of(request).settings.domain),
        draft=draft,
        errors=errors or {},
        longest=(0, 0, service.NAME_MAX, service.ABOUT_MAX),
        noindex=True,
    )


async def ask_close(request: Request) -> Response:
    """Asks once more, and says what closing means."""
    house = house_of(request)
    group = await get_group(house.database, request.path_params["slug"])
    return await render(request, "group/close.html", group=shown(group, house.settings.domain), noindex=True)


async def close(request: Request) -> Response:
    """The group is closed for good."""
    house, by = house_of(request), member_of(request).account.id
    group = await get_group(house.database, request.path_params["slug"])
    async with house.database.unit() as unit:
        await service.close_group(unit, group, by=by)
    return flash(request, redirect("/admin/groups"), "The group is closed. Its members are told.")
