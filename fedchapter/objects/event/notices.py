"""Who is told of an event besides those who follow it: members, and people outside who want news by mail.

DESIGN §1 (somebody with only e-mail takes part); events.md §2 (those who come are reminded the day before). Who was
told of it hears again when it is at another time or place, or cancelled; whoever comes hears so at once. What a group
plans its members are told by the type `group`.
"""

from datetime import datetime, timedelta
from typing import Any

from ...jobs import job, schedule
from ...mail.news import CANCELLED, CHANGED, NEW, News, find_facts
from ...notices import Notice, tell, untell
from ...notices.draft import Value
from ...notices.subscribers import offer, offer_again
from ...store import Unit, publishes
from ...words import mark
from . import wire
from .draft import Event, EventChanged, EventDeleted, EventPublished, NoticeGiven
from .service import rows

REMIND_JOB = "remind-event"
BEFORE = timedelta(days=1)
NEW_EVENT = mark("New event: %(title)s, %(when)s")
REMINDER = mark("Soon: %(title)s, %(when)s")
# By whether it is cancelled.
MOVED = {
    True: mark("Cancelled: %(title)s, %(when)s"),
    False: mark("Changed: %(title)s is now on %(when)s. %(place)s"),
}


@publishes(EventPublished)
async def offered(unit: Unit, happening: EventPublished) -> None:
    """Subscribers get it at once or with their next letter; what a group plans, if the chapter passes it on."""
    if happening.event.owner_uri == unit.settings.chapter_uri or happening.shared:
        await offer(unit, to_news(happening.event, NEW))


@publishes(EventChanged)
async def offered_again(unit: Unit, happening: EventChanged) -> None:
    """Subscribers get it again, if they need to know; what a group plans, if they got it before."""
    event = happening.event
    if event.owner_uri != unit.settings.chapter_uri and await find_facts(unit, event.uri) is None:
        return
    await offer_again(unit, to_news(event, CANCELLED if event.cancelled else CHANGED))


def to_news(event: Event, change: str) -> News:
    """The event as letters need it."""
    calendar = wire.to_calendar((event,), name=event.shown_title, source=f"{event.uri}.ics")
    return News(
        event.uri,
        "event",
        change,
        event.start_at,
        event.end_at,
        event.zone,
        event.place,
        calendar.decode(),
    )


@publishes(EventPublished)
async def told(unit: Unit, happening: EventPublished) -> None:
    """Every member hears of an event of the chapter; who comes will be reminded."""
    event = happening.event
    await _remind(unit, event)
    if event.owner_uri == unit.settings.chapter_uri:
        await tell(unit, Notice("event", f"event:{event.id}", NEW_EVENT, _path(event), _values(event)))


@publishes(NoticeGiven)
async def told_again(unit: Unit, happening: NoticeGiven) -> None:
    """Another time or place, or cancelled: whoever comes hears it at once, other members as they hear of events."""
    event = await rows.find_event_at(unit, happening.notice.event_uri)
    if event is None:
        return
    key = f"event:{event.id}:{event.sequence}"
    text, values = MOVED[event.cancelled], _values(event)
    await untell(unit, f"event:{event.id}")
    mine = Notice("reminder", f"{key}:mine", text, _path(event), values)
    await tell(unit, mine, to=await _who_comes(unit, event.id))
    if event.owner_uri == unit.settings.chapter_uri:
        await tell(unit, Notice("event", key, text, _path(event), values), unless=mine.key)


@publishes(EventChanged)
async def planned_again(unit: Unit, happening: EventChanged) -> None:
    """Who comes is reminded the day before the day that it is on now."""
    await _remind(unit, happening.event)


@publishes(EventDeleted)
async def taken_back(unit: Unit, happening: EventDeleted) -> None:
    """Nobody is told any more."""
    await untell(unit, f"event:{happening.uri.rpartition('/')[2]}")


async def _remind(unit: Unit, event: Event) -> None:
    due_at = event.start_at - BEFORE
    if event.cancelled or due_at <= unit.now:
        return
    moment = event.start_at.isoformat()
    payload = {"event_id": event.id, "start": moment}
    await schedule(unit, REMIND_JOB, payload, due_at=due_at, key=f"{REMIND_JOB}:{event.id}:{moment}")


@job(REMIND_JOB)
async def remind(unit: Unit, payload: dict[str, Any]) -> None:
    """Who comes is reminded, unless it was moved or cancelled meanwhile."""
    event = await rows.find_event(unit, payload["event_id"])
    start_at = datetime.fromisoformat(payload["start"])
    if event is None or event.cancelled or event.start_at != start_at or event.start_at <= unit.now:
        return
    key = f"event-soon:{event.id}:{payload['start']}"
    notice = Notice("reminder", key, REMINDER, _path(event), _values(event))
    await tell(unit, notice, to=await _who_comes(unit, event.id))


async def _who_comes(unit: Unit, event_id: str) -> list[str]:
    found = await unit.rows(
        "SELECT account_id FROM answer WHERE event_id = ? AND account_id <> '' "
        "AND state IN ('going', 'pending', 'maybe')",
        event_id,
    )
    return [row["account_id"] for row in found]


def _path(event: Event) -> str:
    return f"/events/{event.id}"


def _values(event: Event) -> dict[str, Value]:
    when = event.start_at.astimezone(event.time_zone)
    return {"title": event.title, "when": when, "place": event.place}


JOBS = (remind,)
