"""Notices as a reader reads them: in their language, with times in their zone and names as they are now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from ..errors import Refusal
from ..store import Row, marks
from ..store.kinds import Reads
from ..text import short_when
from ..words import say, spoken

COLUMNS = (
    "notice.id AS notice_id, notice.kind, notice.text, notice.details, notice.detail_words, notice.path, "
    "notice.created_at"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice for one reader. `details` are not said yet; `names` has those of the members in it."""

    notice_id: str
    kind: str
    text: str
    details: dict[str, Any]
    words: tuple[str, ...]
    path: str
    created_at: datetime
    names: dict[str, str]
    seen_at: datetime | None = None

    def say(self, zone: str) -> str:
        """The sentence in the current language; times without a zone of their own in `zone`."""
        values = {
            name: say(str(value)) if name in self.words else self._detail(value, zone)
            for name, value in self.details.items()
        }
        return say(self.text, **values).strip()

    def _detail(self, value: Any, zone: str) -> str:
        if isinstance(value, str):
            return value
        if "account" in value:
            return self.names.get(value["account"]) or say("somebody who left")
        at = datetime.fromisoformat(value["at"])
        try:
            return short_when(at, value["zone"] or zone, spoken())
        except Refusal:
            return short_when(at, "UTC", spoken())


async def to_shown(reads: Reads, rows: Iterable[Row]) -> list[Shown]:
    """Rows with COLUMNS (and perhaps seen_at) as notices, names read in one query."""
    read = [(row, msgspec.json.decode(row["details"])) for row in rows]
    ids = {
        value["account"]
        for _, details in read
        for value in details.values()
        if isinstance(value, dict) and "account" in value
    }
    names = await _names(reads, sorted(ids))
    return [
        Shown(
            row["notice_id"],
            row["kind"],
            row["text"],
            details,
            tuple(msgspec.json.decode(row["detail_words"])),
            row["path"],
            row["created_at"],
            names,
            row.get("seen_at"),
        )
        for row, details in read
    ]


async def _names(reads: Reads, account_ids: list[str]) -> dict[str, str]:
    if not account_ids:
        return {}
    rows = await reads.rows(
        f"SELECT id, display_name FROM account WHERE state = 'active' AND id IN ({marks(len(account_ids))})",
        *account_ids,
    )
    return {row["id"]: row["display_name"] for row in rows}


async def find_told(reads: Reads, account_id: str, notice_ids: list[str]) -> list[Shown]:
    """Those notices as that member has them, in the order in which they were told."""
    if not notice_ids:
        return []
    rows = await reads.rows(
        f"SELECT {COLUMNS}, told.seen_at FROM told JOIN notice ON notice.id = told.notice_id "
        f"WHERE told.account_id = ? AND told.notice_id IN ({marks(len(notice_ids))}) ORDER BY notice.id",
        account_id,
        *notice_ids,
    )
    return await to_shown(reads, rows)
