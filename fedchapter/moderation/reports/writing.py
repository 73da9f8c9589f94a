"""Writing down reports, what they name, and what happens with them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from ...store import Unit, marks
from ...text import plain
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
        "INSERT INTO report_event (id, report_id, what, uri, account_id, text, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(unit.new_id(), report_id, what, uri, account_id, text, unit.now),
    )


async def erase_words(unit: Unit, uris: Sequence[str]) -> None:
    """Of those among the posts that are somebody's private information reports keep no word."""
    if not uris:
        return
    rows = await unit.rows(
        "SELECT id, evidence FROM report_item WHERE evidence <> '' AND uri IN "
        f"(SELECT uri FROM private_text WHERE uri IN ({marks(len(uris))}))",
        *uris,
    )
    for row in rows:
        kept = redact(msgspec.json.decode(row["evidence"]))
        await unit.execute(
            "UPDATE report_item SET evidence = ? WHERE id = ?", msgspec.json.encode(kept).decode(), row["id"]
        )


def redact(evidence: dict[str, Any]) -> dict[str, Any]:
    """What may be kept of private information: what it was, when, and how long."""
    kept = {name: evidence.get(name) for name in ("kind", "published_at", "state")}
    return kept | {"chars": evidence.get("chars", len(plain(str(evidence.get("html") or ""))))}
