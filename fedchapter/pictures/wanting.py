"""Which pictures are wanted: exactly those of what is shown, asked whenever an object comes or changes its state.

operations.md §1.4: nothing is loaded for what is held; what is taken from view takes its pictures along, in the same
unit of work.
"""

from ..store import Known, Unit, find_known, publishes
from ..store.kinds import PicturesChanged
from .listed import OPEN, is_fetchable, listed
from .rows import FACE, POST, drop, find_of, want

_FACE = "SELECT icon, state FROM actor WHERE uri = ? AND local = false"
# Somebody whose posts are shown here, or who is followed from here and may share the posts of others.
IS_SEEN = (
    "EXISTS (SELECT 1 FROM known_object WHERE owner_uri = {actor} AND state = 'shown') OR "
    "EXISTS (SELECT 1 FROM follow WHERE followed_uri = {actor} AND state = 'accepted')"
)


@publishes(PicturesChanged)
async def follow(unit: Unit, happened: PicturesChanged) -> None:
    """Pictures of the object that may be shown are wanted, all others of it are gone; faces likewise."""
    known = happened.known or await find_known(unit, happened.uri)
    if known is None or known.local:
        return
    seen = is_seen(known)
    await _follow_post(unit, known, is_new=happened.known is not None)
    for uri in {known.owner_uri, known.boosted_by_uri} - {""}:
        await _follow_face(unit, uri, seen=seen)


def is_seen(known: Known) -> bool:
    """Whether pages show it to everybody."""
    return known.state == "shown" and known.visibility in OPEN


async def _follow_post(unit: Unit, known: Known, *, is_new: bool) -> None:
    pictures = {one.url for one in listed(known)} if is_seen(known) else set()
    before = [] if is_new else await find_of(unit, known.uri)
    await drop(unit, [row for row in before if row.url not in pictures])
    for url in sorted(pictures - {row.url for row in before}):
        await want(unit, sort=POST, owner_uri=known.uri, author_uri=known.owner_uri, url=url)


async def _follow_face(unit: Unit, actor_uri: str, *, seen: bool) -> None:
    """The actor's face is wanted where something of theirs is shown, and gone where nothing is any more."""
    actor = await unit.row(_FACE, actor_uri)
    icon = actor["icon"] if actor and actor["state"] == "active" and is_fetchable(actor["icon"]) else ""
    if seen and not icon:
        return
    if not seen and (icon == "" or await _is_seen_elsewhere(unit, actor_uri)):
        return
    await drop(unit, [row for row in await find_of(unit, actor_uri) if not seen or row.url != icon])
    if seen:
        await want(unit, sort=FACE, owner_uri=actor_uri, author_uri=actor_uri, url=icon)


async def _is_seen_elsewhere(unit: Unit, actor_uri: str) -> bool:
    statement = f"SELECT 1 AS yes WHERE {IS_SEEN.format(actor='?')}"
    return await unit.row(statement, actor_uri, actor_uri) is not None
