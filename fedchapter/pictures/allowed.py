"""Whether a picture may be fetched and served, asked each time: a decision of a minute ago counts.

operations.md §3 row C3 (what is not shown is nowhere); wire.md §3.3 (reject_media).
"""

from ..errors import PeerRefused
from ..house import House
from ..policy import find_marking, is_refused_host
from ..policy.marks import REFUSE
from ..store import find_known
from ..vocab.uris import host_of
from .listed import listed
from .rows import FACE, PictureRow
from .wanting import IS_SEEN, is_seen


async def may_show(house: House, row: PictureRow) -> bool:
    """Whether what lists it is shown, still lists it, and nothing was decided against its author or a host of it."""
    listing = _lists_face if row.sort == FACE else _lists_picture
    return await listing(house, row) and may_load(house, row) and await _may_author(house, row.author_uri)


def may_load(house: House, row: PictureRow) -> bool:
    """Whether the hosts of the author and of the picture may show pictures here."""
    host = _host(row.author_uri)
    refused = is_refused_host(house.marks, host) or house.marks.rejects_media(host)
    return not refused and not house.marks.rejects_media(row.host)


async def _lists_picture(house: House, row: PictureRow) -> bool:
    known = await find_known(house.database, row.owner_uri)
    return known is not None and is_seen(known) and any(one.url == row.url for one in listed(known))


async def _lists_face(house: House, row: PictureRow) -> bool:
    statement = (
        f"SELECT icon FROM actor WHERE uri = ? AND local = false AND ({IS_SEEN.format(actor='actor.uri')})"
    )
    actor = await house.database.row(statement, row.owner_uri)
    return actor is not None and actor["icon"] == row.url


async def _may_author(house: House, actor_uri: str) -> bool:
    actor = await house.database.row("SELECT state FROM actor WHERE uri = ?", actor_uri)
    if actor is not None and actor["state"] != "active":
        return False
    now = house.clock.now()
    marking = await find_marking(house.database, scope="actor", subject=actor_uri, now=now)
    return marking is None or not (marking.reject_media or marking.decision == REFUSE)


def _host(uri: str) -> str:
    try:
        return host_of(uri)
    except PeerRefused:
        return ""
