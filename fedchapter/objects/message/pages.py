"""Messages for moderators and admins: with whom and when on the list, the text only in an opened conversation.

operations.md §1.6 (opening leaves a line in the log, shown beneath the conversation). The address of a message of ours
is answered only to the server of whoever got it.
"""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...actors import ActorRow, find_actors, get_actor
from ...errors import NotFound, PeerError, Refusal
from ...federation.answers import activity_response
from ...federation.authorize import check_addressed
from ...federation.finger import find_or_fetch_handle
from ...house import Door, house_of
from ...members import Permission
from ...moderation.reading import note_reading
from ...store import Row, Unit, is_id
from ...store.kinds import Reads
from ...vocab.context import wants_activity, with_context
from ...web import admin_tabs, flash, member_of, read_form, redirect, render
from ...web.guard import viewer_of
from ...web.negotiate import missing
from ...web.people import people
from ...words import mark
from . import service, wire

LIST = "/admin/messages"


async def listing(request: Request) -> Response:
    """All conversations, the held ones first; no texts."""
    database, before_at = house_of(request).database, _before(request)
    waiting = [] if before_at else await service.find_conversations(database, service.HELD)
    shown = await service.find_conversations(database, service.SHOWN, before_at)
    older = f"{LIST}?before={shown[-1]['last_at'].timestamp()}" if len(shown) == service.PAGE else None
    return await render(
        request,
        "message/list.html",
        held=await _lines(database, waiting),
        conversations=await _lines(database, shown),
        newer_url=LIST if before_at else None,
        older_url=older,
        admin_tabs=await admin_tabs(request),
    )


def _before(request: Request) -> datetime | None:
    try:
        moment = float(request.query_params.get("before", ""))
        return datetime.fromtimestamp(moment, house_of(request).clock.now().tzinfo)
    except (ValueError, OverflowError, OSError):
        return None


async def _lines(database: Reads, rows: list[Row]) -> list[dict[str, Any]]:
    uris = [row["actor_uri"] for row in rows]
    shown, actors = await people(database, uris), await find_actors(database, uris)
    return [
        {**row, "actor": shown[row["actor_uri"]], "url": f"{LIST}/{actors[row['actor_uri']].id}"}
        for row in rows
        if row["actor_uri"] in actors
    ]


async def write(request: Request) -> Response:
    """The form for a new message."""
    return await _write(request, {"to": request.query_params.get("to", "")[:300]})


async def _write(request: Request, typed: dict[str, str], **errors: str) -> Response:
    status = 400 if errors else 200
    tabs = await admin_tabs(request)
    return await render(request, "message/write.html", status, typed=typed, errors=errors, admin_tabs=tabs)


async def start(request: Request) -> Response:
    """A message to somebody named by handle is sent."""
    form = await read_form(request)
    typed = {"to": form.text("to"), "text": form.text("text")}
    try:
        actor = await find_or_fetch_handle(house_of(request), typed["to"])
    except (Refusal, PeerError) as error:
        return await _write(request, typed, to=error.message)
    try:
        await _send(request, actor, typed["text"])
    except Refusal as error:
        field = "to" if error.code == "message-to" else "text"
        return await _write(request, typed, **{field: error.message})
    return flash(request, redirect(f"{LIST}/{actor.id}"), "On its way to %(handle)s.", handle=actor.handle)


async def _send(request: Request, actor: ActorRow, text: str) -> None:
    account_id = member_of(request).account.id
    async with house_of(request).database.unit() as unit:
        await service.send(unit, actor, text, account_id=account_id)


async def conversation(request: Request) -> Response:
    """Everything said with one actor; that it was opened is in the log before anything is shown."""
    return await _conversation(request, "")


