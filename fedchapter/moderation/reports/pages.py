"""Reports for moderators: the lists of those that came and were sent, and one with all that belongs to it.

operations.md §1.1 (notes, several actions without closing), §1.2 (the words as they were). Of whoever reported from
elsewhere only the server is shown.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...errors import Refusal
from ...house import Door, House, house_of
from ...members import Permission, find_account
from ...members.handles import find_bearer
from ...store import Known, Row, Unit, marks
from ...store.ids import is_id
from ...store.kinds import Reads, find_where
from ...text import plain
from ...web import admin_tabs, flash, member_of, read_form, redirect, render
from ...web.cards import page_path
from ...web.guard import next_path
from ...web.people import people, unknown_person
from ...words import mark, say
from ..actions import actions_on
from ..audit import Judge
from ..evidence import exact_hash
from ..queue.about import find_about, to_words
from ..queue.group_page import run_action
from .closing import add_note, close_report, reopen_report
from .draft import CATEGORIES, OUTCOMES, PRIVATE
from .rows import (
    PER_PAGE,
    Item,
    ReportRow,
    count_items,
    find_events,
    find_items,
    find_reports,
    find_reports_on,
    get_report,
)

LIST = "/admin/reports"
SCOPES = ("post", "actor", "member")
STATES = {"open": mark("waits"), "closed": mark("closed"), "sent": mark("sent")}
# What the other side may say became of ours.
ANSWERS = {**OUTCOMES, "open": mark("They look at it again")}
HAPPENED = {
    "again": mark("Reported again"),
    "note": mark("Note"),
    "closed": mark("Closed"),
    "reopened": mark("Opened again"),
    "sent": mark("Reported to its server"),
    "answered": mark("They answered"),
}


async def listing(request: Request) -> Response:
    """Reports that came, or with `way=out` those that we sent, newest first."""
    database = house_of(request).database
    way = "out" if request.query_params.get("way") == "out" else "in"
    before = request.query_params.get("before", "")
    rows = await find_reports(database, way, before=before if is_id(before) else "")
    older = f"{LIST}?way={way}&before={rows[-1].id}" if len(rows) == PER_PAGE else None
    return await render(
        request,
        "moderation/reports.html",
        reports=await _lines(database, rows),
        way=way,
        ways=[
            {"url": LIST, "label": say("That came"), "current": way == "in"},
            {"url": f"{LIST}?way=out", "label": say("That we sent"), "current": way == "out"},
        ],
        newer_url=f"{LIST}?way={way}" if before else None,
        older_url=older,
        admin_tabs=await admin_tabs(request),
    )


async def _lines(reads: Reads, rows: list[ReportRow]) -> list[dict[str, Any]]:
    names = await people(reads, [row.target_uri for row in rows])
    counts = await count_items(reads, [row.id for row in rows])
    return [
        {
            "path": f"{LIST}/{row.id}",
            "who": names.get(row.target_uri) or unknown_person(row.target_uri),
            "category": CATEGORIES.get(row.category, ""),
            "state": row.state,
            "state_words": STATES[row.state],
            "outcome": ANSWERS.get(row.answer or row.outcome, ""),
            "source": row.source,
            "host": row.host,
            "things": counts.get(row.id, 0),
            "times": row.times,
            "at": row.made_at,
        }
        for row in rows
    ]


async def show(request: Request) -> Response:
    """One report: who and what is reported, in which words, what happened since, and what can be done."""
    house, viewer = house_of(request), member_of(request)
    report = await get_report(house.database, request.path_params["id"])
    items = await find_items(house.database, report.id)
    names = await people(house.database, [report.target_uri, *(item.owner_uri for item in items)])
    member_id = await find_bearer(house.database, house.settings, report.target_uri)
    return await render(
        request,
        "moderation/report.html",
        report=report,
        url=f"{LIST}/{report.id}",
        who=names[report.target_uri],
        reporter=await _reporter(house, report),
        category=CATEGORIES.get(report.category, ""),
        is_private=report.category == PRIVATE,
        state_words=STATES[report.state],
        outcome=OUTCOMES.get(report.outcome, ""),
        answer=ANSWERS.get(report.answer, ""),
        items=await _shown(house, items),
        events=[_event(row) for row in await find_events(house.database, report.id)],
        others=await _lines(
            house.database, await find_reports_on(house.database, report.target_uri, but=report.id)
        ),
        since=await _decided_since(house.database, report, items),
        appeals=await _find_appeals(house.database, member_id),
        abouts=await find_about(house, [report.target_uri]),
        member_id=member_id,
        actions={scope: [one for one in actions_on(scope) if viewer.may(one.permission)] for scope in SCOPES},
        outcomes=list(OUTCOMES.items()),
        can_send=not report.target_uri.startswith(f"{house.settings.origin}/"),
        admin_tabs=await admin_tabs(request),
    )


async def _reporter(house: House, report: ReportRow) -> dict[str, str]:
    """Who reported, as far as moderators see it: `sort`, a member's name, or a server's."""
    account = await find_account(house.database, report.account_id) if report.account_id else None
    return {"sort": report.source, "name": account.display_name if account else "", "host": report.host}


async def _shown(house: House, items: list[Item]) -> list[dict[str, Any]]:
    """Each thing for the template: the words as they were, and what has become of it."""
    uris = [item.uri for item in items if item.is_known]
    found = await find_where(house.database, f"uri IN ({marks(len(uris))})", *uris) if uris else []
    now = {one.uri: one for one in found}
    return [_thing(item, now.get(item.uri)) for item in items]


def _thing(item: Item, now: Known | None) -> dict[str, Any]:
    kept = item.evidence or {}
    is_edited = now is not None and now.state != "gone" and exact_hash(now) != item.exact_hash
    redacted = "html" not in kept
    return {
        "uri": item.uri,
        "known": item.is_known,
        "kind": str(kept.get("kind") or ""),
        "title": str(kept.get("title") or ""),
        "warning": str(kept.get("note") or ""),
        "text": plain(str(kept.get("html") or "")),
        "cut": False,
        "pictures": [
            str(one.get("alt") or "") for one in kept.get("pictures") or [] if isinstance(one, dict)
        ],
        "hosts": [str(host) for host in kept.get("links") or []],
        "language": str(kept.get("language") or "") or None,
        "gone": item.is_known and (now is None or now.state == "gone"),
        "elsewhere": False,
        "state": now.state if now else "",
        "path": page_path(now) if now is not None and now.state == "shown" else "",
        "redacted": item.is_known and redacted,
        "chars": kept.get("chars"),
        "edited": is_edited and not redacted,
        "now_text": plain(now.html) if is_edited and now is not None and not redacted else "",
        "now_title": now.title if is_edited and now is not None and not redacted else "",
    }


def _event(row: Row) -> dict[str, Any]:
    words = OUTCOMES.get(row["text"], "") if row["what"] == "closed" else ""
    words = ANSWERS.get(row["text"], "") if row["what"] == "answered" else words
    return {
        "what": HAPPENED.get(row["what"], ""),
        "words": words,
        "text": "" if words else row["text"],
        "who": row["name"] or "",
        "at": row["made_at"],
    }


async def _decided_since(reads: Reads, report: ReportRow, items: list[Item]) -> list[dict[str, Any]]:
    """What was decided since the report came about whom and what it names."""
    about = [report.id, report.target_uri, *(item.uri for item in items)]
    rows = await reads.rows(
        "SELECT decision.what, decision.undo_of, decision.reason, decision.rule, decision.made_at, "
        "decision.made_by, account.display_name AS name FROM decision "
        "LEFT JOIN account ON account.id = decision.made_by "
        f"WHERE decision.target_uri IN ({marks(len(about))}) AND decision.made_at >= ? ORDER BY decision.id",
        *about,
        report.made_at,
    )
    return [to_words(row) for row in rows]


async def _find_appeals(reads: Reads, account_id: str) -> list[Row]:
    """What the reported member said against earlier decisions (id, state, made_at)."""
    if not account_id:
        return []
    return await reads.rows(
        "SELECT id, state, made_at FROM appeal WHERE account_id = ? ORDER BY made_at DESC LIMIT 10",
        account_id,
    )


async def decide(request: Request) -> Response:
    """A moderator closes, reopens or notes: fields act, outcome, text."""
    form, house = await read_form(request), house_of(request)
    report_id, account_id = request.path_params["id"], member_of(request).account.id
    act, text = form.text("act"), form.text("text")
    back = next_path(form.text("next"), f"{LIST}/{report_id}")

    async def work(unit: Unit) -> tuple[str, str]:
        batch = unit.new_id()
        judge = Judge(account_id, text, batch=batch)
        if act == "note":
            await add_note(unit, report_id, text, account_id)
            return "", say("Noted. Only moderators read it.")
        if act == "reopen":
            await reopen_report(unit, report_id, judge)
            return batch, say("It waits again.")
        if act != "close":
            raise Refusal("no-act", "Nothing was chosen. Go back and use one of the buttons.")
        await close_report(unit, report_id, form.text("outcome"), judge)
        return batch, say("Closed. Whoever reported it is told in general words.")

    try:
        batch, said = await house.database.in_unit(work)
    except Refusal as error:
        if error.code not in ("decided", "edited", "outcome", "own-report", "unknown", "empty"):
            raise
        return flash(request, redirect(back), error.message, "warn")
    undo = f"/admin/decisions/batch/{batch}/undo" if batch else ""
    return flash(request, redirect(back), said, undo=undo)


async def act(request: Request) -> Response:
    """One of moderation.actions on what is reported; the report stays open."""
    return await run_action(request, f"{LIST}/{request.path_params['id']}", SCOPES)


def doors() -> list[Door]:
    """The lists, the report and its forms."""
    staff = Permission.REPORTS
    return [
        Door(LIST, listing, staff),
        Door(f"{LIST}/{{id}}", show, staff),
        Door(f"{LIST}/{{id}}", decide, staff, methods=("POST",)),
        Door(f"{LIST}/{{id}}/act", act, staff, methods=("POST",)),
    ]
