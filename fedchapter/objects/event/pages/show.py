"""The pages that show events: the list, one of ours, one of another server's, a notice.

wire.md §2.5 (OpenGraph, fediverse:creator); operations.md §3 row C3 (the same 404 for absent and hidden).
"""

from datetime import tzinfo
from typing import Any
from urllib.parse import urljoin

from starlette.requests import Request
from starlette.responses import Response

from ....errors import NotFound
from ....federation.collections import local_actor
from ....house import house_of
from ....members import Permission
from ....members.handles import person_uri
from ....store import Known, Row, find_known
from ....store.choices import find_choice
from ....store.kinds import find_where
from ....text import excerpt
from ....vocab.context import with_context
from ....web import identity_of, redirect, render, respond, viewer_of
from ....web.cards import cards, full_item
from ....web.negotiate import missing
from ....web.thread import thread
from ....web.voices import may_speak_as
from ....words import say
from .. import wire
from ..draft import Event, Notice
from ..service import answers, away, pictures, rows

PAGE = 30
OG_CHARS = 200
EXCERPT_CHARS = 280


async def listing(request: Request) -> Response:
    """What is to come, or what is over."""
    house = house_of(request)
    past = request.query_params.get("past") == "1"
    number = request.query_params.get("page", "1")
    page = min(int(number), 1000) if number.isascii() and number.isdigit() and int(number) > 0 else 1
    find = rows.find_past if past else rows.find_upcoming
    found = await find(house.database, house.clock.now(), limit=PAGE + 1, offset=(page - 1) * PAGE)
    items = await _items(request, found[:PAGE])
    base = "/events?past=1&page=" if past else "/events?page="
    return await render(
        request,
        "event/list.html",
        items=items,
        past=past,
        newer_url=f"{base}{page - 1}" if page > 1 else None,
        older_url=f"{base}{page + 1}" if len(found) > PAGE else None,
        og={"title": say("Events"), "type": "website", "url": house.settings.uri("events")},
        canonical_url=house.settings.uri("events"),
        feed_path="/calendar.ics",
    )


async def _items(request: Request, events: list[Event]) -> list[dict[str, Any]]:
    if not events:
        return []
    house, zone = house_of(request), (await identity_of(request)).zone
    holes = ", ".join("?" * len(events))
    known = {
        one.uri: one
        for one in await find_where(house.database, f"uri IN ({holes})", *(event.uri for event in events))
    }
    shown = [event for event in events if event.uri in known]
    made = await cards(house.database, [known[event.uri] for event in shown], kinds=house.kinds)
    return [
        item | _facts(event, zone) | {"excerpt": excerpt(event.html, EXCERPT_CHARS) or None}
        for item, event in zip(made, shown, strict=True)
    ]


def _facts(event: Event, zone: tzinfo) -> dict[str, Any]:
    path = f"/events/{event.id}" if event.local else f"/events/remote/{event.id}"
    return {
        "url": path,
        "starts_at": event.start_at,
        "ends_at": event.end_at,
        "place": event.place or None,
        "zone": event.time_zone if event.zone else zone,
        "state": {"CANCELLED": "cancelled", "TENTATIVE": "tentative"}.get(event.status),
        "title": event.title,
        "excerpt": None,
    }


async def own(request: Request) -> Response:
    """One of our events: a page for people, the Event for servers."""
    house = house_of(request)
    event_id = request.path_params["id"]
    uri = house.settings.uri("events", event_id)
    event = await rows.find_event(house.database, event_id)
    known = await find_known(house.database, uri)
    if event is not None and not event.local:
        return redirect(f"/events/remote/{event.id}")
    if event is None or known is None or known.state != "shown":
        return await missing(request, uri)

    async def page() -> Response:
        return await _page(request, event, known)

    async def document() -> dict[str, Any]:
        await local_actor(house, event.owner_uri)
        quotes = await find_choice(house.database, "quotes")
        return with_context(wire.to_event(event, hashtag_url=house.settings.uri("tags", ""), quotes=quotes))

    return await respond(request, uri, page=page, document=document)


async def remote(request: Request) -> Response:
    """An event of another server, as it told us."""
    house = house_of(request)
    event = await rows.find_event(house.database, request.path_params["id"])
    known = await find_known(house.database, event.uri) if event else None
    if event is None or event.local or known is None or known.state != "shown":
        raise NotFound
    return await _page(request, event, known)


async def _page(request: Request, event: Event, known: Known) -> Response:
    house, viewer = house_of(request), viewer_of(request)
    identity = await identity_of(request)
    now = house.clock.now()
    item = await full_item(house.database, known, kinds=house.kinds)
    facts = _facts(event, identity.zone)
    mine = await _own_answer(request, event)
    path = facts["url"]
    moderates = viewer is not None and viewer.may(Permission.MODERATE)
    return await render(
        request,
        "event/show.html",
        item=item | facts | {"uri": item["uri"]},
        event=event,
        organizes=event.local and await may_speak_as(request, event.owner_uri),
        event_zone=facts["zone"],
        path=path,
        closed=answers.why_closed(now, event, mine),
        answer=mine["state"] if mine else "",
        takes_joins=away.takes_joins(event),
        when_where=rows.line(event, str(identity.zone)),
        thread=await thread(house.database, event.uri, sees_held=moderates),
        root_uri=event.uri,
        og=_og(event, str(identity.zone)),
        canonical_url=event.uri if event.local else event.url,
        alternate_uri=event.uri if event.local else None,
        creator=item["author"]["handle"] if event.local else None,
        noindex=not event.local,
    )


async def _own_answer(request: Request, event: Event) -> Row | None:
    """What the viewer said: as a member to an event of ours, under their public handle to another's."""
    house, viewer = house_of(request), viewer_of(request)
    if viewer is None:
        return None
    if event.local:
        return await answers.find_answer(house.database, event.id, account_id=viewer.account.id)
    uri = person_uri(house.settings, viewer.account)
    return await answers.find_answer(house.database, event.id, actor_uri=uri) if uri else None


def _og(event: Event, zone: str) -> dict[str, Any]:
    said = f"{rows.line(event, zone)}. {excerpt(event.html, OG_CHARS)}".strip()
    facts = pictures.facts_of(event.picture)
    image = {"image": urljoin(event.uri, facts["full_url"]), "image_alt": facts["alt"]} if facts else {}
    return {"title": event.shown_title, "description": said, "url": event.url} | image


async def notice(request: Request) -> Response:
    """What changed about an event: the Note for servers, the event's page for people."""
    house = house_of(request)
    event_id, number = request.path_params["id"], request.path_params["number"]
    uri = house.settings.uri("events", event_id, "notices", str(number))
    known = await find_known(house.database, uri)
    if known is None or known.kind != "notice" or known.state != "shown":
        return await missing(request, uri)

    async def page() -> Response:
        return redirect(f"/events/{event_id}")

    async def document() -> dict[str, Any]:
        await local_actor(house, known.owner_uri)
        told = (known.reply_to_uri, known.owner_uri, known.html, known.language, known.published_at)
        quotes = await find_choice(house.database, "quotes")
        return with_context(wire.to_notice(Notice(uri, *told), quotes=quotes))

    return await respond(request, uri, page=page, document=document)
