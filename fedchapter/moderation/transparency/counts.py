"""The numbers of a quarter, counted daily and kept, since the rows that they are counted from are erased in time.

Issue "Transparency page". What was counted once is not taken back when its rows are erased: each number is the highest
that was seen.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from ...jobs import job, schedule
from ...store import Unit
from ...store.kinds import Reads
from ..audit import VERBS
from ..reports.counts import count_quarter

JOB = "count-quarter"
QUARTERS_SHOWN = 9
# Verbs that say nothing about how things are moderated, or tell of who reads what.
_SILENT = frozenset({"read-message", "look-picture", "ask-second", "note-actor", "note-member", "keep-days"})
# What is done about members: told roughly while it is little.
MEMBERS = frozenset({"warn-member", "limit-member", "lift-member", "uphold-appeal", "reject-appeal"})
_HELD = """
SELECT COALESCE(sum(CASE WHEN sort = 'held' THEN 1 ELSE 0 END), 0) AS held,
    COALESCE(sum(CASE WHEN sort = 'held' AND outcome = 'approve' THEN 1 ELSE 0 END), 0) AS approved,
    COALESCE(sum(CASE WHEN sort = 'appeal' THEN 1 ELSE 0 END), 0) AS appeals
FROM desk_item WHERE opened_at >= ? AND opened_at < ?
"""


class Numbers(msgspec.Struct):
    """One quarter in numbers. `hours` is the median time from a report to its end, None where none was closed;
    `actions` are decisions of people by verb, `refused` are those a rule made."""

    reports_in: int = 0
    reports_out: int = 0
    closed: int = 0
    hours: int | None = None
    held: int = 0
    approved: int = 0
    refused: int = 0
    appeals: int = 0
    upheld: int = 0
    undone: int = 0
    actions: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year in UTC."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """Like 2026-Q4."""
        return f"{self.year}-Q{self.number}"

    @property
    def from_at(self) -> datetime:
        """When it begins."""
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def to_at(self) -> datetime:
        """When the next one begins."""
        return self.next.from_at

    @property
    def next(self) -> "Quarter":
        """The one after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)


def quarter_of(moment: datetime) -> Quarter:
    """The quarter in which that moment is."""
    utc = moment.astimezone(UTC)
    return Quarter(utc.year, (utc.month + 2) // 3)


async def count(reads: Reads, quarter: Quarter) -> Numbers:
    """What the rows that are there now say."""
    span = (quarter.from_at, quarter.to_at)
    reports = await count_quarter(reads, *span)
    desk = await reads.row(_HELD, *span)
    assert desk is not None
    made = await reads.rows(
        "SELECT what, (rule <> '') AS by_rule, (undo_of <> '') AS undoes, count(*) AS total FROM decision "
        "WHERE made_at >= ? AND made_at < ? GROUP BY what, (rule <> ''), (undo_of <> '')",
        *span,
    )
    by_people = [row for row in made if not row["by_rule"] and not row["undoes"]]
    actions = {row["what"]: int(row["total"]) for row in by_people if row["what"] not in _SILENT}
    return Numbers(
        reports_in=reports.came,
        reports_out=reports.sent,
        closed=reports.closed,
        hours=round(reports.to_close.total_seconds() / 3600) if reports.to_close is not None else None,
        held=int(desk["held"]),
        approved=int(desk["approved"]),
        refused=await _count_refused(reads, quarter),
        appeals=int(desk["appeals"]),
        upheld=actions.get("uphold-appeal", 0),
        undone=sum(int(row["total"]) for row in made if row["undoes"]),
        actions=actions,
    )


async def _count_refused(reads: Reads, quarter: Quarter) -> int:
    row = await reads.row(
        "SELECT count(*) AS total FROM judged WHERE decision = 'refuse' AND judged_at >= ? AND judged_at < ?",
        quarter.from_at,
        quarter.to_at,
    )
    return int(row["total"]) if row else 0


def highest(before: Numbers, now: Numbers) -> Numbers:
    """Each number as high as it ever was; the median is of whichever saw more reports closed."""
    names = [name for name in Numbers.__struct_fields__ if name not in ("hours", "actions")]
    verbs = sorted({*before.actions, *now.actions})
    return Numbers(
        **{name: max(getattr(before, name), getattr(now, name)) for name in names},
        hours=now.hours if now.closed >= before.closed else before.hours,
        actions={verb: max(before.actions.get(verb, 0), now.actions.get(verb, 0)) for verb in verbs},
    )


async def find_quarters(reads: Reads, now: datetime) -> list[tuple[Quarter, Numbers]]:
    """The quarter that runs, as it is, and those before it that were kept, newest first."""
    running = quarter_of(now)
    kept = {
        row["quarter"]: msgspec.json.decode(row["counts"], type=Numbers)
        for row in await reads.rows(
            "SELECT quarter, counts FROM quarter_count ORDER BY quarter DESC LIMIT ?", QUARTERS_SHOWN
        )
    }
    current = highest(kept.pop(running.name, Numbers()), await count(reads, running))
    before = [(Quarter(int(name[:4]), int(name[-1])), numbers) for name, numbers in kept.items()]
    return [(running, current), *before]


async def keep_quarter(unit: Unit, quarter: Quarter) -> None:
    """What can be counted of the quarter now is kept, where it is more than before."""
    row = await unit.row("SELECT counts FROM quarter_count WHERE quarter = ?", quarter.name)
    before = msgspec.json.decode(row["counts"], type=Numbers) if row else Numbers()
    numbers = msgspec.json.encode(highest(before, await count(unit, quarter))).decode()
    await unit.execute(
        "INSERT INTO quarter_count (quarter, counts, counted_at) VALUES (?, ?, ?) ON CONFLICT (quarter) DO UPDATE "
        "SET counts = excluded.counts, counted_at = excluded.counted_at",
        quarter.name,
        numbers,
        unit.now,
    )


async def plan_count(unit: Unit) -> None:
    """The next day's count is planned, once however often this is called."""
    due_at = unit.now.astimezone(UTC).replace(hour=0, minute=7, second=0, microsecond=0) + timedelta(days=1)
    await schedule(unit, JOB, {}, due_at=due_at, key=f"{JOB}:{due_at:%Y-%m-%d}")


@job(JOB)
async def count_daily(unit: Unit, payload: dict[str, Any]) -> None:
    """The quarter that runs is counted, and in its first days the one before for the last time."""
    await plan_count(unit)
    await keep_quarter(unit, quarter_of(unit.now))
    yesterday = quarter_of(unit.now - timedelta(days=2))
    if yesterday != quarter_of(unit.now):
        await keep_quarter(unit, yesterday)


def shown_actions(numbers: Numbers) -> list[tuple[str, int]]:
    """What people decided, by the words of its verb, most first; nothing about members."""
    named = [
        (VERBS[verb].words, total)
        for verb, total in numbers.actions.items()
        if total and verb in VERBS and verb not in MEMBERS
    ]
    return sorted(named, key=lambda pair: (-pair[1], pair[0]))


def about_members(numbers: Numbers) -> int:
    """How many warnings and limits there were for members."""
    return sum(numbers.actions.get(verb, 0) for verb in ("warn-member", "limit-member"))


JOBS = (count_daily,)
