"""Posts of others: stored, edited, pinned and forgotten as their authors say.

wire.md §2.4 (an Update without a newer `updated` is no edit), §3.2 (a Delete is remembered, so that a late Create is
ignored); operations.md §3 row D1 (the HTML was cleaned before it came here).
"""

from dataclasses import dataclass, replace

from ....store import Known, Unit, know
from ....store.kinds import change, find_known, forget, was_deleted
from ..draft import Picture, RemotePost
from .rows import (
    PUBLISHED,
    PostRow,
    erase,
    find_post,
    insert,
    keep_version,
    to_json,
    update,
)

_SAID = ("type", "title", "html", "warning", "language", "pictures")


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a post is taken in: listed on the home page or only kept, held for a moderator or shown, shared by whom."""

    listed: bool
    held: bool = False
    shared_by_uri: str = ""


async def receive_post(unit: Unit, post: RemotePost, arrival: Arrival) -> str:
    """The post is kept; returns what became of it: `stored`, `listed` (was kept before), `known` or `deleted`."""
    if await was_deleted(unit, post.uri, owner_uri=post.author_uri):
        return "deleted"
    known = await find_known(unit, post.uri)
    if known is not None:
        return await _list(unit, known, arrival)
    row = _to_row(unit, post)
    if not await insert(unit, row):
        return "known"
    await know(unit, _to_known(unit, row, arrival))
    return "stored"


async def _list(unit: Unit, known: Known, arrival: Arrival) -> str:
    if known.listed and known.boosted_by_uri and arrival.listed and not arrival.shared_by_uri:
        # First seen because somebody shared it; now its author is followed too, and an Undo must not hide it.
        await change(unit, known.uri, boosted_by_uri="")
        return "listed"
    if known.listed or not arrival.listed or known.state != "shown":
        return "known"
    columns = {"sort_at": unit.now, "boosted_by_uri": arrival.shared_by_uri} if arrival.shared_by_uri else {}
    await change(unit, known.uri, listed=True, **columns)
    return "listed"


def _to_row(unit: Unit, post: RemotePost) -> PostRow:
    return PostRow(
        id=unit.new_id(),
        uri=post.uri,
        author_uri=post.author_uri,
        local=False,
        type=post.type,
        state=PUBLISHED,
        visibility=post.visibility,
        title=post.title,
        source="",
        html=post.html,
        warning=post.warning,
        language=post.language,
        pictures=post.pictures,
        mentions=(),
        hashtags=post.hashtags,
        url=post.url,
        pinned=False,
        account_id="",
        publish_at=None,
        # A post from the future would stay on top of every list.
        published_at=min(post.published_at, unit.now),
        edited_at=post.updated_at,
        created_at=unit.now,
    )


def _to_known(unit: Unit, row: PostRow, arrival: Arrival) -> Known:
    published_at = row.published_at or unit.now
    return Known(
        row.uri,
        "announcement",
        row.id,
        row.author_uri,
        published_at,
        local=False,
        listed=arrival.listed,
        visibility=row.visibility,
        state="held" if arrival.held else "shown",
        url=row.url,
        title=row.title,
        note=row.warning,
        html=row.html,
        pictures=listed_pictures(row.pictures),
        language=row.language,
        boosted_by_uri=arrival.shared_by_uri,
        updated_at=row.edited_at,
        sort_at=unit.now if arrival.shared_by_uri else published_at,
    )


def listed_pictures(pictures: tuple[Picture, ...]) -> str:
    """The pictures as `known_object.pictures` wants them: at their origin, which pages never ask (room pictures)."""
    items = [
        {
            "url": one.url,
            "alt": one.alt,
            "width": one.width,
            "height": one.height,
            "sensitive": one.sensitive,
        }
        for one in pictures
    ]
    return to_json(items) if items else ""


async def receive_edit(unit: Unit, post: RemotePost) -> str:
    """The author said it anew: returns `edited`, `same`, `older` or `unknown`."""
    row = await find_post(unit, uri=post.uri)
    if row is None or row.state != PUBLISHED:
        return "unknown"
    if post.updated_at is not None and row.edited_at is not None and post.updated_at < row.edited_at:
        return "older"
    after = replace(
        row,
        type=post.type,
        title=post.title,
        html=post.html,
        warning=post.warning,
        language=post.language,
        pictures=post.pictures,
        hashtags=post.hashtags,
        url=post.url,
        edited_at=post.updated_at or unit.now,
    )
    if all(getattr(row, name) == getattr(after, name) for name in _SAID):
        return "same"
    await keep_version(unit, row)
    await update(unit, after)
    await change(
        unit,
        row.uri,
        title=after.title,
        note=after.warning,
        html=after.html,
        pictures=listed_pictures(after.pictures),
        language=after.language,
        url=after.url,
        updated_at=after.edited_at,
    )
    return "edited"


async def receive_deletion(unit: Unit, uri: str) -> bool:
    """The post of somebody else is gone, and will not come back; False when it was never kept."""
    row = await find_post(unit, uri=uri)
    if row is None or row.local:
        return False
    await erase(unit, row)
    await change(unit, uri, pinned_at=None, boosted_by_uri="")
    await forget(unit, uri, owner_uri=row.author_uri, former_type=row.type)
    return True


async def receive_pin(unit: Unit, uri: str, *, pinned: bool) -> bool:
    """Its author put it at the top of their profile, or took it down; False when nothing of ours is that."""
    return await change(unit, uri, pinned_at=unit.now if pinned else None) > 0
