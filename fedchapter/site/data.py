"""One's own data: everything this server knows about a member, to read, to take along, and to have erased.

DESIGN §1; issue of members. Decision: the page is made from the same list that erases (members.personal), so what it
shows is what there is.
"""

from datetime import date, datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import AccountRow, Permission, leave
from ..members.leaving import KEPT_FOR
from ..members.personal import KEEP, PSEUDONYM, UNLINK, find_held
from ..moderation.reports.draft import CATEGORIES, OUTCOMES
from ..store import Row
from ..web import flash, member_of, read_form, redirect, render
from ..web.cookies import clear_session
from ..web.states import STATES
from ..words import mark, say

PATH = "/me/data"
ROWS_SHOWN = 20
# What these columns hold is one of our own words, not somebody's text.
CODED = frozenset(
    {"action", "choice", "decision", "kind", "purpose", "role", "sort", "stage", "state", "what"}
)
AFTERWARDS = {
    UNLINK: mark("When you are erased, this stays without you."),
    PSEUDONYM: mark("When you are erased, this stays under a pseudonym made for it alone."),
    KEEP: mark("This stays as the chapter's record, without your name."),
}
# What a report is about and what became of it, as its form and its page say it.
SAID = {"category": CATEGORIES, "outcome": OUTCOMES}
COLUMNS = {
    "device": mark("device"),
    "created_at": mark("made"),
    "seen_at": mark("last seen"),
    "ends_at": mark("ends"),
    "used_at": mark("used"),
    "updated_at": mark("changed"),
    "changed_at": mark("changed"),
    "linked_at": mark("linked"),
    "asked_at": mark("asked"),
    "joined_at": mark("joined"),
    "begins_at": mark("from"),
    "storm_from_at": mark("from"),
    "ended_at": mark("ended"),
    "decided_at": mark("decided"),
    "opened_at": mark("opened"),
    "made_at": mark("when"),
    "claimed_at": mark("when"),
    "category": mark("sort"),
    "outcome": mark("what became of it"),
    "until_at": mark("until"),
    "action": mark("what"),
    "answer": mark("answer"),
    "about_uri": mark("about"),
    "name": mark("name"),
    "due_at": mark("due"),
    "handle": mark("handle"),
    "kind": mark("sort"),
    "sort": mark("sort"),
    "label": mark("label"),
    "purpose": mark("for"),
    "note": mark("note"),
    "role": mark("role"),
    "answers": mark("answers"),
    "message": mark("message"),
    "legal_name": mark("legal name"),
    "phone": mark("phone"),
    "skills_for": mark("seen by"),
    "words": mark("words"),
    "text": mark("text"),
    "details": mark("details"),
    "state": mark("state"),
    "choice": mark("choice"),
    "about": mark("about"),
    "title": mark("title"),
    "what": mark("what"),
    "reason": mark("reason"),
    "decision": mark("decision"),
    "stage": mark("stage"),
    "source": mark("text"),
    "html": mark("text"),
    "published_at": mark("when"),
    "reply_to_uri": mark("answer to"),
    "object_uri": mark("about"),
}


async def show(request: Request) -> Response:
    """Everything, in words."""
    return await _page(request)


async def take(request: Request) -> Response:
    """Everything, as a JSON file."""
    database, account = house_of(request).database, member_of(request).account
    held = await find_held(database, account.id)
    document = {
        "server": house_of(request).settings.domain,
        "account": facts_of(account),
        "parts": [
            {"what": say(part.label), "table": part.table, "as": part.column, "rows": rows}
            for part, rows in held
        ],
    }
    body = msgspec.json.format(msgspec.json.encode(document, enc_hook=str), indent=2)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return Response(body, 200, headers, media_type="application/json")


def facts_of(account: AccountRow) -> dict[str, Any]:
    """The account's own row."""
    names = ("display_name", "email", "language", "created_at", "votes_from_at", "good_until", "handle")
    return {name: getattr(account, name) for name in names}


async def go(request: Request) -> Response:
    """The account is closed; in thirty days everything about it is erased."""
    viewer, form = member_of(request), await read_form(request)
    if not form.yes("sure"):
        return await _page(request, say("Tick the box if you really want to leave."))
    try:
        async with house_of(request).database.unit() as unit:
            await leave(unit, viewer.account.id)
    except Refusal as error:
        return await _page(request, error.message)
    said = mark("You have left, and are signed out everywhere. In 30 days everything about you is erased.")
    response = flash(request, redirect("/"), said)
    clear_session(request, response)
    return response


async def _page(request: Request, wrong: str = "") -> Response:
    account = member_of(request).account
    held = await find_held(house_of(request).database, account.id)
    parts = [
        {
            "label": part.label,
            "total": len(rows),
            "rows": [_words(row) for row in rows[:ROWS_SHOWN]],
            "afterwards": AFTERWARDS.get(part.then, ""),
        }
        for part, rows in held
    ]
    return await render(
        request,
        "site/my_data.html",
        400 if wrong else 200,
        account=account,
        parts=parts,
        wrong=wrong,
        kept_days=KEPT_FOR.days,
        noindex=True,
    )


def _words(row: Row) -> list[tuple[str, Any, str]]:
    """(what, value, how it is shown: "moment", "code" or nothing for a text) of everything that is there."""
    return [
        (COLUMNS.get(name, name), *_value(name, value))
        for name, value in row.items()
        if value not in (None, "", "[]", "{}") or isinstance(value, date)
    ]


def _value(name: str, value: Any) -> tuple[Any, str]:
    if isinstance(value, datetime):
        return value, "moment"
    if name in SAID and value in SAID[name]:
        return say(SAID[name][value]), ""
    if name in CODED:
        # A state has a word that people know; of anything else they see the very code that is stored.
        return (say(value), "") if value in STATES else (value, "code")
    return value, ""


def doors() -> list[Door]:
    """One's own."""
    return [
        Door(PATH, show, Permission.MEMBER),
        Door("/me/data.json", take, Permission.MEMBER),
        Door("/me/leave", go, Permission.MEMBER, methods=("POST",)),
    ]
