"""The pages of the circle and of the closed network: what each means, what it would change, and the switch."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...actors.sisters import find_sisters
from ...errors import Refusal
from ...house import Door, House, house_of
from ...members import Permission
from ...store import Unit, new_id
from ...store.choices import choose, find_choices
from ...vocab.uris import host_of
from ...web import admin_tabs, flash, member_of, read_form, redirect, render
from ...words import mark, say
from ..audit import Entry, Judge, Line, verb, write
from . import circle, closed, sisters
from .tabs import CIRCLE, CLOSED, lists_tabs, undo_of

WHO_READS = (
    (circle.NOBODY, mark("Nobody"), mark("It is used here only.")),
    (
        circle.SISTERS_ONLY,
        mark("Our sister chapters"),
        mark("They skip the queue for those servers, if they wish."),
    ),
    (circle.EVERYBODY, mark("Everybody"), mark("Anybody can see who our sister chapters are.")),
)


async def show(request: Request) -> Response:
    """Whom we vouch for, whom our sister chapters vouch for, and what of it is told."""
    return await _page(request)


async def _page(request: Request, error: Refusal | None = None, typed: str = "") -> Response:
    house = house_of(request)
    choices = await find_choices(house.database)
    uris = await find_sisters(house.database, house.settings.chapter_uri)
    return await render(
        request,
        "moderation/circle.html",
        400 if error else 200,
        who_reads=[(value, say(words), say(hint)) for value, words, hint in WHO_READS],
        publish=choices[circle.CHOICE],
        tell=choices[sisters.CHOICE] == "yes",
        vouched=await circle.find_vouched(house.database, house.settings.chapter_uri),
        sisters=[await _sister(house, uri) for uri in uris],
        error=error.message if error else "",
        typed=typed,
        list_tabs=lists_tabs(request),
        admin_tabs=await admin_tabs(request),
    )


async def _sister(house: House, uri: str) -> dict[str, Any]:
    return {"host": host_of(uri), "vouched": await circle.find_vouched(house.database, uri)}


async def change(request: Request) -> Response:
    """A server is vouched for or no more; or the choices stand."""
    form, house = await read_form(request), house_of(request)
    judge = Judge(member_of(request).account.id)
    what, host = form.text("do"), form.text("host")

    async def work(unit: Unit) -> None:
        if what == "vouch":
            await circle.vouch(unit, host, judge)
        elif what == "stop":
            await circle.stop_vouching(unit, host, judge)
        else:
            await _choose(unit, form.text("publish"), tell=form.yes("tell"), judge=judge)

    try:
        await house.database.in_unit(work)
    except Refusal as error:
        return await _page(request, error, host)
    return flash(request, redirect(CIRCLE), "Saved.")


async def _choose(unit: Unit, publish: str, *, tell: bool, judge: Judge) -> None:
    if publish not in {value for value, _, _ in WHO_READS}:
        raise Refusal("publish", "Choose who may read it.")
    before = await find_choices(unit)
    after = {circle.CHOICE: publish, sisters.CHOICE: "yes" if tell else "no"}
    was = {name: before[name] for name in after}
    for name, value in after.items():
        await choose(unit, name, value)
    if was != after:
        await write(unit, Entry(PUBLISH, unit.settings.domain, before={"was": was}), judge)


async def _undo_publish(unit: Unit, line: Line, judge: Judge) -> None:
    for name, value in line.before["was"].items():
        await choose(unit, name, value)


async def show_closed(request: Request) -> Response:
    """Whether the network is closed, and what closing it would cut now."""
    house = house_of(request)
    preview = await closed.preview_closing(house.database, house.settings.chapter_uri, house.settings.domain)
    return await render(
        request,
        "moderation/closed.html",
        closed=house.marks.closed,
        preview=preview,
        list_tabs=lists_tabs(request),
        admin_tabs=await admin_tabs(request),
    )


async def switch(request: Request) -> Response:
    """The network is closed, with what was ticked allowed first, or open."""
    form, house = await read_form(request), house_of(request)
    judge = Judge(member_of(request).account.id, form.text("reason"), batch=new_id(house.clock.now()))
    shut = form.text("do") == "close"

    async def work(unit: Unit) -> None:
        if shut:
            await closed.close_network(unit, house, form.many.get("host", ()), judge)
        else:
            await closed.open_network(unit, house, judge)

    try:
        await house.database.in_unit(work)
    except Refusal as error:
        return flash(request, redirect(CLOSED), str(error), "error")
    await house.marks.load(house.database, house.clock.now())
    said = (
        "The network is closed: only allowed servers speak with us." if shut else "The network is open again."
    )
    return flash(request, redirect(CLOSED), said, undo=undo_of(judge.batch))


def doors() -> list[Door]:
    """For those who decide about servers."""
    hosts = Permission.HOSTS
    return [
        Door(CIRCLE, show, hosts),
        Door(CIRCLE, change, hosts, methods=("POST",)),
        Door(CLOSED, show_closed, hosts),
        Door(CLOSED, switch, hosts, methods=("POST",)),
    ]


PUBLISH = verb(
    "publish-circle",
    mark("Changed who is told of our circle and our decisions about servers"),
    mark("Undone: changed who is told"),
    undo=_undo_publish,
)
