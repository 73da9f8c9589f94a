"""Taking a report in: one open report for each reporting server and reported actor, limits, and its place in the queue.

operations.md §1.2. What comes beyond the limits is not stored. Whoever is reported hears nothing, and nothing is hidden
by how often it is reported (mastodon#22935); somebody's private information is set aside (hiding).
"""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from ...store import Row, Unit
from ...vocab.uris import host_of, registrable
from ...words import mark
from ..desk import REPORT, Opening, open_item
from ..grouping import group_of_actor
from .draft import (
    ABUSE,
    CLOSED,
    FINE,
    FLAG,
    ILLEGAL,
    MEMBER,
    OPEN,
    OTHER,
    PRIVATE,
    RULE,
    SPAM,
    TEXT_CHARS_MAX,
    VISITOR,
    Report,
    ReportClosed,
)
from .gravity import gravity_of
from .hiding import alert, set_aside
from .naming import Case, is_case_fine, sort_out
from .rows import ReportRow
from .writing import add_event, add_items, add_report

MERGED_FOR = timedelta(hours=24)
A_DAY = timedelta(days=1)
PER_DOMAIN_A_DAY = 50
# So many single reports of visitors about somebody wait; from then on they are counted with the last.
VISITORS_MAX = 20
TEXTS_MAX = 20
PATH = "/admin/reports/"
REASONS = {
    PRIVATE: mark("Reported: private information"),
    ABUSE: mark("Reported: harassment, threats or hate"),
    SPAM: mark("Reported: spam or deceit"),
    RULE: mark("Reported: against a rule of this place"),
    ILLEGAL: mark("Reported: against the law"),
    OTHER: mark("Reported"),
}


@dataclass(slots=True)
class Received:
    """What became of it: ids of new reports, of those it was counted with, and of those about what was found fine."""

    new: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    fine: list[str] = field(default_factory=list)
    too_many: bool = False
    was_known: bool = False
    set_aside: bool = False

    @property
    def first_id(self) -> str:
        """The report that whoever reported may ask about; empty where nothing was kept."""
        return next(iter((*self.new, *self.merged, *self.fine)), "")


async def receive_report(unit: Unit, report: Report) -> Received:
    """The report waits for a moderator, or is counted with one that does; see Received."""
    received = Received()
    if report.uri and await _is_here(unit, report):
        received.was_known = True
        return received
    for case in await sort_out(unit, report.uris, redacted=report.category == PRIVATE):
        await _take(unit, report, case, received)
    return received


async def _is_here(unit: Unit, report: Report) -> bool:
    row = await unit.row(
        "SELECT id FROM report WHERE uri = ? AND way = 'in' UNION SELECT id FROM report_event WHERE uri = ?",
        report.uri,
        report.uri,
    )
    return row is not None


async def _take(unit: Unit, report: Report, case: Case, received: Received) -> None:
    about = about_of(report, case.target_uri)
    if unit.postgres:
        # Two that come in at once: the second waits here, and finds the first.
        await unit.row("SELECT pg_advisory_xact_lock(hashtext(?)) AS done", about)
    is_fine = report.category != PRIVATE and await is_case_fine(unit, case)
    same = await _find_same(unit, report, about, is_fine=is_fine)
    if same is not None:
        await _merge(unit, report, case, same)
        (received.fine if is_fine else received.merged).append(same["id"])
        await _protect(unit, report, case, same["id"], received)
        return
    if report.source == FLAG and await _is_too_many(unit, report):
        received.too_many = True
        return
    row = to_row(unit, report, case.target_uri, about, is_fine=is_fine)
    await add_report(unit, row, case.items)
    if is_fine:
        received.fine.append(row.id)
        unit.record(ReportClosed(row.id, FINE))
        return
    received.new.append(row.id)
    await _put_into_queue(unit, report, case, row.id)
    await _protect(unit, report, case, row.id, received)


async def _protect(unit: Unit, report: Report, case: Case, report_id: str, received: Received) -> None:
    if report.category == PRIVATE:
        received.set_aside |= await set_aside(unit, report, case, report_id)
        await alert(unit, report, report_id, case)