async def _conversation(request: Request, typed: str, error: str = "") -> Response:
    house, account = house_of(request), member_of(request).account
    actor = await _actor(request)

    async def open_it(unit: Unit) -> list[service.MessageRow]:
        found = await service.open_conversation(unit, actor.uri, account.id)
        if any(row.direction == service.IN for row in found):
            await note_reading(unit, actor.uri, account.id)
        return found

    rows = await house.database.in_unit(open_it)
    shown = await people(house.database, [actor.uri, house.settings.chapter_uri])
    return await render(
        request,
        "message/conversation.html",
        400 if error else 200,
        actor=shown[actor.uri],
        messages=[
            {
                "row": row,
                "author": shown[house.settings.chapter_uri if row.direction == service.OUT else actor.uri],
            }
            for row in rows
        ],
        waits=any(row.state == service.HELD for row in rows),
        openings=await service.find_openings(house.database, actor.uri),
        base=f"{LIST}/{actor.id}",
        text=typed,
        error=error,
        admin_tabs=await admin_tabs(request),
    )


async def _actor(request: Request) -> ActorRow:
    database, actor_id = house_of(request).database, request.path_params["id"]
    row = await database.row("SELECT uri FROM actor WHERE id = ?", actor_id) if is_id(actor_id) else None
    if row is None:
        raise NotFound
    return await get_actor(database, row["uri"])


async def answer(request: Request) -> Response:
    """The chapter's answer is sent."""
    form, actor = await read_form(request), await _actor(request)
    try:
        await _send(request, actor, form.text("text"))
    except Refusal as error:
        return await _conversation(request, form.text("text"), error.message)
    return flash(request, redirect(f"{LIST}/{actor.id}"), "On its way to %(handle)s.", handle=actor.handle)


async def decide(request: Request) -> Response:
    """What waits is accepted or discarded: field `act`."""
    form, actor = await read_form(request), await _actor(request)
    account_id, act = member_of(request).account.id, form.text("act")
    if act not in ("accept", "discard"):
        raise Refusal("act", "Choose one of the buttons of the page.")
    async with house_of(request).database.unit() as unit:
        if act == "discard":
            await service.discard(unit, actor.uri)
        else:
            await service.accept(unit, actor.uri, account_id=account_id)
    if act == "discard":
        return flash(request, redirect(LIST), "Discarded; the sender is not told.")
    return flash(request, redirect(LIST), "%(handle)s can write to us now.", handle=actor.handle)


async def withdraw(request: Request) -> Response:
    """A message of ours is taken back."""
    actor = await _actor(request)
    async with house_of(request).database.unit() as unit:
        await service.withdraw(unit, request.path_params["message_id"])
    said = mark("Taken back. Their server is asked to delete it too.")
    return flash(request, redirect(f"{LIST}/{actor.id}"), said)


async def show(request: Request) -> Response:
    """A message of ours by its id: the Note for whoever got it, the conversation for staff, nothing for others."""
    house = house_of(request)
    uri = house.settings.uri("messages", request.path_params["id"])
    try:
        row = await service.get_sent(house.database, request.path_params["id"])
    except NotFound:
        return await missing(request, uri)
    actor = await get_actor(house.database, row.actor_uri)
    viewer = viewer_of(request)
    if not wants_activity(request.headers.get("accept", "*/*")):
        if viewer is None or not viewer.may(Permission.PUBLISH):
            raise NotFound
        return redirect(f"{LIST}/{actor.id}")
    await check_addressed(request, {row.actor_uri})
    note = wire.to_note(row, actor, author_uri=house.settings.chapter_uri)
    response = activity_response(request, with_context(note))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def doors() -> list[Door]:
    """All of them."""
    staff = Permission.PUBLISH
    return [
        Door("/messages/{id}", show, Permission.ANYONE),
        Door(LIST, listing, staff),
        Door(f"{LIST}/new", write, staff, writes=True),
        Door(f"{LIST}/new", start, staff, methods=("POST",), writes=True),
        Door(f"{LIST}/{{id}}", conversation, staff),
        Door(f"{LIST}/{{id}}", answer, staff, methods=("POST",), writes=True),
        Door(f"{LIST}/{{id}}/decide", decide, staff, methods=("POST",)),
        Door(f"{LIST}/{{id}}/withdraw/{{message_id}}", withdraw, staff, methods=("POST",)),
    ]
