"""Writing down reports, what they name, and what happens with them."""

from collections.abc import Sequence

import msgspec

from ...store import Unit
from .rows import COLUMNS, INSERT, Item, ReportRow

ITEMS_MAX = 50


async def add_report(unit: Unit, report: ReportRow, items: Sequence[Item]) -> None:
    """The report is there, with what it names."""
    await unit.execute(INSERT, *(getattr(report, name) for name in COLUMNS))
    await add_items(unit, report.id, items)


async def add_items(unit: Unit, report_id: str, items: Sequence[Item]) -> None:
    """The report names these as well, ITEMS_MAX in all; what it named before stays as it was then."""
    row = await unit.row("SELECT count(*) AS total FROM report_item WHERE report_id = ?", report_id)
    room = ITEMS_MAX - (int(row["total"]) if row else 0)
    await unit.execute_many(
        "INSERT INTO report_item (id, report_id, uri, is_known, owner_uri, exact_hash, evidence) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (report_id, uri) DO NOTHING",
        [
            (
                unit.new_id(),
                report_id,
                item.uri,
                item.is_known,
                item.owner_uri,
                item.exact_hash,
                msgspec.json.encode(item.evidence).decode() if item.evidence else "",
            )
            for item in items[: max(room, 0)]
        ],
    )


async def add_event(
    unit: Unit, report_id: str, what: str, *, text: str = "", account_id: str = "", uri: str = ""
) -> None:
    """It happened: again, note, closed, reopened, sent or answered."""
    await unit.execute(
        "INSERT INTO report_event (id, report_id, what, uri, account_id, text, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(unit.new_id(), report_id, what, uri, account_id, text, unit.now),
    )
