"""Pages of comments: one comment's address leads to its place in the thread; writing as the chapter or as oneself.

wire.md §7.1 (one address for page and object); operations.md §3 row C3 (held ones are there for moderators only).
Nobody writes here without a name that is public: members do under their handle, staff also in the chapter's name.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...errors import NotFound, Refusal
from ...house import Door, house_of
from ...members import Permission, Viewer
from ...members.handles import check_handle, person_uri
from ...settings import Settings
from ...store import Known, Unit, find_known
from ...store.choices import find_choice
from ...store.kinds import find_where
from ...text import excerpt
from ...vocab.context import with_context
from ...web import flash, member_of, read_form, redirect, render, respond, viewer_of
from ...web.cards import full_item, page_path
from ...web.negotiate import missing
from . import service, wire
from .draft import CommentDraft


async def show(request: Request) -> Response:
    """A comment: the Note for servers, its place in the thread for people."""
    house = house_of(request)
    comment_id = request.path_params["id"]
    uri = house.settings.uri("comments", comment_id)
    found = await find_where(house.database, "kind = 'comment' AND ref = ?", comment_id)
    viewer = viewer_of(request)
    moderates = viewer is not None and viewer.may(Permission.MODERATE)
    visible = [one for one in found if _is_visible(one, moderates)]
    if not visible:
        return await missing(request, uri)
    known = visible[0]

    async def page() -> Response:
        return await _to_thread(request, known)

    async def document() -> dict[str, Any]:
        return await _note(request, known)

    return await respond(request, uri, page=page, document=document)


def _is_visible(known: Known, moderates: bool) -> bool:
    if known.state == service.HELD and moderates:
        return True
    return known.state == service.SHOWN and known.visibility in service.OPEN


async def _note(request: Request, known: Known) -> dict[str, Any]:
    house = house_of(request)
    written = await service.find_written(house.database, known.ref)
    if written is None or known.state != service.SHOWN:
        raise NotFound
    quotes = await find_choice(house.database, "quotes")
    return with_context(wire.to_note(written, origin=house.settings.origin, quotes=quotes))


async def _to_thread(request: Request, known: Known) -> Response:
    root = await find_known(house_of(request).database, known.root_uri)
    if root is None or root.state != service.SHOWN:
        raise NotFound
    return redirect(f"{page_path(root)}#comment-{known.ref}")


def owners_of(settings: Settings, viewer: Viewer) -> set[str]:
    """The actors in whose name whoever is signed in may write."""
    own = person_uri(settings, viewer.account)
    chapter = {settings.chapter_uri} if viewer.may(Permission.PUBLISH) else set()
    return chapter | ({own} if own else set())


async def new(request: Request) -> Response:
    """The form to answer one thing, with that thing above it."""
    parent = await _get_parent(request, request.query_params.get("uri", ""))
    return await _form(request, parent)


async def create(request: Request) -> Response:
    """The chapter answers, or a member under their public handle."""
    house, viewer = house_of(request), member_of(request)
    form = await read_form(request)
    parent = await _get_parent(request, form.text("reply_to"))
    if form.text("as", "chapter") == "chapter" and viewer.may(Permission.PUBLISH):
        draft = CommentDraft(parent.uri, form.text("text"), viewer.account.id)
    else:
        own = check_handle(house.settings, viewer.account)
        draft = CommentDraft(parent.uri, form.text("text"), owner_uri=own)

    async def write(unit: Unit) -> Known:
        return await service.write(unit, draft)

    try:
        known = await house.database.in_unit(write)
    except Refusal as error:
        as_ = "me" if draft.owner_uri else "chapter"
        return await _form(request, parent, text=draft.text, error=error.message, as_=as_)
    return flash(request, await _to_thread(request, known), "Your answer is on its way.")


async def _get_parent(request: Request, uri: str) -> Known:
    house = house_of(request)
    parent = await find_known(house.database, uri)
    kind = house.kinds.get(parent.kind) if parent else None
    if parent is None or kind is None or not kind.takes_comments or parent.state != service.SHOWN:
        raise NotFound("no-parent", "What this answers is not here any more.")
    return parent


async def _form(
    request: Request, parent: Known, *, text: str = "", error: str = "", as_: str = ""
) -> Response:
    house = house_of(request)
    item = await full_item(house.database, parent, kinds=house.kinds)
    item["excerpt"] = excerpt(parent.html, 300) or parent.title
    values = {"item": item, "reply_to": parent.uri, "text": text, "error": error, "speaks_as": as_}
    return await render(request, "comment/new.html", 422 if error else 200, **values)


async def edit(request: Request) -> Response:
    """The form with the text as it was written; POST saves it."""
    house = house_of(request)
    comment_id = request.path_params["id"]
    written = await service.get_written(house.database, comment_id)
    owners = owners_of(house.settings, member_of(request))
    service.check_owner(written, owners)
    if request.method != "POST":
        return await render(
            request, "comment/edit.html", comment_id=comment_id, text=written.source, error=""
        )
    text = (await read_form(request)).text("text")

    async def save(unit: Unit) -> Known:
        return await service.edit(unit, comment_id, text, owners=owners)

    try:
        known = await house.database.in_unit(save)
    except Refusal as error:
        values = {"comment_id": comment_id, "text": text, "error": error.message}
        return await render(request, "comment/edit.html", 422, **values)
    return flash(request, await _to_thread(request, known), "Saved.")


async def delete(request: Request) -> Response:
    """An answer is taken back by whoever wrote it; moderators hide what others wrote (moderation.actions.posts)."""
    house, comment_id = house_of(request), request.path_params["id"]
    owners = owners_of(house.settings, member_of(request))

    async def remove(unit: Unit) -> Known:
        return await service.delete(unit, comment_id, owners=owners)

    known = await house.database.in_unit(remove)
    root = await find_known(house.database, known.root_uri)
    return flash(request, redirect(page_path(root) if root else "/"), "The comment is deleted.")


def doors() -> list[Door]:
    """All of them. What is whose is checked behind the door."""
    member = Permission.MEMBER
    return [
        Door("/comments/new", new, member, writes=True),
        Door("/comments", create, member, methods=("POST",), writes=True),
        Door("/comments/{id}", show, Permission.ANYONE),
        Door("/comments/{id}/edit", edit, member, methods=("GET", "POST"), writes=True),
        Door("/comments/{id}/delete", delete, member, methods=("POST",)),
    ]
