"""Reading reports: one with its things and its history, and lists of them; `receive`, `closing` and `sending` write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from ...errors import NotFound
from ...store import Row, marks
from ...store.kinds import Reads

PER_PAGE = 40


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row of `report`."""

    id: str
    way: str
    source: str
    uri: str
    reporter_uri: str
    account_id: str
    email: str
    language: str
    host: str
    domain: str
    target_uri: str
    about: str
    category: str
    rule: str
    text: str
    times: int
    state: str
    outcome: str
    answer: str
    for_id: str
    made_at: datetime
    last_at: datetime
    closed_at: datetime | None


COLUMNS = tuple(ReportRow.__slots__)
SELECT = f"SELECT {', '.join(COLUMNS)} FROM report"
INSERT = f"INSERT INTO report ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a report names; `evidence` is what it said when the report came, empty where it was unknown."""

    uri: str
    is_known: bool = False
    owner_uri: str = ""
    exact_hash: str = ""
    evidence: dict[str, Any] | None = None


async def find_report(reads: Reads, report_id: str) -> ReportRow | None:
    """That report, or None."""
    row = await reads.row(f"{SELECT} WHERE id = ?", report_id)
    return ReportRow(**row) if row else None


async def get_report(reads: Reads, report_id: str) -> ReportRow:
    """That report; raises NotFound."""
    found = await find_report(reads, report_id)
    if found is None:
        raise NotFound("no-report", "This report is not here any more.")
    return found


async def find_reports(reads: Reads, way: str, *, before: str = "", limit: int = PER_PAGE) -> list[ReportRow]:
    """Reports that came (in) or that we sent (out), newest first."""
    rows = await reads.rows(
        f"{SELECT} WHERE way = ? AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?", way, before, before, limit
    )
    return [ReportRow(**row) for row in rows]


async def find_reports_of(reads: Reads, account_id: str) -> list[ReportRow]:
    """What that member reported, newest first."""
    rows = await reads.rows(
        f"{SELECT} WHERE account_id = ? AND source = 'member' ORDER BY made_at DESC LIMIT ?",
        account_id,
        PER_PAGE,
    )
    return [ReportRow(**row) for row in rows]


async def find_reports_on(reads: Reads, target_uri: str, *, but: str = "") -> list[ReportRow]:
    """Other reports about the same actor, both ways, newest first."""
    rows = await reads.rows(
        f"{SELECT} WHERE target_uri = ? AND id <> ? ORDER BY made_at DESC LIMIT ?", target_uri, but, PER_PAGE
    )
    return [ReportRow(**row) for row in rows]


async def find_items(reads: Reads, report_id: str) -> list[Item]:
    """What the report names, in the order in which it was named."""
    rows = await reads.rows(
        "SELECT uri, is_known, owner_uri, exact_hash, evidence FROM report_item WHERE report_id = ? ORDER BY id",
        report_id,
    )
    return [
        Item(
            row["uri"],
            bool(row["is_known"]),
            row["owner_uri"],
            row["exact_hash"],
            dict(msgspec.json.decode(row["evidence"])) if row["evidence"] else None,
        )
        for row in rows
    ]


async def count_items(reads: Reads, report_ids: Sequence[str]) -> dict[str, int]:
    """How many things each of those reports names."""
    if not report_ids:
        return {}
    rows = await reads.rows(
        f"SELECT report_id, count(*) AS total FROM report_item WHERE report_id IN ({marks(len(report_ids))}) "
        "GROUP BY report_id",
        *report_ids,
    )
    return {row["report_id"]: row["total"] for row in rows}


async def find_events(reads: Reads, report_id: str) -> list[Row]:
    """What happened with it (what, text, made_at, name of who did it), oldest first."""
    return await reads.rows(
        "SELECT report_event.what, report_event.text, report_event.made_at, account.display_name AS name "
        "FROM report_event LEFT JOIN account ON account.id = report_event.account_id "
        "WHERE report_event.report_id = ? ORDER BY report_event.id",
        report_id,
    )


async def find_merged(reads: Reads, report_id: str) -> list[str]:
    """The ids of the Flags that were counted with that report."""
    rows = await reads.rows(
        "SELECT uri FROM report_event WHERE report_id = ? AND uri <> '' ORDER BY id", report_id
    )
    return [row["uri"] for row in rows]
