"""Closing a report with an outcome, and opening it again; each a line of the log with its way back.

operations.md §1.1 (feedback to the reporter, which others lack): whoever reported hears the outcome in general words.
"""

from typing import Any

from ...actors import find_actor
from ...errors import Refusal
from ...members import Permission
from ...members.handles import find_bearer
from ...notices import find_staff
from ...store import Unit, marks
from ...store.kinds import find_where
from ...words import mark
from ..audit import Entry, Judge, Line, overtaken, verb, write
from ..desk import REPORT, close_item, reopen_item
from ..evidence import exact_hash
from ..fine import forget_fine, remember_fine
from .draft import CLOSED, FINE, OPEN, OUTCOMES, ReportClosed, ReportReopened
from .naming import actor_hash
from .rows import Item, ReportRow, find_items, get_report
from .writing import add_event

NOTE_CHARS_MAX = 2000


async def close_report(unit: Unit, report_id: str, outcome: str, judge: Judge) -> None:
    """It does not wait any more, and whoever reported is told; raises NotFound or Refusal.

    With the outcome `fine`, later reports about the same unchanged text are counted and ask nobody.
    """
    if outcome not in OUTCOMES:
        raise Refusal("outcome", "Choose what became of it.")
    report = await get_report(unit, report_id)
    await check_not_about(unit, report, judge.account_id)
    if not await _turn(unit, report_id, OPEN, CLOSED, outcome):
        raise Refusal("decided", "This report is closed already; perhaps somebody else has just closed it.")
    fine = await _remember_fine(unit, report, judge) if outcome == FINE else []
    await close_item(unit, sort=REPORT, subject_uri=report_id, outcome=outcome)
    await add_event(unit, report_id, "closed", text=outcome, account_id=judge.account_id)
    await write(unit, _entry(CLOSE, report, {"outcome": outcome, "fine": fine}), judge)
    unit.record(ReportClosed(report_id, outcome))


async def reopen_report(unit: Unit, report_id: str, judge: Judge) -> None:
    """It waits again, whoever reported is told so; raises NotFound or Refusal."""
    report = await get_report(unit, report_id)
    await check_not_about(unit, report, judge.account_id)
    if report.way != "in" or not await _turn(unit, report_id, CLOSED, OPEN, ""):
        raise Refusal("decided", "This report is open already.")
    await _wait_again(unit, report, judge)
    await write(unit, _entry(REOPEN, report, {"outcome": report.outcome}), judge)


async def add_note(unit: Unit, report_id: str, text: str, account_id: str) -> None:
    """The note is with the report, for moderators; raises NotFound or Refusal."""
    await get_report(unit, report_id)
    if not text.strip():
        raise Refusal("empty", "Write something first.")
    await add_event(unit, report_id, "note", text=text.strip()[:NOTE_CHARS_MAX], account_id=account_id)


async def check_not_about(unit: Unit, report: ReportRow, account_id: str) -> None:
    """Whoever is reported does not decide on it, where somebody else may; raises Refusal."""
    bearer = await find_bearer(unit, unit.settings, report.target_uri)
    if not bearer or bearer != account_id:
        return
    if set(await find_staff(unit, Permission.REPORTS)) - {account_id}:
        raise Refusal("own-report", "This report is about you. Somebody else has to decide on it.")


async def _turn(unit: Unit, report_id: str, before: str, after: str, outcome: str) -> bool:
    """Of two who close at once one does, and the other hears of it."""
    changed = await unit.execute(
        "UPDATE report SET state = ?, outcome = ?, closed_at = ? WHERE id = ? AND state = ? AND way = 'in'",
        *(after, outcome, unit.now if after == CLOSED else None, report_id, before),
    )
    return changed > 0


async def _wait_again(unit: Unit, report: ReportRow, judge: Judge) -> None:
    await reopen_item(unit, sort=REPORT, subject_uri=report.id)
    await add_event(unit, report.id, "reopened", account_id=judge.account_id)
    unit.record(ReportReopened(report.id))


async def _remember_fine(unit: Unit, report: ReportRow, judge: Judge) -> list[str]:
    """Returns the URIs that were not known to be fine as they are now. Raises Refusal when something was edited."""
    items = await find_items(unit, report.id)
    known = [item.uri for item in items if item.is_known]
    if not known:
        return await _remember_actor(unit, report, items, judge)
    now = {one.uri: one for one in await find_where(unit, f"uri IN ({marks(len(known))})", *known)}
    before = await _find_fine(unit, known)
    for item in items:
        one = now.get(item.uri)
        if one is None:
            continue
        if exact_hash(one) != item.exact_hash:
            raise Refusal("edited", "It was edited since it was reported. Look at what it says now, first.")
        await remember_fine(unit, one, judge.account_id)
    return [uri for uri, one in now.items() if before.get(uri) != exact_hash(one)]


async def _remember_actor(unit: Unit, report: ReportRow, items: list[Item], judge: Judge) -> list[str]:
    actor = await find_actor(unit, report.target_uri)
    if actor is None or items:
        raise Refusal(
            "unknown", "What is reported is not known here, so nobody can say that it stays as it is."
        )
    before = await _find_fine(unit, [actor.uri])
    await unit.execute(
        "INSERT INTO desk_fine (uri, exact_hash, made_by, made_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (uri) DO UPDATE SET exact_hash = excluded.exact_hash, made_at = excluded.made_at",
        *(actor.uri, actor_hash(actor), judge.account_id, unit.now),
    )
    return [] if before.get(actor.uri) == actor_hash(actor) else [actor.uri]


async def _find_fine(unit: Unit, uris: list[str]) -> dict[str, str]:
    rows = await unit.rows(f"SELECT uri, exact_hash FROM desk_fine WHERE uri IN ({marks(len(uris))})", *uris)
    return {row["uri"]: row["exact_hash"] for row in rows}


async def _undo_close(unit: Unit, line: Line, judge: Judge) -> None:
    report = await get_report(unit, line.target_uri)
    if report.outcome != line.before["outcome"] or not await _turn(unit, report.id, CLOSED, OPEN, ""):
        raise overtaken()
    for uri in line.before["fine"]:
        await forget_fine(unit, str(uri))
    await _wait_again(unit, report, judge)


async def _undo_reopen(unit: Unit, line: Line, judge: Judge) -> None:
    outcome = str(line.before["outcome"])
    if not await _turn(unit, line.target_uri, OPEN, CLOSED, outcome):
        raise overtaken()
    await close_item(unit, sort=REPORT, subject_uri=line.target_uri, outcome=outcome)
    await add_event(unit, line.target_uri, "closed", text=outcome, account_id=judge.account_id)
    unit.record(ReportClosed(line.target_uri, outcome))


def _entry(what: str, report: ReportRow, before: dict[str, Any]) -> Entry:
    # The target of the line is the report; whom it is about stands beside it.
    return Entry(what, report.id, report.target_uri, before=before, evidence=f"/admin/reports/{report.id}")


CLOSE = verb("close-report", mark("Closed a report"), mark("Undone: closed a report"), undo=_undo_close)
REOPEN = verb(
    "reopen-report", mark("Opened a report again"), mark("Undone: opened a report again"), undo=_undo_reopen
)
