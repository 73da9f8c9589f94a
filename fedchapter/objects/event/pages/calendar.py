"""Events as files for calendars: one at a time, and the chapter's own as a feed.

events.md §5 (fast, no sign-in, ETag; cancelled ones stay for weeks).
"""

import asyncio
import hashlib
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from ....errors import NotFound
from ....house import house_of
from ....store import find_known
from ....web import identity_of
from ....web.negotiate import missing
from .. import wire
from ..draft import Event
from ..service import rows

PAST = timedelta(days=90)
EVENTS_MAX = 200
MEDIA_TYPE = "text/calendar; charset=utf-8"


async def feed(request: Request) -> Response:
    """The chapter's events to subscribe to."""
    house = house_of(request)
    since = house.clock.now() - PAST
    events = await rows.find_for_calendar(house.database, since, limit=EVENTS_MAX)
    name = (await identity_of(request)).name
    # A full feed takes a fifth of a second of computing, during which other requests go on.
    source = house.settings.uri("calendar.ics")
    body = await asyncio.to_thread(wire.to_calendar, tuple(events), name=name, source=source)
    return _answer(request, body, "calendar.ics")


async def own(request: Request) -> Response:
    """One of our events as a file."""
    house = house_of(request)
    event_id = request.path_params["id"]
    event = await rows.find_event(house.database, event_id)
    if event is None or not event.local:
        return await missing(request, house.settings.uri("events", event_id))
    return await _one(request, event)


async def remote(request: Request) -> Response:
    """An event of another server as a file."""
    event = await rows.find_event(house_of(request).database, request.path_params["id"])
    if event is None or event.local:
        raise NotFound
    return await _one(request, event)


async def _one(request: Request, event: Event) -> Response:
    known = await find_known(house_of(request).database, event.uri)
    if known is None or known.state != "shown":
        raise NotFound
    name = (await identity_of(request)).name
    body = await asyncio.to_thread(wire.to_calendar, (event,), name=name, source=f"{event.uri}.ics")
    return _answer(request, body, f"event-{event.id}.ics")


def _answer(request: Request, body: bytes, filename: str) -> Response:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "public, max-age=300",
        "Content-Disposition": f'inline; filename="{filename}"',
    }
    asked = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in asked:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=MEDIA_TYPE)
