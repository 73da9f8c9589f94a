"""Reading and writing the rows of continuity: events, gaps."""

from datetime import datetime

from ..store import Row, Unit
from ..store.kinds import Reads
from .happenings import ChapterRestored

KINDS = ("backup", "drill", "upgrade", "restore")


async def note_event(
    unit: Unit,
    kind: str,
    *,
    ok: bool,
    began_at: datetime,
    words: str = "",
    file_name: str = "",
    size_bytes: int = 0,
) -> None:
    """What was done, and how it ended, is on the list that admins see."""
    assert kind in KINDS
    await unit.execute(
        "INSERT INTO care_event (id, kind, ok, words, file_name, size_bytes, began_at, ended_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        unit.new_id(),
        kind,
        ok,
        words[:1000],
        file_name[:200],
        size_bytes,
        began_at,
        unit.now,
    )


async def find_last(reads: Reads, kind: str, *, ok: bool) -> Row | None:
    """The latest event of a kind that ended so (words, file_name, size_bytes, began_at, ended_at), or None."""
    return await reads.row(
        "SELECT words, file_name, size_bytes, began_at, ended_at FROM care_event WHERE kind = ? AND ok = ? "
        "ORDER BY ended_at DESC LIMIT 1",
        kind,
        ok,
    )


async def find_events(reads: Reads, limit: int = 20) -> list[Row]:
    """The latest events, newest first."""
    return await reads.rows(
        "SELECT kind, ok, words, file_name, size_bytes, began_at, ended_at FROM care_event "
        "ORDER BY ended_at DESC, id DESC LIMIT ?",
        limit,
    )


async def declare_gap(unit: Unit, lost_from_at: datetime, letters_dropped: int) -> None:
    """Members can read that what happened between then and now is lost here."""
    await unit.execute(
        "INSERT INTO gap (id, lost_from_at, restored_at, letters_dropped) VALUES (?, ?, ?, ?)",
        unit.new_id(),
        lost_from_at,
        unit.now,
        letters_dropped,
    )


async def tell_gaps(unit: Unit) -> None:
    """Members hear of gaps that they were not told of yet."""
    rows = await unit.rows("SELECT id, lost_from_at, restored_at FROM gap WHERE told_at IS NULL")
    for row in rows:
        await unit.execute("UPDATE gap SET told_at = ? WHERE id = ?", unit.now, row["id"])
        unit.record(ChapterRestored(row["id"], row["lost_from_at"], row["restored_at"]))


async def find_gaps(reads: Reads, since_at: datetime | None = None) -> list[Row]:
    """Every declared gap (lost_from_at, restored_at, letters_dropped), the latest first; those since then."""
    condition, values = ("WHERE restored_at >= ? ", (since_at,)) if since_at else ("", ())
    return await reads.rows(
        f"SELECT lost_from_at, restored_at, letters_dropped FROM gap {condition}ORDER BY restored_at DESC",
        *values,
    )
