"""Writing, editing, scheduling, pinning and deleting announcements; all of it works without scripts.

DESIGN §2 (a door makes a draft and calls a service); a preview renders what would be published and stores nothing but
its pictures.
"""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ....errors import NotFound, Refusal
from ....house import house_of
from ....store import Unit
from ....text import excerpt
from ....web import flash, identity_of, member_of, read_form, redirect, render
from ....web.cards import full_item
from ....web.voices import check_voice, find_voice, voices_of
from ....words import mark
from .. import service
from ..service import PostRow
from ..service.rows import PUBLISHED, SCHEDULED, to_known
from .form import Writing, blank_writing, languages, read_writing, writing_of

WRONG = 422


async def new(request: Request) -> Response:
    """An empty form."""
    return await _form(request, await blank_writing(request))


async def publish(request: Request) -> Response:
    """Publishes, schedules, or shows the form again with a preview or with what is wrong."""
    house, writing = house_of(request), await read_writing(request)
    voice = await find_voice(request, writing.draft.author_uri)
    writing.draft = replace(writing.draft, author_uri=voice.uri)
    seen = await _preview(request, writing, None)
    if writing.errors or writing.action != "publish":
        return await _form(request, writing, seen=seen)
    account_id = member_of(request).account.id

    async def write(unit: Unit) -> str:
        return await service.write(unit, writing.draft, account_id=account_id)

    id_ = await house.database.in_unit(write)
    return _said(request, writing, f"/announcements/{id_}")


def _said(request: Request, writing: Writing, path: str) -> Response:
    if writing.draft.publish_at is not None:
        return flash(request, redirect("/scheduled"), "It will be published at the time you set.")
    if writing.lost:
        lost = ", ".join(writing.lost)
        said = mark("Published. Nobody was found under %(lost)s.")
        return flash(request, redirect(path), said, "warn", lost=lost)
    return flash(request, redirect(path), "Published.")


async def edit(request: Request) -> Response:
    """The form of an announcement that exists."""
    post = await own_post(request)
    return await _form(request, await writing_of(request, post), post=post)


async def save(request: Request) -> Response:
    """The announcement says something else, or the form is shown again."""
    house, post = house_of(request), await own_post(request)
    writing = await read_writing(request)
    seen = await _preview(request, writing, post)
    if writing.errors or writing.action != "publish":
        return await _form(request, writing, post=post, seen=seen)

    async def change(unit: Unit) -> bool:
        return await service.edit(unit, post.id, writing.draft)

    changed = await house.database.in_unit(change)
    if post.state == SCHEDULED:
        return _said(request, writing, f"/announcements/{post.id}")
    words = (
        mark("Saved. Everybody who has it gets the new version.") if changed else mark("Nothing had changed.")
    )
    return flash(request, redirect(f"/announcements/{post.id}"), words, "ok" if changed else "info")


async def own_post(request: Request) -> PostRow:
    """The announcement in the address, if one speaks for its author; raises NotFound and Forbidden."""
    post = await service.get_post(house_of(request).database, request.path_params["id"])
    if not post.local:
        raise NotFound
    await check_voice(request, post.author_uri)
    return post


async def _preview(request: Request, writing: Writing, post: PostRow | None) -> dict[str, Any] | None:
    house = house_of(request)
    base = post or service.blank(house.settings, "preview", house.clock.now())
    try:
        seen = await service.preview(house.database, house.settings, writing.draft, base)
    except Refusal as error:
        writing.refuse("text" if error.code == "text-too-long" else error.code, error.message)
        return None
    known = to_known(seen, house.clock.now())
    zone = (await identity_of(request)).zone
    return await full_item(house.database, known, kinds=house.kinds, zone=zone)


async def _form(
    request: Request, writing: Writing, *, post: PostRow | None = None, seen: dict[str, Any] | None = None
) -> Response:
    return await render(
        request,
        "announcement/write.html",
        WRONG if writing.errors else 200,
        writing=writing,
        draft=writing.draft,
        post=post,
        published=post is not None and post.state == PUBLISHED,
        languages=languages(writing.draft.language or house_of(request).settings.language),
        seen=None if writing.errors or writing.action == "attach" else seen,
        voices=[] if post else await voices_of(request),
        noindex=True,
    )


async def ask_delete(request: Request) -> Response:
    """Asks once more, and says what deleting means."""
    post = await own_post(request)
    words = post.title or excerpt(post.html, 160)
    return await render(request, "announcement/delete.html", post=post, words=words, noindex=True)


async def delete(request: Request) -> Response:
    """The announcement is gone for good, or a scheduled one thrown away."""
    post = await own_post(request)

    async def gone(unit: Unit) -> None:
        await service.delete(unit, post.id)

    await house_of(request).database.in_unit(gone)
    if post.state == SCHEDULED:
        return flash(request, redirect("/scheduled"), "Cancelled. Nobody has seen it.")
    return flash(request, redirect("/"), "Deleted. Other servers are being asked to delete it too.")


async def pin(request: Request) -> Response:
    """To the top of the profile, or down from it."""
    post, form = await own_post(request), await read_form(request)
    pinned = form.yes("pinned")

    async def move(unit: Unit) -> None:
        await service.pin(unit, post.id, pinned=pinned)

    await house_of(request).database.in_unit(move)
    words = mark("Pinned to the profile.") if pinned else mark("No longer pinned.")
    return flash(request, redirect(f"/announcements/{post.id}"), words)
