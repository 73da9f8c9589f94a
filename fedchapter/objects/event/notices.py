"""Who is told of an event besides those who follow it: people outside who want news by mail.

DESIGN §1 (somebody with only e-mail takes part). Who was told of it hears again when it is at another time or place,
or cancelled.
"""

from ...mail.news import CANCELLED, CHANGED, NEW, News
from ...notices.subscribers import offer, offer_again
from ...store import Unit, publishes
from . import wire
from .draft import Event, EventChanged, EventPublished


@publishes(EventPublished)
async def offered(unit: Unit, happening: EventPublished) -> None:
    """Subscribers get it at once or with their next letter."""
    await offer(unit, to_news(happening.event, NEW))


@publishes(EventChanged)
async def offered_again(unit: Unit, happening: EventChanged) -> None:
    """Subscribers get it again, if they need to know."""
    event = happening.event
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
