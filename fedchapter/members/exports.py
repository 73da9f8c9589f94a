"""A copy of the roll: one officer asks and says why, another agrees, every member is told, and one file is taken once.

Issue of members. Decision: nobody carries the members' names away alone or unseen; the record of it stays.
"""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..errors import NotFound, Refusal
from ..store import Row, Unit
from ..store.kinds import Reads
from .offices import check_settled, find_holders, find_settled
from .permissions import PERMITS, Permission, Role
from .roll import find_handles

WAITING, APPROVED, REFUSED, TAKEN = "waiting", "approved", "refused", "taken"
AGREE_WITHIN = timedelta(days=7)
TAKE_WITHIN = timedelta(hours=24)
REASON_MAX = 300
OFFICERS = tuple(role for role in Role if Permission.PEOPLE in PERMITS[role])
COLUMNS = (
    "name",
    "email",
    "fediverse",
    "member_since",
    "votes_from",
    "good_until",
    "roles",
    "legal_name",
    "phone",
)
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ExportAsked:
    """An officer wants a copy of the roll; other officers can agree."""

    export_id: str
    asked_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExportAgreed:
    """A second officer agreed: the copy can be taken, and the members hear of it."""

    export_id: str
    asked_by: str
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Export:
    """A row of `roll_export`."""

    id: str
    reason: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    taken_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether somebody can still agree (waiting) or take it (approved)."""
        if self.state == WAITING:
            return now < self.asked_at + AGREE_WITHIN
        return self.state == APPROVED and self.decided_at is not None and now < self.decided_at + TAKE_WITHIN


_SELECT = f"SELECT {', '.join(Export.__slots__)} FROM roll_export"


async def ask(unit: Unit, account_id: str, reason: str) -> str:
    """The request waits a week for another officer; returns its id. Raises Refusal."""
    reason = " ".join(reason.split())
    if not 10 <= len(reason) <= REASON_MAX:
        raise Refusal(
            "export-reason",
            "Say in 10 to %(max)s characters what the copy is for: every member will read it.",
            max=REASON_MAX,
        )
    if len(await find_holders(unit, OFFICERS, unit.now)) < 2:
        raise Refusal(
            "export-alone",
            "A copy of the roll takes two officers, and you are the only one. Make somebody else an organizer or "
            "admin first.",
        )
    check_settled(await find_settled(unit, OFFICERS, unit.now), account_id)
    waiting = [
        one for one in await find_exports(unit) if one.asked_by == account_id and one.is_open(unit.now)
    ]
    if waiting:
        raise Refusal("export-open", "You asked for a copy already. It is still open, below.")
    export_id = unit.new_id()
    await unit.execute(
        "INSERT INTO roll_export (id, reason, state, asked_by, asked_at, decided_by) "
        "VALUES (?, ?, 'waiting', ?, ?, '')",
        export_id,
        reason,
        account_id,
        unit.now,
    )
    unit.record(ExportAsked(export_id, account_id, reason))
    return export_id


async def decide(unit: Unit, export_id: str, account_id: str, *, agreed: bool) -> Export:
    """A second officer agreed, or said no (which the one who asked may too); raises NotFound or Refusal."""
    export = await get_export(unit, export_id)
    if export.state != WAITING or not export.is_open(unit.now):
        raise Refusal("export-over", "This request is not open any more.")
    if agreed and export.asked_by == account_id:
        raise Refusal("export-self", "Somebody else has to agree: a copy of the roll takes two officers.")
    if agreed:
        check_settled(await find_settled(unit, OFFICERS, unit.now), account_id, export.asked_by)
    changed = await unit.execute(
        "UPDATE roll_export SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'waiting'",
        APPROVED if agreed else REFUSED,
        account_id,
        unit.now,
        export_id,
    )
    if changed and agreed:
        unit.record(ExportAgreed(export_id, export.asked_by, account_id, export.reason))
    return export


async def check_takeable(reads: Reads, export_id: str, account_id: str, now: datetime) -> None:
    """Raises NotFound or Refusal when that one cannot take the copy, or not yet, or not any more."""
    export = await get_export(reads, export_id)
    if export.asked_by != account_id:
        raise Refusal("export-other", "Only who asked for this copy can take it.")
    if export.state != APPROVED or not export.is_open(now):
        raise Refusal("export-over", "This request is not open any more.")


async def take(unit: Unit, export_id: str, account_id: str) -> None:
    """The copy is taken, by the one who asked, this once; raises NotFound or Refusal."""
    await check_takeable(unit, export_id, account_id, unit.now)
    changed = await unit.execute(
        "UPDATE roll_export SET state = 'taken', taken_at = ? WHERE id = ? AND state = 'approved'",
        unit.now,
        export_id,
    )
    if not changed:
        raise Refusal("export-over", "This request is not open any more.")


async def get_export(reads: Reads, export_id: str) -> Export:
    """One request; raises NotFound."""
    row = await reads.row(f"{_SELECT} WHERE id = ?", export_id)
    if row is None:
        raise NotFound
    return Export(**row)


async def find_exports(reads: Reads, limit: int = 50) -> list[Export]:
    """The requests, newest first."""
    rows = await reads.rows(f"{_SELECT} ORDER BY asked_at DESC, id DESC LIMIT {limit}")
    return [Export(**row) for row in rows]


async def write_csv(reads: Reads, now: datetime) -> bytes:
    """The roll as a table that spreadsheets open: UTF-8, one member a line, no cell a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    rows = await reads.rows(
        "SELECT account.id, display_name, email, created_at, votes_from_at, good_until, legal_name, phone FROM account "
        "LEFT JOIN detail ON detail.account_id = account.id WHERE state = 'active' ORDER BY sort_name, account.id"
    )
    roles = await _roles(reads, now)
    for begin in range(0, len(rows), 500):
        batch = rows[begin : begin + 500]
        handles = await find_handles(reads, [row["id"] for row in batch])
        for row in batch:
            writer.writerow(_cells(row, handles.get(row["id"], ""), roles.get(row["id"], [])))
    return text.getvalue().encode("utf-8-sig")


async def _roles(reads: Reads, now: datetime) -> dict[str, list[str]]:
    rows = await reads.rows(
        "SELECT account_id, role FROM office WHERE ended_at IS NULL AND begins_at <= ? ORDER BY role", now
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["account_id"], []).append(row["role"])
    return found


def _cells(row: Row, handle: str, roles: list[str]) -> list[str]:
    cells = (
        row["display_name"],
        row["email"],
        handle,
        _day(row["created_at"]),
        _day(row["votes_from_at"]),
        row["good_until"].isoformat() if row["good_until"] else "",
        " ".join(dict.fromkeys(roles)),
        row["legal_name"] or "",
        row["phone"] or "",
    )
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""
