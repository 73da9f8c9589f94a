"""What stands beside the timeline: the next dates, open proposals, the chapters we follow.

operations.md §4.2 (front page: next three events, open proposals).
"""

from datetime import timedelta, tzinfo
from typing import Any

from ..house import House
from ..store import Row
from ..store.kinds import find_where
from ..web.cards import page_path
from ..web.people import to_person

SHOWN = 3
# An event that began without saying when it ends stays on the list for that long.
STILL_ON = timedelta(hours=2)
_UPCOMING = (
    "SELECT event.id, event.local, event.title, event.start_at, event.place_name, event.town, event.status "
    # From the events, of which few are to come: SQLite would begin with everything that is listed (sqlite.org: it
    # never reorders a CROSS JOIN).
    "FROM event CROSS JOIN known_object WHERE known_object.uri = event.uri "
    "AND event.start_at >= ? AND event.status <> 'CANCELLED' "
    "AND known_object.listed = true AND known_object.state = 'shown' ORDER BY event.start_at, event.id LIMIT ?"
)
_OPEN = (
    "listed = true AND state = 'shown' AND kind = 'proposal' AND ("
    "EXISTS (SELECT 1 FROM proposal WHERE proposal.uri = known_object.uri "
    "AND proposal.stage IN ('discussion', 'voting')) OR "
    "EXISTS (SELECT 1 FROM remote_proposal WHERE remote_proposal.uri = known_object.uri "
    "AND remote_proposal.stage IN ('discussion', 'voting'))) ORDER BY sort_at DESC LIMIT ?"
)
_GROUPS = (
    "SELECT actor.uri, actor.type, actor.username, actor.host, actor.name, actor.url, actor.icon, actor.local "
    "FROM follow JOIN actor ON actor.uri = follow.followed_uri "
    "WHERE follow.follower_uri = ? AND follow.state = 'accepted' AND actor.type IN ('Group', 'Organization') "
    "AND actor.state = 'active' ORDER BY lower(actor.name), actor.uri LIMIT ?"
)


async def upcoming_events(house: House, zone: tzinfo) -> list[dict[str, Any]]:
    """The next three events, here and at followed chapters."""
    rows = await house.database.rows(_UPCOMING, house.clock.now() - STILL_ON, SHOWN)
    return [_event(row, zone) for row in rows]


def _event(row: Row, zone: tzinfo) -> dict[str, Any]:
    return {
        "url": f"/events/{row['id']}" if row["local"] else f"/events/remote/{row['id']}",
        "title": row["title"],
        "starts_at": row["start_at"],
        "time": row["start_at"].astimezone(zone).strftime("%H:%M"),
        "place": row["place_name"] or row["town"],
    }


async def open_proposals(house: House) -> list[dict[str, Any]]:
    """The newest three proposals that are discussed or voted on."""
    found = await find_where(house.database, _OPEN, SHOWN)
    return [{"url": page_path(known), "title": known.title, "note": known.note} for known in found]


async def followed_groups(house: House, limit: int) -> list[dict[str, Any]]:
    """Chapters and groups that this chapter follows, by name; people it follows are not named on public pages."""
    rows = await house.database.rows(_GROUPS, house.settings.chapter_uri, limit)
    return [to_person(row) for row in rows]
