"""Standing and the right to vote: a date up to which somebody is in good standing, and one from which they may vote.

Issue of members (standing is a good-until date, voting rights start some weeks after approval); decisions.md §1.
Decision: nobody loses a right because a date is missing. Without one, standing has no end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..store import Unit
from ..store.choices import find_choice
from ..store.kinds import Reads
from .accounts import AccountRow

WAIT, STANDING = "wait", "standing"


@dataclass(frozen=True, slots=True)
class StandingSet:
    """Standing was set to end on those days, for one member or more."""

    days: frozenset[date]


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a member may not vote at a moment: they wait until `from_at`, or their standing ended."""

    why: str
    from_at: datetime | None = None
    good_until: date | None = None


async def find_zone(reads: Reads) -> ZoneInfo:
    """The chapter's own time zone; UTC where that is not known here."""
    try:
        return ZoneInfo(await find_choice(reads, "timezone"))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


async def find_today(reads: Reads, at: datetime) -> date:
    """The day it is in the chapter's own time zone."""
    return at.astimezone(await find_zone(reads)).date()


async def needs_standing(reads: Reads) -> bool:
    """Whether only members in good standing vote here."""
    return await find_choice(reads, "standing_needed") == "yes"


async def find_eligible(reads: Reads, at: datetime) -> list[str]:
    """The accounts that may vote in what is opened at that moment, in no order."""
    good, values = await _good(reads, at)
    rows = await reads.rows(
        f"SELECT id FROM account WHERE state = 'active' AND (votes_from_at IS NULL OR votes_from_at <= ?){good}",
        at,
        *values,
    )
    return [row["id"] for row in rows]


async def find_bar(reads: Reads, account: AccountRow, at: datetime) -> Bar | None:
    """What keeps the member from voting in what is opened at that moment, or None."""
    if account.votes_from_at is not None and account.votes_from_at > at:
        return Bar(WAIT, from_at=account.votes_from_at)
    ended = account.good_until is not None and account.good_until < await find_today(reads, at)
    return Bar(STANDING, good_until=account.good_until) if ended and await needs_standing(reads) else None


async def _good(reads: Reads, at: datetime) -> tuple[str, list[date]]:
    if not await needs_standing(reads):
        return "", []
    return " AND (good_until IS NULL OR good_until >= ?)", [await find_today(reads, at)]


async def set_standing(unit: Unit, account_id: str, good_until: date | None) -> None:
    """The member is in good standing up to and with that day, or without end."""
    await set_all_standings(unit, {account_id: good_until})


async def set_all_standings(unit: Unit, until: Mapping[str, date | None]) -> None:
    """Each of these accounts is in good standing up to and with its day, or without end."""
    await unit.execute_many(
        "UPDATE account SET good_until = ? WHERE id = ?",
        [(day, account_id) for account_id, day in until.items()],
    )
    unit.record(StandingSet(frozenset(day for day in until.values() if day is not None)))


async def find_ending(reads: Reads, day: date, *, after: str, limit: int) -> list[str]:
    """Members whose standing ends with that day, by id, from the one after `after` on."""
    rows = await reads.rows(
        "SELECT id FROM account WHERE state = 'active' AND good_until = ? AND id > ? ORDER BY id LIMIT ?",
        day,
        after,
        limit,
    )
    return [row["id"] for row in rows]
