"""People outside who get news by mail: confirmed by themselves, changed and erased by a link in each letter.

RFC 8058 (one click); DESIGN §1 (what need not be kept is erased: an address is here only as long as it is wanted).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..errors import Refusal
from ..store import Row, Unit
from ..store.kinds import Reads

ONCE, DAILY, WEEKLY = "once", "daily", "weekly"
HOWS = (ONCE, DAILY, WEEKLY)
# In time for the weekend, and read in the morning.
WEEKDAY, HOUR = 3, time(8)
# A wrong address is refused each time; a mailbox that is full, or a server of ours that is set up wrongly, for days.
REFUSALS_MAX, REFUSED_FOR = 3, timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be sent, how often, in which language."""

    announcements: bool
    events: bool
    how: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A row of `subscriber`. `until_at`: what was offered later is new to them; `due_at`: their next letter."""

    id: str
    email: str
    announcements: bool
    events: bool
    how: str
    language: str
    confirmed_at: datetime
    until_at: datetime
    due_at: datetime | None

    @property
    def wish(self) -> Wish:
        """What they want."""
        return Wish(self.announcements, self.events, self.how, self.language)


_COLUMNS = tuple(Subscriber.__slots__)
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM subscriber"


def from_row(row: Row) -> Subscriber:
    """A row as a Subscriber; booleans are real ones on both databases."""
    return Subscriber(**{**row, "announcements": bool(row["announcements"]), "events": bool(row["events"])})


def check_wish(wish: Wish) -> None:
    """Raises Refusal for a wish of nothing, or of something else."""
    if not wish.announcements and not wish.events:
        raise Refusal("no-kind", "Choose at least one of the two.")
    if wish.how not in HOWS:
        raise Refusal("no-how", "Choose how often.")


def next_letter(now: datetime, how: str, zone: ZoneInfo) -> datetime | None:
    """When the next letter of that sort is due, at eight in the morning there; None: as soon as there is news."""
    if how == ONCE:
        return None
    local = now.astimezone(zone)
    day = local.date()
    if local.time() >= HOUR:
        day += timedelta(days=1)
    if how == WEEKLY:
        day += timedelta(days=(WEEKDAY - day.weekday()) % 7)
    return datetime.combine(day, HOUR, zone).astimezone(now.tzinfo)


async def subscribe(unit: Unit, email: str, wish: Wish, zone: ZoneInfo) -> Subscriber:
    """The address, which its owner has confirmed, gets from now on what it wishes."""
    check_wish(wish)
    await unit.execute(
        f"INSERT INTO subscriber ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
        "ON CONFLICT (email) DO UPDATE SET announcements = excluded.announcements, events = excluded.events, "
        "how = excluded.how, language = excluded.language, due_at = excluded.due_at, refusals = 0, refused_at = NULL",
        unit.new_id(),
        email,
        wish.announcements,
        wish.events,
        wish.how,
        wish.language,
        unit.now,
        unit.now,
        next_letter(unit.now, wish.how, zone),
    )
    row = await unit.row(f"{_SELECT} WHERE email = ?", email)
    assert row is not None
    return from_row(row)


async def change_wish(unit: Unit, subscriber_id: str, wish: Wish, zone: ZoneInfo) -> None:
    """They get what they wish now."""
    check_wish(wish)
    await unit.execute(
        "UPDATE subscriber SET announcements = ?, events = ?, how = ?, language = ?, due_at = ? WHERE id = ?",
        wish.announcements,
        wish.events,
        wish.how,
        wish.language,
        next_letter(unit.now, wish.how, zone),
        subscriber_id,
    )


async def erase(unit: Unit, subscriber_id: str) -> bool:
    """The address is forgotten, with letters to it that wait to leave; False when it was before."""
    await unit.execute("DELETE FROM letter WHERE subscriber_id = ?", subscriber_id)
    return await unit.execute("DELETE FROM subscriber WHERE id = ?", subscriber_id) > 0


async def note_refused(unit: Unit, subscriber_id: str) -> bool:
    """Their mail server said for good that they cannot be reached; returns whether the address is forgotten for it.

    That is so with the third letter refused in a row, if the first one was a week ago or longer.
    """
    await unit.execute(
        "UPDATE subscriber SET refusals = refusals + 1, refused_at = COALESCE(refused_at, ?) WHERE id = ?",
        unit.now,
        subscriber_id,
    )
    row = await unit.row("SELECT refusals, refused_at FROM subscriber WHERE id = ?", subscriber_id)
    if row is None or row["refusals"] < REFUSALS_MAX or unit.now - row["refused_at"] < REFUSED_FOR:
        return False
    return await erase(unit, subscriber_id)


async def note_taken(unit: Unit, subscriber_id: str) -> None:
    """A letter to them was taken: earlier refusals do not count any more."""
    await unit.execute(
        "UPDATE subscriber SET refusals = 0, refused_at = NULL WHERE id = ? AND refusals > 0", subscriber_id
    )


async def find_subscriber(reads: Reads, subscriber_id: str) -> Subscriber | None:
    """Whoever has that id, or None."""
    row = await reads.row(f"{_SELECT} WHERE id = ?", subscriber_id)
    return from_row(row) if row else None


async def find_due(unit: Unit, limit: int) -> list[Subscriber]:
    """Whose letter is due, longest first; another worker that asks meanwhile gets others."""
    lock = " FOR UPDATE SKIP LOCKED" if unit.postgres else ""
    rows = await unit.rows(f"{_SELECT} WHERE due_at <= ? ORDER BY due_at, id LIMIT ?{lock}", unit.now, limit)
    return [from_row(row) for row in rows]


async def make_due(unit: Unit, kind: str) -> int:
    """Those who want news of that kind at once are due now; returns how many."""
    column = {"announcement": "announcements", "event": "events"}[kind]
    return await unit.execute(
        f"UPDATE subscriber SET due_at = ? WHERE how = 'once' AND {column} = true AND due_at IS NULL",
        unit.now,
    )


async def note_sent(unit: Unit, subscribers: Collection[tuple[Subscriber, datetime]], zone: ZoneInfo) -> None:
    """Each has what was offered up to that moment, and is due again when their next letter is."""
    await unit.execute_many(
        "UPDATE subscriber SET until_at = ?, due_at = ? WHERE id = ?",
        [(until_at, next_letter(unit.now, one.how, zone), one.id) for one, until_at in subscribers],
    )


async def count_subscribers(reads: Reads) -> int:
    """How many there are."""
    row = await reads.row("SELECT count(*) AS total FROM subscriber")
    return int(row["total"]) if row else 0
