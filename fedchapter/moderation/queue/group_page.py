"""One group of the queue with everything there is to know about it, and the forms by which it is decided.

operations.md §1.2 (evidence as it was at arrival), §1.4 (decide by group). Each form carries the moment at which its
page was made: what came or was edited since is not decided with it.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from ...errors import Forbidden, NotFound, Refusal
from ...house import Door, House, house_of
from ...members import Permission
from ...store import Unit
from ...web import Form, admin_tabs, flash, member_of, read_form, redirect, render
from ...web.guard import next_path
from ...words import say, say_many
from ..actions import ACTIONS, actions_on
from ..audit import Judge
from ..deciding import refuse as refuse_one
from ..desk import HELD as HELD_ITEM
from ..grouping import members_of
from . import claims
from .about import find_about, find_same_text, line_words
from .deciding import SUSPEND, WAIT, Decided, Seen, approve, find_fine, refuse
from .groups import count_held, find_hosts, find_item, find_items
from .pages import QUEUE, shape_of
from .shown import show_items

Act = Callable[[Unit, House, Seen, Judge], Awaitable[tuple[Decided, str]]]
# Of posts and actors of others; servers have pages of their own, which show what would be cut.
SCOPES = ("post", "actor")


async def group(request: Request) -> Response:
    """The group's items with their evidence, its authors, and what others did and noted."""
    house, account, key = house_of(request), member_of(request).account, request.path_params["group"]
    database, now = house.database, house.clock.now()
    page = _page(request)
    rows, more = await find_items(database, key, page)
    if not rows and page == 1:
        return await _over(request, key)
    claim = (await claims.find_claims(database, [key], now)).get(key)
    url = f"{QUEUE}/{quote(key)}"
    return await render(
        request,
        "moderation/group.html",
        key=key,
        url=url,
        shape=shape_of(key),
        items=await show_items(database, rows, whole=True),
        held=await count_held(database, key, now),
        seen=now.isoformat(),
        abouts=await find_about(house, [row["actor_uri"] for row in rows]),
        hosts=await find_hosts(database, key),
        copies=[
            {"words": line_words(row["outcome"], False), "total": row["total"]}
            for row in await find_same_text(database, rows[0]["text_hash"])
            if row["outcome"]
        ],
        claim=claim,
        mine=claim is not None and claim.account_id == account.id,
        notes=await claims.find_notes(database, key),
        actions={scope: _actions(request, scope) for scope in SCOPES},
        newer_url=f"{url}?page={page - 1}" if page > 1 else None,
        older_url=f"{url}?page={page + 1}" if more else None,
        admin_tabs=await admin_tabs(request),
    )


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return min(max(int(text), 1), 500) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _actions(request: Request, scope: str) -> list[Any]:
    viewer = member_of(request)
    return [action for action in actions_on(scope) if viewer.may(action.permission)]


async def _over(request: Request, key: str) -> Response:
    condition, value = members_of(key)
    statement = f"SELECT id FROM desk_item WHERE {condition} LIMIT 1"
    row = await house_of(request).database.row(statement, value)
    if row is None:
        raise NotFound
    said = "Nothing of this waits any more."
    return flash(request, redirect(QUEUE), said, "info")


async def _approve(unit: Unit, house: House, seen: Seen, judge: Judge) -> tuple[Decided, str]:
    decided = await approve(unit, house, seen, judge)
    return decided, _shown(decided)


async def _fine(unit: Unit, house: House, seen: Seen, judge: Judge) -> tuple[Decided, str]:
    decided = await find_fine(unit, house, seen, judge)
    return decided, _shown(decided)


def _shown(decided: Decided) -> str:
    if not decided.count:
        return say("Nothing of it is there any more: its author deleted it.")
    said = say_many("It is shown now.", "%(count)s posts are shown now.", decided.count)
    if not decided.edited:
        return said
    return say(
        "%(said)s Edited since they came, so still waiting: %(edited)s.", said=said, edited=decided.edited
    )


async def _refuse(unit: Unit, house: House, seen: Seen, judge: Judge) -> tuple[Decided, str]:
    decided = await refuse(unit, house, seen, judge)
    return decided, say_many(
        "It is hidden. Its author is not told.",
        "%(count)s posts are hidden. Their authors are not told.",
        decided.count,
    )


async def _refuse_wait(unit: Unit, house: House, seen: Seen, judge: Judge) -> tuple[Decided, str]:
    decided = await refuse(unit, house, seen, judge, authors=WAIT)
    said = "Hidden: %(count)s. Whatever their authors post from now on waits here."
    return decided, say(said, count=decided.count)


async def _refuse_suspend(unit: Unit, house: House, seen: Seen, judge: Judge) -> tuple[Decided, str]:
    decided = await refuse(unit, house, seen, judge, authors=SUSPEND)
    return decided, say("Hidden: %(count)s. Nothing more is taken from their authors.", count=decided.count)


ACTS: dict[str, Act] = {
    "approve": _approve,
    "fine": _fine,
    "refuse": _refuse,
    "refuse-wait": _refuse_wait,
    "refuse-suspend": _refuse_suspend,
}


