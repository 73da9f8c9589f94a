"""Pages of public handles: choosing one, with what becomes visible said before it is asked; changing it; giving it up.

Issue of people (opt-in, explained: what becomes visible where); wire.md §7.1 (one address for the page and the actor).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...actors import ActorRow
from ...actors.keyring import make_keys
from ...actors.names import NAME_MAX, NAME_MIN, check_free
from ...errors import Refusal
from ...federation.collections import count_follows
from ...house import Door, house_of
from ...members import Permission
from ...members.handles import CHOOSE_PAGE, drop_handle, person_uri
from ...store.kinds import find_where
from ...text import excerpt
from ...web import Form, flash, identity_of, member_of, read_form, redirect, render, viewer_of
from ...web.cards import cards
from ...web.guard import next_path
from . import service
from .draft import PersonDraft

NEWEST = 20
TICKS = ("discoverable", "indexable", "approves_followers")
_FIELDS = {
    "name-form": "handle",
    "name-reserved": "handle",
    "name-taken": "handle",
    "person-name": "name",
    "person-text": "source",
    "not-read": "read",
    "not-sure": "sure",
}


async def show(request: Request) -> Response:
    """What a handle makes public and the form to choose one; or the handle that the member has."""
    return await _page(request)


async def _page(
    request: Request, typed: dict[str, Any] | None = None, error: Refusal | None = None
) -> Response:
    errors = {}
    if error is not None:
        field = _FIELDS.get(error.code)
        if field is None:
            raise error
        errors[field] = error.message
    viewer = member_of(request)
    if viewer.account.handle:
        return await _manage(request, typed or {}, errors)
    return await render(
        request,
        "person/choose.html",
        422 if errors else 200,
        typed={"handle": "", **_ticked(PersonDraft("")), "next": _next(request)} | (typed or {}),
        errors=errors,
        longest=(NAME_MIN, NAME_MAX, service.NAME_MAX, service.SOURCE_MAX),
        noindex=True,
    )


def _next(request: Request) -> str:
    return next_path(request.query_params.get("next", ""), "")


def _ticked(draft: PersonDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in ("name", "source", *TICKS)}


async def _manage(request: Request, typed: dict[str, Any], errors: dict[str, str]) -> Response:
    house = house_of(request)
    uri = person_uri(house.settings, member_of(request).account)
    actor, source = await service.get_person(house.database, uri)
    before = PersonDraft(actor.name, source, actor.discoverable, actor.indexable, actor.approves_followers)
    return await render(
        request,
        "person/manage.html",
        422 if errors else 200,
        actor=actor,
        followers=await count_follows(house, uri, "followers"),
        typed=_ticked(before) | typed,
        errors=errors,
        longest=(NAME_MIN, NAME_MAX, service.NAME_MAX, service.SOURCE_MAX),
        noindex=True,
    )


def _draft_of(form: Form) -> PersonDraft:
    return PersonDraft(" ".join(form.text("name").split()), form.text("source"), *map(form.yes, TICKS))


async def choose(request: Request) -> Response:
    """The member has a handle from now on; or the form again, with what is wrong."""
    house, viewer = house_of(request), member_of(request)
    form = await read_form(request)
    handle, draft = form.text("handle").lower().removeprefix("@"), _draft_of(form)
    typed = _ticked(draft) | {"handle": handle, "next": next_path(form.text("next"), "")}
    try:
        service.check_draft(draft)
        await check_free(house.database, house.settings, handle)
        if not form.yes("read"):
            raise Refusal("not-read", "Tick this box once you have read what becomes public.")
        if viewer.account.handle:
            raise Refusal(
                "handle-had", "You have a public handle already. Give it up before you choose another."
            )
        keys = await make_keys(house.settings.uri(f"@{handle}"))
        async with house.database.unit() as unit:
            await service.choose(unit, viewer.account.id, handle, draft, keys)
    except Refusal as error:
        return await _page(request, typed, error)
    back = redirect(typed["next"] or CHOOSE_PAGE)
    return flash(
        request, back, "You are %(handle)s in public now.", handle=f"@{handle}@{house.settings.domain}"
    )


async def change(request: Request) -> Response:
    """The member presents themselves in another way; or the form again."""
    house, draft = house_of(request), _draft_of(await read_form(request))
    uri = person_uri(house.settings, member_of(request).account)
    try:
        await service.get_person(house.database, uri)
        async with house.database.unit() as unit:
            await service.change(unit, uri, draft)
    except Refusal as error:
        return await _page(request, _ticked(draft), error)
    return flash(request, redirect(CHOOSE_PAGE), "Saved. Servers that know your handle are told.")


async def give_up(request: Request) -> Response:
    """The handle is nobody's any more, and what was written under it is deleted here and there."""
    viewer, form = member_of(request), await read_form(request)
    if not form.yes("sure"):
        return await _page(request, None, Refusal("not-sure", "Tick the box if you really want this."))
    async with house_of(request).database.unit() as unit:
        await drop_handle(unit, viewer.account.id)
    return flash(
        request,
        redirect(CHOOSE_PAGE),
        "Your public handle is gone, and what you wrote under it is being deleted. You are still a member.",
    )


async def profile(request: Request, actor: ActorRow) -> Response:
    """The public page of a person: what they said of themselves, and their newest comments."""
    house, identity, viewer = house_of(request), await identity_of(request), viewer_of(request)
    newest = await find_where(
        house.database,
        "owner_uri = ? AND kind = 'comment' AND local = true AND state = 'shown' ORDER BY sort_at DESC LIMIT ?",
        actor.uri,
        NEWEST,
    )
    return await render(
        request,
        "person/show.html",
        actor=actor,
        own=viewer is not None and viewer.account.handle == actor.username,
        followers=await count_follows(house, actor.uri, "followers"),
        newest=await cards(house.database, newest, kinds=house.kinds, zone=identity.zone),
        og={
            "title": actor.display_name,
            "description": excerpt(actor.summary, 200),
            "type": "profile",
            "url": actor.uri,
        },
        alternate_uri=actor.uri,
        canonical_url=actor.uri,
        creator=actor.handle,
        noindex=not actor.indexable,
    )


def doors() -> list[Door]:
    """The member's own doors; the public page is at the actor's address (site.chapter)."""
    member = Permission.MEMBER
    return [
        Door(CHOOSE_PAGE, show, member),
        Door(CHOOSE_PAGE, choose, member, methods=("POST",)),
        Door(f"{CHOOSE_PAGE}/profile", change, member, methods=("POST",), writes=True),
        Door(f"{CHOOSE_PAGE}/give-up", give_up, member, methods=("POST",)),
    ]
