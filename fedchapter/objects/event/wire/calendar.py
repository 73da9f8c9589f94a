"""Events as iCalendar: one file for one event, one feed to subscribe to.

RFC 5545; RFC 7986; events.md §5 (stable UID, SEQUENCE for each edit, cancelled ones stay and say so in the title, no
attendees, no alarms).
"""

from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, vDuration
from icalendar import Event as Entry

from ....text import plain
from ..draft import Event

PRODID = "-//fedchapter//fedchapter//EN"
REFRESH = timedelta(hours=1)


def uid_of(event: Event) -> str:
    """The same on every server that knows the event: from its own id, not from our row's."""
    return f"{event.uuid}@{urlsplit(event.uri).hostname}"


@lru_cache(maxsize=32)
def to_calendar(events: tuple[Event, ...], *, name: str, source: str) -> bytes:
    """An iCalendar file with those events; `source` is its own address. Remembered, since subscribers ask hourly."""
    # Without a UID the library makes up a new one each time, and the file would never be the same twice.
    uid = str(uuid5(NAMESPACE_URL, source))
    calendar = Calendar.new(prodid=PRODID, method="PUBLISH", name=name, uid=uid)
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    calendar.add("SOURCE", source, parameters={"VALUE": "URI"})
    for event in events:
        calendar.add_component(_entry(event))
    if events:
        starts = [event.start_at.date() for event in events]
        calendar.add_missing_timezones(min(starts) - timedelta(days=366), max(starts) + timedelta(days=366))
    return bytes(calendar.to_ical())


def _entry(event: Event) -> Entry:
    zone = event.time_zone
    text = "\n\n".join(part for part in (plain(event.html), event.online_url, event.url) if part)
    entry = Entry.new(
        uid=uid_of(event),
        summary=event.shown_title,
        description=text,
        location=event.place or None,
        start=event.start_at.astimezone(zone),
        end=event.end_at.astimezone(zone) if event.end_at else None,
        stamp=event.updated_at,
        last_modified=event.updated_at,
        created=event.published_at,
        sequence=event.sequence,
        url=event.url,
    )
    entry.add("STATUS", event.status)
    if event.category:
        entry.add("CATEGORIES", [event.category])
    return entry