async def decide(request: Request) -> Response:
    """A moderator decides on the group: fields act, seen, [item, exact], reason, next."""
    form = await read_form(request)
    key = request.path_params["group"]
    back = next_path(form.text("next"), QUEUE)
    if form.text("act") in DESK_ACTS:
        return await _at_the_desk(request, key, form, back)
    act = ACTS.get(form.text("act"))
    if act is None:
        raise Refusal("no-act", "Nothing was chosen. Go back and use one of the buttons.")
    seen = Seen(key, _moment(form.text("seen")), form.text("item"), form.text("exact"))
    return await _decide(request, act, seen, Judge(member_of(request).account.id, form.text("reason")), back)


async def _decide(request: Request, act: Act, seen: Seen, judge: Judge, back: str) -> Response:
    house = house_of(request)

    async def work(unit: Unit) -> tuple[Decided, str]:
        found = await act(unit, house, seen, judge)
        if not seen.item_id:
            await unit.execute("DELETE FROM desk_claim WHERE group_key = ?", seen.group_key)
        return found

    try:
        decided, said = await house.database.in_unit(work)
    except Refusal as error:
        if error.code not in ("decided", "edited"):
            raise
        return flash(request, redirect(back), error.message, "warn")
    undo = f"/admin/decisions/batch/{decided.batch}/undo" if decided.count else ""
    return flash(request, redirect(back), said, undo=undo)


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(
            "no-moment", "This page is too old to decide on. Go back, and load it again."
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def _claim(unit: Unit, key: str, account_id: str, text: str) -> str:
    await claims.claim(unit, key, account_id)
    return say("The others see for half an hour that you look at this.")


async def _release(unit: Unit, key: str, account_id: str, text: str) -> str:
    await claims.release(unit, key, account_id)
    return say("The others see that you do not look at this any more.")


async def _note(unit: Unit, key: str, account_id: str, text: str) -> str:
    await claims.add_note(unit, key, account_id, text)
    return say("Noted. Only moderators read it.")


DESK_ACTS = {"claim": _claim, "release": _release, "note": _note}


async def _at_the_desk(request: Request, key: str, form: Form, back: str) -> Response:
    act, account_id = DESK_ACTS[form.text("act")], member_of(request).account.id
    try:
        said = await house_of(request).database.in_unit(
            lambda unit: act(unit, key, account_id, form.text("text"))
        )
    except Refusal as error:
        return flash(request, redirect(back), error.message, "warn")
    return flash(request, redirect(back), said)


async def act_on(request: Request) -> Response:
    """One of moderation.actions on a post or an author of the group, which stays open: fields action, target, …"""
    return await run_action(request, f"{QUEUE}/{quote(request.path_params['group'])}", SCOPES)


async def run_action(request: Request, page: str, scopes: tuple[str, ...]) -> Response:
    """The action that the form names is done, if it is on one of those scopes; back to `next`, or to that page."""
    form = await read_form(request)
    action = ACTIONS.get(form.text("action"))
    if action is None or action.scope not in scopes:
        raise Refusal("no-act", "Nothing was chosen. Go back and use one of the buttons.")
    viewer, house = member_of(request), house_of(request)
    if not viewer.may(action.permission):
        raise Forbidden("not-allowed", "Your role does not include this.")
    back = next_path(form.text("next"), page)
    options = {name: form.text(name) for name in action.asks if form.text(name)}

    async def work(unit: Unit) -> tuple[str, str]:
        batch = unit.new_id()
        judge = Judge(viewer.account.id, form.text("reason"), batch=batch)
        return batch, await action.run(unit, house, form.text("target"), judge, options)

    batch, said = await house.database.in_unit(work)
    await house.marks.load(house.database, house.clock.now())
    return flash(request, redirect(back), said, undo=f"/admin/decisions/batch/{batch}/undo")


async def decide_one(request: Request) -> Response:
    """A moderator decides where they read: fields act (approve, refuse), uri of the post, next."""
    form = await read_form(request)
    database, judge = house_of(request).database, Judge(member_of(request).account.id, form.text("reason"))
    back, uri, act = next_path(form.text("next"), QUEUE), form.text("uri"), form.text("act")
    if act not in ("approve", "refuse"):
        raise Refusal("no-act", "Nothing was chosen. Go back and use one of the buttons.")
    item = await find_item(database, HELD_ITEM, uri)
    if item is not None and item["state"] == "open":
        seen = Seen(item["group_key"], house_of(request).clock.now(), item["id"])
        return await _decide(request, ACTS[act], seen, judge, back)
    return await _hide(request, uri, judge, back, hides=act == "refuse")


async def _hide(request: Request, uri: str, judge: Judge, back: str, *, hides: bool) -> Response:
    async def work(unit: Unit) -> str:
        batch = unit.new_id()
        await refuse_one(unit, uri, Judge(judge.account_id, judge.reason, batch=batch))
        return batch

    if not hides:
        raise Refusal("decided", "This is not waiting any more; perhaps somebody else has decided.")
    batch = await house_of(request).database.in_unit(work)
    said, undo = "It is hidden. Its author is not told.", f"/admin/decisions/batch/{batch}/undo"
    return flash(request, redirect(back), said, undo=undo)


def doors() -> list[Door]:
    """The group's page and its forms."""
    staff = Permission.MODERATE
    return [
        Door(QUEUE, decide_one, staff, methods=("POST",)),
        Door(f"{QUEUE}/{{group}}", group, staff),
        Door(f"{QUEUE}/{{group}}", decide, staff, methods=("POST",)),
        Door(f"{QUEUE}/{{group}}/act", act_on, staff, methods=("POST",)),
    ]
