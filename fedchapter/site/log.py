"""The federation log: everything that came in and went out, with its outcome and the reason in words.

DESIGN §2 (an outcome with a reason, which admins see; bodies of votes, answers and direct messages are erased).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound
from ..house import Door, house_of
from ..members import Permission
from ..store import Row
from ..web import admin_tabs, render
from ..words import say
from .servers import kind_words

LIST = "/admin/log"
PAGE = 30
# Shown inside the list; the entry's own page has everything.
FOLDED_CHARS = 4000
STATES = {
    "in": ("new", "done", "held", "ignored", "refused", "failed"),
    "out": ("due", "done", "gone", "refused", "gave-up", "stopped"),
}
WORDS = {"new": "waiting", "due": "waiting", "gave-up": "gave up"}
_IN = (
    "SELECT id, verb, kind, host, actor_uri, activity_uri, body, signed_by, state, reason, attempts, "
    "received_at AS made_at, due_at, processed_at AS ended_at FROM inbox_item"
)
_OUT = (
    "SELECT delivery.id, outbox_item.verb, outbox_item.kind, delivery.host, delivery.inbox, delivery.actor_uri, "
    "outbox_item.uri AS activity_uri, "
    # What went to one person is not for everybody who reads the log.
    "CASE WHEN outbox_item.access = 'addressed' THEN '' ELSE outbox_item.body END AS body, "
    "delivery.state, delivery.status, delivery.reason, "
    "delivery.attempts, delivery.created_at AS made_at, delivery.due_at, delivery.ended_at "
    "FROM delivery JOIN outbox_item ON outbox_item.id = delivery.outbox_id"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What part of the log is asked for."""

    way: str
    state: str
    host: str
    before: int

    def url(self, **changes: Any) -> str:
        """The address of this part, changed so."""
        values = {"way": self.way, "state": self.state, "host": self.host} | changes
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{LIST}?{query}" if query else LIST


def read_wanted(request: Request) -> Wanted:
    """What the address asks for; what makes no sense is left out."""
    query = request.query_params
    way = "out" if query.get("way") == "out" else "in"
    state, before = query.get("state", ""), query.get("before", "")
    return Wanted(
        way=way,
        state=state if state in STATES[way] else "",
        host=query.get("host", "").strip().lower()[:255],
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0,
    )


async def show(request: Request) -> Response:
    """One page of the log, newest first."""
    wanted = read_wanted(request)
    rows = await _find(request, wanted)
    return await render(
        request,
        "site/log.html",
        entries=[_line(row, wanted.way, kind_words(house_of(request), row["kind"])) for row in rows[:PAGE]],
        wanted=wanted,
        ways=[
            {"url": wanted.url(way=way, state=""), "label": label, "icon": way, "current": way == wanted.way}
            for way, label in (("in", say("Received")), ("out", say("Sent")))
        ],
        states=[
            ("", say("All")),
            *((state, say(WORDS.get(state, state)).capitalize()) for state in STATES[wanted.way]),
        ],
        newer_url=wanted.url() if wanted.before else None,
        older_url=wanted.url(before=rows[PAGE - 1]["id"]) if len(rows) > PAGE else None,
        admin_tabs=await admin_tabs(request),
    )


async def _find(request: Request, wanted: Wanted) -> Sequence[Row]:
    table = "delivery" if wanted.way == "out" else "inbox_item"
    conditions, values = ["1 = 1"], []
    for column, value, compare in (
        ("state", wanted.state, "="),
        ("host", wanted.host, "="),
        ("id", wanted.before, "<"),
    ):
        if value:
            conditions.append(f"{table}.{column} {compare} ?")
            values.append(value)
    select = _OUT if wanted.way == "out" else _IN
    return await house_of(request).database.rows(
        f"{select} WHERE {' AND '.join(conditions)} ORDER BY {table}.id DESC LIMIT {PAGE + 1}", *values
    )


def _line(row: Row, way: str, kind: str) -> dict[str, Any]:
    text = pretty(row["body"])
    is_long = len(text) > FOLDED_CHARS
    state = row["state"]
    return {
        "inward": way == "in",
        "verb": row["verb"],
        "kind": kind if row["kind"] != row["verb"].lower() else "",
        "host": row["host"],
        "actor": row["actor_uri"],
        "outcome": WORDS.get(state, state),
        "reason": row["reason"] or _answered(row),
        "at": row["made_at"],
        "json": text[:FOLDED_CHARS] + "\n…" if is_long else text,
        "url": f"{LIST}/{way}/{row['id']}",
        "attempts": row["attempts"] if row["attempts"] > 1 else None,
        "next_at": row["due_at"] if state == "due" else None,
    }


def _answered(row: Row) -> str:
    return say("answered %(status)s", status=row["status"]) if row.get("status") else ""


def pretty(body: str) -> str:
    """The JSON with line breaks; as it is where it is none; empty where it was erased."""
    try:
        return msgspec.json.format(body, indent=2) if body else ""
    except msgspec.DecodeError:
        return body


async def entry(request: Request) -> Response:
    """One activity with everything that is known about it."""
    way, number = request.path_params["way"], request.path_params["number"]
    if way not in STATES:
        raise NotFound
    select = f"{_OUT} WHERE delivery.id = ?" if way == "out" else f"{_IN} WHERE id = ?"
    row = await house_of(request).database.row(select, number)
    if row is None:
        raise NotFound("no-entry", "This entry is not in the log any more.")
    return await render(
        request,
        "site/log_entry.html",
        row=row,
        kind=kind_words(house_of(request), row["kind"]),
        way=way,
        outcome=WORDS.get(row["state"], row["state"]),
        json=pretty(row["body"]),
        admin_tabs=await admin_tabs(request),
    )


def doors() -> list[Door]:
    """For moderators."""
    staff = Permission.MODERATE
    return [Door(LIST, show, staff), Door(f"{LIST}/{{way}}/{{number:int}}", entry, staff)]