def about_of(report: Report, target_uri: str) -> str:
    """Who reports whom, as a hash: visitors are one, members each themselves, other servers by registrable domain."""
    who = {FLAG: domain_of_host(report.host), MEMBER: report.account_id, VISITOR: ""}[report.source]
    return hashlib.sha256(f"{report.source}\n{who}\n{target_uri}".encode()).hexdigest()


def domain_of_host(host: str) -> str:
    """A thousand sub-domains are one sender."""
    return registrable(host.partition(":")[0]) if host else ""


async def _find_same(unit: Unit, report: Report, about: str, *, is_fine: bool) -> Row | None:
    states = f"state = '{CLOSED}' AND outcome = '{FINE}'" if is_fine else f"state = '{OPEN}'"
    private = f"category = '{PRIVATE}'" if report.category == PRIVATE else f"category <> '{PRIVATE}'"
    rows = await unit.rows(
        f"SELECT id, times FROM report WHERE about = ? AND {states} AND {private} AND made_at > ? "
        "ORDER BY made_at DESC LIMIT ?",
        about,
        unit.now - MERGED_FOR,
        VISITORS_MAX,
    )
    if report.source == VISITOR and len(rows) < VISITORS_MAX:
        # Each of them is told what became of their own.
        return None
    return rows[0] if rows else None


async def _merge(unit: Unit, report: Report, case: Case, same: Row) -> None:
    await unit.execute("UPDATE report SET times = times + 1, last_at = ? WHERE id = ?", unit.now, same["id"])
    await add_items(unit, same["id"], case.items)
    if same["times"] < TEXTS_MAX:
        await add_event(unit, same["id"], "again", text=report.text[:TEXT_CHARS_MAX], uri=report.uri)


async def _is_too_many(unit: Unit, report: Report) -> bool:
    row = await unit.row(
        "SELECT count(*) AS total FROM report WHERE domain = ? AND way = 'in' AND made_at > ?",
        domain_of_host(report.host),
        unit.now - A_DAY,
    )
    return row is not None and row["total"] >= PER_DOMAIN_A_DAY


def to_row(unit: Unit, report: Report, target_uri: str, about: str, *, is_fine: bool = False) -> ReportRow:
    """The new row."""
    named = "\n".join(report.loose)
    text = f"{report.text}\n\n{named}".strip() if named else report.text
    return ReportRow(
        id=unit.new_id(),
        way="in",
        source=report.source,
        uri=report.uri,
        reporter_uri=report.reporter_uri,
        account_id=report.account_id,
        email="",
        language=report.language,
        host=report.host,
        domain=domain_of_host(report.host),
        target_uri=target_uri,
        about=about,
        category=report.category,
        rule=report.rule,
        text=text[:TEXT_CHARS_MAX],
        times=1,
        state=CLOSED if is_fine else OPEN,
        outcome=FINE if is_fine else "",
        answer="",
        for_id="",
        made_at=unit.now,
        last_at=unit.now,
        closed_at=unit.now if is_fine else None,
    )


async def _put_into_queue(unit: Unit, report: Report, case: Case, report_id: str) -> None:
    first = next((item.evidence for item in case.items if item.evidence), None) or {}
    is_known = case.actor is not None or bool(case.known)
    evidence = {
        "kind": "report",
        "path": f"{PATH}{report_id}",
        "html": "" if report.text else str(first.get("html") or ""),
        "text": report.text,
        "title": "" if report.text else str(first.get("title") or ""),
    }
    opening = Opening(
        REPORT,
        report_id,
        gravity=gravity_of(report.category, f"{report.rule} {report.text}", is_known=is_known),
        reason=REASONS[report.category],
        actor_uri=case.target_uri,
        host=_host(unit, case),
        group_key=group_of_actor(case.target_uri),
        evidence=evidence,
    )
    await open_item(unit, opening)


def _host(unit: Unit, case: Case) -> str:
    if case.actor is not None:
        return "" if case.actor.local else case.actor.host
    return host_of(case.target_uri) if case.target_uri.startswith("https://") else ""
