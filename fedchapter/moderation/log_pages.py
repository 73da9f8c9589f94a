"""The audit log: every decision with who made it and why, found by filters, undone, and taken along as a file.

operations.md §1.6. Nothing here is ever changed: undoing is another line. What was decided in one go stands as one line
until it is opened.
"""

from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ..errors import NotFound
from ..house import Door, house_of
from ..members import Permission
from ..store import Row, Unit
from ..store.ids import is_id
from ..web import admin_tabs, flash, identity_of, member_of, read_form, redirect, render
from ..web.guard import next_path
from ..web.people import people
from ..words import say, say_many
from . import audit
from .audit import VERBS, Judge
from .log import Filter, as_csv, as_json_line, csv_head, find_public, find_some, find_whos
from .queue.about import line_words, who_decided

LOG = "/admin/decisions"
PER_PAGE = 50


async def decisions(request: Request) -> Response:
    """What was decided, newest first; filters what, who, target, since, until, batch."""
    database = house_of(request).database
    wanted = await _wanted(request)
    rows = await find_some(database, wanted, limit=PER_PAGE)
    authors = await people(database, [row["actor_uri"] for row in rows if row["actor_uri"]])
    asked = _asked(request)
    return await render(
        request,
        "moderation/decisions.html",
        decisions=[_line(row, authors) for row in rows],
        wanted=wanted,
        asked=asked,
        verbs=[
            ("", say("Everything")),
            *sorted(((name, say(one.words)) for name, one in VERBS.items()), key=_words),
        ],
        whos=[("", say("Everybody")), *await find_whos(database)],
        export=urlencode({name: value for name, value in asked.items() if value}),
        newer_url=LOG if wanted.before else None,
        older_url=_older(asked, rows),
        admin_tabs=await admin_tabs(request),
    )


def _words(pair: tuple[str, str]) -> str:
    return pair[1]


_FIELDS = ("what", "who", "target", "since", "until", "batch")


def _asked(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "").strip()[:1024] for name in _FIELDS}


def _older(asked: dict[str, str], rows: list[Row]) -> str | None:
    if len(rows) < PER_PAGE:
        return None
    return f"{LOG}?{urlencode({**{name: value for name, value in asked.items() if value}, 'before': rows[-1]['id']})}"


async def _wanted(request: Request) -> Filter:
    asked, zone = _asked(request), (await identity_of(request)).zone
    before = request.query_params.get("before", "")
    until_at = _midnight(asked["until"], zone)
    return Filter(
        what=asked["what"] if asked["what"] in VERBS else "",
        who=asked["who"],
        target=asked["target"],
        since_at=_midnight(asked["since"], zone),
        until_at=until_at + timedelta(days=1) if until_at else None,
        batch=asked["batch"] if is_id(asked["batch"]) else "",
        before=before if is_id(before) else "",
    )


def _midnight(text: str, zone: Any) -> datetime | None:
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), zone) if text else None
    except ValueError:
        return None


def _line(row: Row, authors: dict[str, dict[str, Any]]) -> dict[str, Any]:
    found = VERBS.get(row["what"])
    open_ = not row["undo_of"] and not row["undone"]
    return {
        "id": row["id"],
        "words": line_words(row["what"], bool(row["undo_of"])),
        "who": who_decided(row),
        "handle": authors[row["actor_uri"]]["handle"] if row["actor_uri"] else row["target_uri"],
        "target_uri": row["target_uri"],
        "reason": row["reason"],
        "at": row["made_at"],
        "evidence": row["evidence"],
        "public": bool(row["public"]),
        "undone": bool(row["undone"]),
        "can_undo": open_ and found is not None and found.undo is not None,
        "batch": row["batch"],
        "together": row["together"],
    }


async def undo(request: Request) -> Response:
    """A moderator takes a decision back."""
    form = await read_form(request)
    judge = Judge(member_of(request).account.id, form.text("reason"))
    house = house_of(request)

    async def work(unit: Unit) -> None:
        await audit.undo(unit, request.path_params["id"], judge)

    await house.database.in_unit(work)
    await house.marks.load(house.database, house.clock.now())
    return flash(request, redirect(next_path(form.text("next"), LOG)), "Undone.")


async def undo_batch(request: Request) -> Response:
    """A moderator takes back what was decided in one go."""
    form = await read_form(request)
    judge = Judge(member_of(request).account.id, form.text("reason"))
    house = house_of(request)

    async def work(unit: Unit) -> tuple[int, int]:
        return await audit.undo_batch(unit, request.path_params["batch"], judge)

    undone, overtaken = await house.database.in_unit(work)
    await house.marks.load(house.database, house.clock.now())
    said = say_many("Undone.", "Undone: %(count)s decisions.", undone)
    if overtaken:
        said = say("%(said)s Decided otherwise since, so left as it is: %(left)s.", said=said, left=overtaken)
    return flash(request, redirect(next_path(form.text("next"), LOG)), said)


async def export(request: Request) -> Response:
    """The log as the filters say, as CSV or as one JSON object a line, streamed."""
    form = request.path_params["form"]
    if form not in ("csv", "jsonl"):
        raise NotFound
    wanted, database = await _wanted(request), house_of(request).database

    async def stream() -> AsyncIterator[str]:
        if form == "csv":
            yield csv_head()
        last = wanted.before
        while rows := await find_some(database, wanted.from_line(last), limit=500, each=True):
            yield "".join(as_csv(row) if form == "csv" else as_json_line(row) for row in rows)
            last = rows[-1]["id"]

    media_type = "text/csv; charset=utf-8" if form == "csv" else "application/jsonl"
    headers = {"Content-Disposition": f'attachment; filename="decisions.{form}"', "Cache-Control": "no-store"}
    return StreamingResponse(stream(), headers=headers, media_type=media_type)


async def told(request: Request) -> Response:
    """What moderators decided that every member may know, with the reason and without who it was."""
    before = request.query_params.get("before", "")
    database = house_of(request).database
    rows = await find_public(database, before=before if is_id(before) else "", limit=PER_PAGE)
    return await render(
        request,
        "moderation/told.html",
        decisions=[
            {
                "words": line_words(row["what"], bool(row["undo_of"])),
                "reason": row["reason"],
                "at": row["made_at"],
            }
            for row in rows
        ],
        newer_url="/moderation/decisions" if before else None,
        older_url=f"/moderation/decisions?before={rows[-1]['id']}" if len(rows) == PER_PAGE else None,
    )


def doors() -> list[Door]:
    """All of them."""
    staff = Permission.AUDIT
    return [
        Door(LOG, decisions, staff),
        Door(f"{LOG}/export/{{form}}", export, staff),
        Door(f"{LOG}/batch/{{batch}}/undo", undo_batch, staff, methods=("POST",)),
        Door(f"{LOG}/{{id}}/undo", undo, staff, methods=("POST",)),
        Door("/moderation/decisions", told, Permission.MEMBER),
    ]
