"""How many reports there were, and how soon they were dealt with: numbers for everybody, nobody's name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from ...store.kinds import Reads
from .draft import CLOSED, OUTCOMES


@dataclass(frozen=True, slots=True)
class Counts:
    """Reports that came in (those merged counted each), that we sent, that were closed in that time, by outcome, and
    the median from coming to closing (None when none was closed)."""

    came: int
    sent: int
    closed: int
    outcomes: dict[str, int]
    to_close: timedelta | None


async def count_quarter(reads: Reads, from_at: datetime, to_at: datetime) -> Counts:
    """The numbers of the time from `from_at` until before `to_at`."""
    row = await reads.row(
        "SELECT COALESCE(sum(CASE WHEN way = 'in' THEN times ELSE 0 END), 0) AS came, "
        "COALESCE(sum(CASE WHEN way = 'out' THEN 1 ELSE 0 END), 0) AS sent FROM report "
        "WHERE made_at >= ? AND made_at < ?",
        from_at,
        to_at,
    )
    closed = await reads.rows(
        "SELECT outcome, made_at, closed_at FROM report WHERE way = 'in' AND state = ? "
        "AND closed_at >= ? AND closed_at < ?",
        CLOSED,
        from_at,
        to_at,
    )
    times = [(one["closed_at"] - one["made_at"]).total_seconds() for one in closed]
    outcomes = {name: sum(one["outcome"] == name for one in closed) for name in OUTCOMES}
    to_close = timedelta(seconds=median(times)) if times else None
    return Counts(
        int(row["came"]) if row else 0, int(row["sent"]) if row else 0, len(closed), outcomes, to_close
    )
