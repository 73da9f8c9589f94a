"""The page as a channel: what waits for somebody, how many are new, and what they have seen."""

from dataclasses import dataclass
from typing import Any

from ..store import Row, Unit, marks
from ..store.kinds import Reads
from .sentences import COLUMNS, Shown, to_shown

PAGE = 30
# On the page with everything else that waits.
FRESH = 12
# More is "99 and more" in the header.
COUNTED_MAX = 100
_HAVE = (
    f"SELECT {COLUMNS}, told.seen_at FROM told JOIN notice ON notice.id = told.notice_id "
    "WHERE told.account_id = ? AND told.on_page = true"
)


@dataclass(frozen=True, slots=True)
class Portion:
    """Some notices, newest first; `older_id` asks for what comes after them, empty when that was all."""

    notices: list[Shown]
    older_id: str


async def count_new(reads: Reads, account_id: str) -> int:
    """How many they have not seen, counted up to a hundred."""
    row = await reads.row(
        "SELECT count(*) AS total FROM (SELECT 1 AS one FROM told WHERE account_id = ? AND seen_at IS NULL "
        f"AND on_page = true LIMIT {COUNTED_MAX}) AS fresh",
        account_id,
    )
    return int(row["total"]) if row else 0


async def find_new(reads: Reads, account_id: str) -> Portion:
    """What they have not seen."""
    rows = await reads.rows(
        f"{_HAVE} AND told.seen_at IS NULL ORDER BY told.notice_id DESC LIMIT {FRESH + 1}", account_id
    )
    return await _to_portion(reads, rows, FRESH)


async def find_all(reads: Reads, account_id: str, before_id: str = "") -> Portion:
    """Everything they were told, before that notice."""
    cut, values = "", [account_id]
    if before_id:
        cut, values = "AND told.notice_id < ?", [account_id, before_id]
    rows = await reads.rows(f"{_HAVE} {cut} ORDER BY told.notice_id DESC LIMIT {PAGE + 1}", *values)
    return await _to_portion(reads, rows, PAGE)


async def _to_portion(reads: Reads, rows: list[Row], size: int) -> Portion:
    older_id = rows[size - 1]["notice_id"] if len(rows) > size else ""
    return Portion(await to_shown(reads, rows[:size]), older_id)


async def mark_seen(unit: Unit, account_id: str, notices: list[Shown]) -> None:
    """They have seen these, so none of them leaves for them any more; only what concerns the account still does."""
    fresh = [one for one in notices if one.seen_at is None]
    if not fresh:
        return
    ids: list[Any] = [one.notice_id for one in fresh]
    await unit.execute(
        f"UPDATE told SET seen_at = ? WHERE account_id = ? AND notice_id IN ({marks(len(ids))})",
        unit.now,
        account_id,
        *ids,
    )
    await unit.execute(
        f"DELETE FROM errand WHERE account_id = ? AND notice_id IN ({marks(len(ids))}) "
        "AND (channel = 'message' OR notice_id NOT IN (SELECT id FROM notice WHERE kind = 'account'))",
        account_id,
        *ids,
    )
