"""The hold queue and the log of decisions.

DESIGN §1 (hold what is doubtful, act with a reason, undo). Links in held texts are not clickable: a moderator's click
would tell a stranger's server who moderates here.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, House, house_of
from ..members import Permission
from ..store import Known, Row, Unit, marks
from ..store.ids import is_id
from ..store.kinds import find_where
from ..text import links_in, plain
from ..vocab.uris import host_of
from ..web import Form, admin_tabs, flash, member_of, read_form, redirect, render
from ..web.cards import page_path
from ..web.guard import next_path
from ..web.people import people
from ..words import say, say_many
from . import audit, deciding
from .audit import VERBS, Judge

DECISIONS_PER_PAGE = 50
Act = Callable[[Unit, House, str, Judge], Awaitable[str]]


async def held(request: Request) -> Response:
    """Everything that waits, by author."""
    database = house_of(request).database
    waiting = await deciding.find_held(database)
    authors = await people(database, [one.owner_uri for one in waiting])
    roots = await _by_uri(database, [one.root_uri for one in waiting if one.root_uri])
    seen_at = await _first_seen(database, [one.owner_uri for one in waiting])
    groups: dict[str, dict[str, Any]] = {}
    for one in waiting:
        group = groups.setdefault(
            one.owner_uri,
            {"author": authors[one.owner_uri], "first_seen_at": seen_at.get(one.owner_uri), "posts": []},
        )
        group["posts"].append(_post(one, roots.get(one.root_uri)))
    return await render(
        request, "moderation/held.html", groups=list(groups.values()), admin_tabs=await admin_tabs(request)
    )


def _post(one: Known, root: Known | None) -> dict[str, Any]:
    return {
        "uri": one.uri,
        "kind": one.kind,
        "published_at": one.published_at,
        "text": plain(one.html),
        "warning": one.note,
        "hosts": sorted({host_of(link) for link in links_in(one.html) if link.startswith("https://")})[:10],
        "root_title": (root.title or plain(root.html)[:80]) if root else "",
        "root_url": page_path(root) if root else None,
    }


async def _by_uri(database: Any, uris: list[str]) -> dict[str, Known]:
    wanted = list(dict.fromkeys(uris))
    if not wanted:
        return {}
    found = await find_where(database, f"uri IN ({marks(len(wanted))})", *wanted)
    return {one.uri: one for one in found}


async def _first_seen(database: Any, uris: list[str]) -> dict[str, Any]:
    wanted = list(dict.fromkeys(uris))
    if not wanted:
        return {}
    rows = await database.rows(
        f"SELECT uri, first_seen_at FROM actor WHERE uri IN ({marks(len(wanted))})", *wanted
    )
    return {row["uri"]: row["first_seen_at"] for row in rows}


async def _approve(unit: Unit, house: House, uri: str, judge: Judge) -> str:
    shown = await deciding.approve(unit, uri, judge, host_marks=house.marks)
    return say_many("It is shown now.", "%(count)s posts of theirs are shown now.", shown)


async def _refuse(unit: Unit, house: House, uri: str, judge: Judge) -> str:
    await deciding.refuse(unit, uri, judge)
    return say("It is hidden. Its author is not told.")


async def _refuse_all(unit: Unit, house: House, uri: str, judge: Judge) -> str:
    hidden = await deciding.refuse_all(unit, uri, judge)
    return say("Hidden: %(count)s. Their author is not told.", count=hidden)


async def _hold_always(unit: Unit, house: House, uri: str, judge: Judge) -> str:
    await deciding.hold_always(unit, uri, judge)
    hidden = await deciding.refuse_all(unit, uri, judge)
    return say("Hidden: %(count)s. Whatever this author posts from now on waits here.", count=hidden)


async def _refuse_always(unit: Unit, house: House, uri: str, judge: Judge) -> str:
    hidden = await deciding.refuse_always(unit, uri, judge)
    return say("Hidden: %(count)s. Nothing more is taken from this author.", count=hidden)


ACTS: dict[str, Act] = {
    "approve": _approve,
    "refuse": _refuse,
    "refuse-all": _refuse_all,
    "hold-always": _hold_always,
    "refuse-always": _refuse_always,
}


async def decide(request: Request) -> Response:
    """A moderator decides: fields `act`, `uri` (of the post or the author), `reason`, and `next` to return to."""
    form = await read_form(request)
    act = ACTS.get(form.text("act"))
    if act is None:
        raise Refusal("no-act", "Nothing was chosen. Go back and use one of the buttons.")
    house, judge = house_of(request), _judge(request, form)

    async def work(unit: Unit) -> str:
        return await act(unit, house, form.text("uri"), judge)

    said = await house.database.in_unit(work)
    return flash(request, redirect(next_path(form.text("next"), "/admin/held")), said)


async def decisions(request: Request) -> Response:
    """What was decided, newest first."""
    database = house_of(request).database
    before = request.query_params.get("before", "")
    before = before if is_id(before) else ""
    rows = await audit.find_lines(database, before=before, limit=DECISIONS_PER_PAGE)
    authors = await people(database, [row["actor_uri"] for row in rows if row["actor_uri"]])
    older = f"/admin/decisions?before={rows[-1]['id']}" if len(rows) == DECISIONS_PER_PAGE else None
    return await render(
        request,
        "moderation/decisions.html",
        decisions=[_line(row, authors) for row in rows],
        newer_url="/admin/decisions" if before else None,
        older_url=older,
        admin_tabs=await admin_tabs(request),
    )


def _line(row: Row, authors: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "words": _words(row),
        "who": _who(row),
        "handle": authors[row["actor_uri"]]["handle"] if row["actor_uri"] else row["target_uri"],
        "target_uri": row["target_uri"],
        "reason": row["reason"],
        "at": row["made_at"],
        "can_undo": not row["undo_of"] and not row["undone"] and _can_be_undone(row["what"]),
    }


def _words(row: Row) -> str:
    found = VERBS.get(row["what"])
    return say(found.undone if row["undo_of"] else found.words) if found else str(row["what"])


def _who(row: Row) -> str:
    if row["rule"]:
        return say("the rule “%(rule)s”", rule=row["rule"])
    return row["name"] or (say("somebody who left") if row["made_by"] else say("the shell"))


def _can_be_undone(what: str) -> bool:
    found = VERBS.get(what)
    return found is not None and found.undo is not None


async def undo(request: Request) -> Response:
    """A moderator takes a decision back."""
    judge = _judge(request, await read_form(request))

    async def work(unit: Unit) -> None:
        await audit.undo(unit, request.path_params["id"], judge)

    await house_of(request).database.in_unit(work)
    return flash(request, redirect("/admin/decisions"), "Undone.")


def _judge(request: Request, form: Form) -> Judge:
    return Judge(member_of(request).account.id, form.text("reason"))


def doors() -> list[Door]:
    """All of them."""
    staff = Permission.MODERATE
    return [
        Door("/admin/held", held, staff),
        Door("/admin/held", decide, staff, methods=("POST",)),
        Door("/admin/decisions", decisions, staff),
        Door("/admin/decisions/{id}/undo", undo, staff, methods=("POST",)),
    ]
