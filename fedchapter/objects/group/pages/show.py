"""The page of one group: what it publishes for everybody, what it writes for its members, and how to join.

wire.md §7.1 (one address for page and actor). Names of its people are shown to members of the chapter only.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ....actors import ActorRow
from ....errors import NotFound
from ....house import House, house_of
from ....members.groups import ASKED, GroupRow, count_members, find_captains, find_group, find_members
from ....store.kinds import find_where
from ....text import render_markdown
from ....web import identity_of, redirect, render, viewer_of
from ....web.cards import cards
from .. import service
from .asking import Asking, find_asking, shown

NEWEST, UPCOMING = 10, 5
_LISTED = "owner_uri = ? AND local = true AND listed = true AND state = 'shown'"
_TO_COME = "SELECT 1 FROM event WHERE event.uri = known_object.uri AND event.start_at >= ?"


async def own(request: Request) -> Response:
    """A group without an actor, for members of the chapter; a public one has its page at its actor's address."""
    house = house_of(request)
    group = await find_group(house.database, slug=request.path_params["slug"])
    if group is not None and group.public:
        return redirect(group.path)
    if group is None or viewer_of(request) is None:
        # Whether a group without an actor exists is nobody else's business.
        raise NotFound
    _, asking = await find_asking(request)
    return await _page(request, group, asking)


async def profile(request: Request, actor: ActorRow) -> Response:
    """The page of a public group, at the address of its actor."""
    request.path_params["slug"] = actor.username
    group, asking = await find_asking(request)
    return await _page(request, group, asking)


async def _page(request: Request, group: GroupRow, asking: Asking) -> Response:
    house, identity = house_of(request), await identity_of(request)
    line = shown(group, house.settings.domain)
    about = {
        "title": group.name,
        "description": line["about"],
        "type": "profile",
        "url": house.settings.uri(group.path.removeprefix("/")),
    }
    return await render(
        request,
        "group/show.html",
        group=line,
        about_html=render_markdown(group.about),
        asking=asking,
        **await _published(request, group),
        **await _inside(house, group, asking),
        zone=identity.zone,
        og=about if group.public else None,
        alternate_uri=group.actor_uri or None,
        canonical_url=group.actor_uri or None,
        creator=line["handle"] or None,
        noindex=not group.public,
    )


async def _published(request: Request, group: GroupRow) -> dict[str, Any]:
    if not group.public:
        return {"newest": [], "upcoming": []}
    house, zone = house_of(request), (await identity_of(request)).zone
    now = house.clock.now()
    newest = await find_where(
        house.database,
        f"{_LISTED} AND NOT EXISTS ({_TO_COME}) ORDER BY sort_at DESC LIMIT {NEWEST}",
        group.actor_uri,
        now,
    )
    upcoming = await find_where(
        house.database,
        f"{_LISTED} AND kind = 'event' AND EXISTS ({_TO_COME}) "
        "ORDER BY (SELECT start_at FROM event WHERE event.uri = known_object.uri) "
        f"LIMIT {UPCOMING}",
        group.actor_uri,
        now,
    )
    return {
        "newest": await cards(house.database, newest, kinds=house.kinds, zone=zone),
        "upcoming": await cards(house.database, upcoming, kinds=house.kinds, zone=zone),
    }


async def _inside(house: House, group: GroupRow, asking: Asking) -> dict[str, Any]:
    now = house.clock.now()
    totals = await count_members(house.database) if asking.signed_in else {}
    return {
        "captains": await find_captains(house.database, group.id, now) if asking.signed_in else [],
        "total": totals.get(group.id, 0),
        "waiting": len(await find_members(house.database, group.id, ASKED)) if asking.manages else 0,
        "notes": [_note(row) for row in await service.find_notes(house.database, group.id)]
        if asking.reads
        else [],
        "meetings": [_note(row) for row in await service.find_meetings(house.database, group.id, now)]
        if asking.reads
        else [],
    }


def _note(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"html": render_markdown(row["text"])}
