"""Reading and setting marks on actors and hosts.

Host marks are also kept in memory (policy.hosts), because they are asked for at every door. A mark that has ended
counts as none from that moment, whether or not it was cleared away yet.
"""

from dataclasses import dataclass
from datetime import datetime

from ..store import Row, Unit
from ..store.kinds import Reads
from .state import note_change

APPROVED, HOLD, LIMIT, REFUSE = "approved", "hold", "limit", "refuse"
DECISIONS = ("", APPROVED, HOLD, LIMIT, REFUSE)
_FLAGS = ("reject_media", "reject_reports", "sensitive", "obfuscate")
_VALUES = ("decision", "reason", "made_by", "created_at", *_FLAGS, "expires_at", "public_reason", "source")
_COLUMNS = ", ".join(("scope", "subject", *_VALUES))


@dataclass(frozen=True, slots=True)
class Marking:
    """A mark on one subject. `decision` is approved, hold, limit, refuse, or empty where only the flags speak."""

    decision: str
    reject_media: bool = False
    reject_reports: bool = False
    sensitive: bool = False
    expires_at: datetime | None = None
    reason: str = ""
    public_reason: str = ""
    obfuscate: bool = False
    source: str = ""
    made_by: str = ""
    created_at: datetime | None = None
    scope: str = ""
    subject: str = ""


async def put_mark(unit: Unit, *, scope: str, subject: str, marking: Marking) -> None:
    """The mark stands, in place of an earlier one; every process knows host marks within seconds."""
    values = {name: getattr(marking, name) for name in _VALUES} | {"created_at": unit.now}
    await unit.execute(
        f"INSERT INTO mark (id, scope, subject, {', '.join(values)}) "
        f"VALUES (?, ?, ?, {', '.join('?' * len(values))}) ON CONFLICT (scope, subject) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in values),
        unit.new_id(),
        scope,
        subject,
        *values.values(),
    )
    if scope == "host":
        await note_change(unit)


async def set_mark(
    unit: Unit, *, scope: str, subject: str, decision: str, reason: str = "", made_by: str = ""
) -> None:
    """The decision stands by itself, without flags or an end, in place of an earlier mark."""
    marking = Marking(decision, reason=reason, made_by=made_by)
    await put_mark(unit, scope=scope, subject=subject, marking=marking)


async def lift_mark(unit: Unit, *, scope: str, subject: str) -> bool:
    """The mark is gone; False when there was none."""
    lifted = await unit.execute("DELETE FROM mark WHERE scope = ? AND subject = ?", scope, subject) > 0
    if lifted and scope == "host":
        await note_change(unit)
    return lifted


async def find_marking(
    reads: Reads, *, scope: str, subject: str, now: datetime | None = None
) -> Marking | None:
    """The mark on exactly that subject, or None; with `now`, none that has ended."""
    row = await reads.row(f"SELECT {_COLUMNS} FROM mark WHERE scope = ? AND subject = ?", scope, subject)
    marking = to_marking(row) if row else None
    if marking is None or (now is not None and has_ended(marking, now)):
        return None
    return marking


async def find_mark(reads: Reads, *, scope: str, subject: str) -> str | None:
    """The decision on exactly that subject, or None."""
    marking = await find_marking(reads, scope=scope, subject=subject)
    return marking.decision if marking and marking.decision else None


async def find_marks(reads: Reads, scope: str) -> list[Marking]:
    """All marks of a scope, newest first."""
    rows = await reads.rows(f"SELECT {_COLUMNS} FROM mark WHERE scope = ? ORDER BY created_at DESC", scope)
    return [to_marking(row) for row in rows]


def has_ended(marking: Marking, now: datetime) -> bool:
    """Whether the mark's time is over."""
    return marking.expires_at is not None and marking.expires_at <= now


def to_marking(row: Row) -> Marking:
    """A row of `mark`; booleans are real ones on both databases."""
    return Marking(**{**row, **{name: bool(row[name]) for name in _FLAGS}})
