"""Reading events and the line that says when and where.

events.md §1.6 (summary: one plain line).
"""

from datetime import datetime, timedelta
from typing import Any

from ....errors import NotFound
from ....store import Row
from ....store.kinds import Reads
from ....text import human_when
from ..draft import Event, cancelled_mark

COLUMNS = tuple(Event.__slots__)
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM event"
# How long an event without an end is taken to last (events.md §1.6: assumed, never displayed).
ASSUMED_LENGTH = timedelta(hours=2)
NOTE_MAX = 500


def from_row(row: Row) -> Event:
    """A row of the table as an Event."""
    return Event(**{**row, "local": bool(row["local"])})


def ends_at(event: Event) -> datetime:
    """When it is over, an assumed end where none is known."""
    return event.end_at or event.start_at + ASSUMED_LENGTH


def line(event: Event, zone: str = "") -> str:
    """When and where in one plain line; `zone` is for events that named none."""
    mark = cancelled_mark(event.language) if event.cancelled else ""
    when = human_when(event.start_at, event.end_at, event.zone or zone or "UTC", event.language or "en")
    place = f" – {event.place}" if event.place else ""
    return f"{mark}{when}{place}"[:NOTE_MAX]


async def _find(reads: Reads, condition: str, *values: Any) -> list[Event]:
    return [from_row(row) for row in await reads.rows(f"{_SELECT} WHERE {condition}", *values)]


async def find_event(reads: Reads, event_id: str) -> Event | None:
    """The event of that id, or None."""
    found = await _find(reads, "id = ?", event_id)
    return found[0] if found else None


async def find_event_at(reads: Reads, uri: str) -> Event | None:
    """The event of that URI, or None."""
    found = await _find(reads, "uri = ?", uri)
    return found[0] if found else None


async def get_own(reads: Reads, event_id: str) -> Event:
    """The event of ours; raises NotFound."""
    event = await find_event(reads, event_id)
    if event is None or not event.local:
        raise NotFound("no-event", "There is no such event; perhaps it was deleted.")
    return event


_SHOWN = (
    "EXISTS (SELECT 1 FROM known_object WHERE known_object.uri = event.uri AND known_object.state = 'shown' "
    "AND known_object.listed = true)"
)


async def find_upcoming(reads: Reads, now: datetime, *, limit: int, offset: int = 0) -> list[Event]:
    """What is on or still to come, here and at followed chapters, soonest first."""
    since = now - ASSUMED_LENGTH
    return await _find(
        reads,
        f"(end_at >= ? OR (end_at IS NULL AND start_at >= ?)) AND {_SHOWN} ORDER BY start_at, id LIMIT ? OFFSET ?",
        now,
        since,
        limit,
        offset,
    )


async def find_past(reads: Reads, now: datetime, *, limit: int, offset: int = 0) -> list[Event]:
    """What is over, latest first."""
    since = now - ASSUMED_LENGTH
    return await _find(
        reads,
        f"(end_at < ? OR (end_at IS NULL AND start_at < ?)) AND {_SHOWN} "
        "ORDER BY start_at DESC, id DESC LIMIT ? OFFSET ?",
        now,
        since,
        limit,
        offset,
    )


async def find_for_calendar(reads: Reads, since: datetime, *, limit: int) -> list[Event]:
    """Our events from `since` on, cancelled ones too (events.md §5: dropping them leaves stale copies)."""
    return await _find(reads, "local = true AND start_at >= ? ORDER BY start_at, id LIMIT ?", since, limit)
