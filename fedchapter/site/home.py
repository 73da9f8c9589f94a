"""The front page: the newest here and from followed chapters, with what is next beside it.

operations.md §4.2; performance.md (keyset paging: a page costs the same however much there is).
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..continuity.rows import find_gaps
from ..house import Door, House, house_of
from ..members import Permission, Viewer
from ..store import Known
from ..store.kinds import find_where
from ..web import identity_of, render, viewer_of
from ..web.account import has_page
from ..web.cards import cards
from ..words import mark, say
from .beside import followed_groups, open_proposals, upcoming_events

PAGE = 20
# How long members are reminded that something was lost; the page about holders goes on saying it.
GAP_SHOWN = timedelta(days=60)
NEW = (
    (mark("Write"), "/write", "edit"),
    (mark("New event"), "/events/new", "event"),
    (mark("New proposal"), "/proposals/new", "proposal"),
)


async def home(request: Request) -> Response:
    """The newest first, twenty at a time."""
    house, identity = house_of(request), await identity_of(request)
    before = request.query_params.get("before", "")
    found = await find_newest(house, before)
    items = await cards(house.database, found[:PAGE], kinds=house.kinds, zone=identity.zone)
    viewer = viewer_of(request)
    return await render(
        request,
        "site/home.html",
        items=items,
        older_url=f"/?before={mark_of(found[PAGE - 1])}" if len(found) > PAGE else None,
        newer_url="/" if before else None,
        upcoming=await upcoming_events(house, identity.zone),
        proposals=await open_proposals(house),
        followed=await followed_groups(house, 6),
        first_steps=[] if found else first_steps(request, viewer),
        writes=new_things(request, viewer),
        gaps=await find_gaps(house.database, house.clock.now() - GAP_SHOWN) if viewer else [],
        feed_url="/feed.xml" if has_page(request, "/feed.xml") else None,
        og={
            "title": identity.name,
            "description": identity.tagline,
            "type": "website",
            "url": house.settings.origin,
        },
        alternate_uri=identity.uri,
    )


async def find_newest(house: House, before: str) -> list[Known]:
    """What belongs on the front page, before that mark, one more than fits."""
    mark = read_mark(before)
    condition = "listed = true AND state = 'shown'"
    values: tuple[Any, ...] = ()
    if mark is not None:
        condition += " AND sort_at <= ? AND (sort_at < ? OR ref < ?)"
        values = (mark[0], mark[0], mark[1])
    return await find_where(
        house.database, f"{condition} ORDER BY sort_at DESC, ref DESC LIMIT {PAGE + 1}", *values
    )


def mark_of(known: Known) -> str:
    """The place of an item in the timeline, for an address."""
    moment = known.sort_at or known.published_at
    return f"{moment.strftime('%Y%m%dT%H%M%S.%f')}Z-{known.ref}"


def read_mark(text: str) -> tuple[datetime, str] | None:
    """The moment and the id of such a place; None for what is none."""
    stamp, _, ref = text.partition("-")
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC), ref[:26]
    except ValueError:
        return None


def new_things(request: Request, viewer: Viewer | None) -> list[tuple[str, str, str]]:
    """What whoever may publishes from here: (label, path, icon)."""
    if viewer is None or not viewer.may(Permission.PUBLISH):
        return []
    return [(say(words), path, icon) for words, path, icon in NEW if has_page(request, path)]


def first_steps(request: Request, viewer: Viewer | None) -> list[tuple[str, str, str]]:
    """What a new chapter does first, for whoever may: (words, path, reason)."""
    if viewer is None or not viewer.may(Permission.PUBLISH):
        return []
    steps = [
        (say("Write your first announcement"), "/write", say("It shows that somebody is here.")),
        (
            say("Follow other chapters"),
            "/admin/following",
            say("What they publish then appears on this page."),
        ),
    ]
    if viewer.may(Permission.ADMIN):
        steps += [
            (
                say("Invite somebody"),
                "/admin/invitations",
                say("A second admin keeps the chapter alive if you can no longer sign in."),
            ),
            (
                say("Say who you are"),
                "/admin/settings",
                say("Name, text, colour and time zone of this chapter."),
            ),
        ]
    return [step for step in steps if has_page(request, step[1])]


def doors() -> list[Door]:
    """The front door."""
    return [Door("/", home, Permission.ANYONE)]
