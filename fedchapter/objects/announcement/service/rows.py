"""Announcement rows as they are read and written."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import msgspec

from ....errors import NotFound
from ....store import Known, Row, Unit, marks
from ....store.kinds import Reads
from ..draft import Mentioned, Picture

SCHEDULED, PUBLISHED, GONE = "scheduled", "published", "gone"
# What VARCHAR columns hold; PostgreSQL refuses more.
URI_MAX, TITLE_MAX, WARNING_MAX, LANGUAGE_MAX = 1024, 300, 500, 16


@dataclass(frozen=True, slots=True)
class PostRow:
    """A row of `announcement`, its lists read."""

    id: str
    uri: str
    author_uri: str
    local: bool
    type: str
    state: str
    visibility: str
    title: str
    source: str
    html: str
    warning: str
    language: str
    pictures: tuple[Picture, ...]
    mentions: tuple[Mentioned, ...]
    hashtags: tuple[str, ...]
    url: str
    pinned: bool
    account_id: str
    publish_at: datetime | None
    published_at: datetime | None
    edited_at: datetime | None
    created_at: datetime
    shared: bool = False


COLUMNS = tuple(field.name for field in fields(PostRow))
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM announcement"
_LISTS: dict[str, Any] = {
    "pictures": tuple[Picture, ...],
    "mentions": tuple[Mentioned, ...],
    "hashtags": tuple[str, ...],
}


def to_json(value: Any) -> str:
    """A list of ours as text for its column."""
    return msgspec.json.encode(value).decode()


def pictures_from(text: str) -> tuple[Picture, ...]:
    """The pictures in a column's text."""
    return msgspec.json.decode(text, type=tuple[Picture, ...])


def from_row(row: Row) -> PostRow:
    """A row of the table as a PostRow."""
    lists = {name: msgspec.json.decode(row[name], type=type_) for name, type_ in _LISTS.items()}
    flags = {name: bool(row[name]) for name in ("local", "pinned", "shared")}
    return PostRow(**{**row, **lists, **flags})


def to_columns(post: PostRow) -> dict[str, Any]:
    """The values of a row, lists as text."""
    return {name: to_json(getattr(post, name)) if name in _LISTS else getattr(post, name) for name in COLUMNS}


async def insert(unit: Unit, post: PostRow) -> bool:
    """The row exists; False when that URI has one already."""
    columns = to_columns(post)
    return (
        await unit.execute(
            f"INSERT INTO announcement ({', '.join(columns)}) VALUES ({marks(len(columns))}) "
            "ON CONFLICT (uri) DO NOTHING",
            *columns.values(),
        )
        > 0
    )


async def update(unit: Unit, post: PostRow) -> None:
    """The row is as given."""
    columns = to_columns(post)
    sets = ", ".join(f"{name} = ?" for name in columns)
    await unit.execute(f"UPDATE announcement SET {sets} WHERE id = ?", *columns.values(), post.id)


async def find_post(reads: Reads, *, id_: str = "", uri: str = "") -> PostRow | None:
    """The post with that id or URI, whatever its state, or None."""
    row = await reads.row(f"{_SELECT} WHERE {'id' if id_ else 'uri'} = ?", id_ or uri)
    return from_row(row) if row else None


async def get_post(reads: Reads, id_: str) -> PostRow:
    """The post with that id that is not gone; raises NotFound."""
    found = await find_post(reads, id_=id_)
    if found is None or found.state == GONE:
        raise NotFound("no-announcement", "This announcement is not here.")
    return found


async def find_scheduled(reads: Reads) -> list[PostRow]:
    """What waits for its time, soonest first."""
    rows = await reads.rows(
        f"{_SELECT} WHERE local = ? AND state = ? ORDER BY publish_at LIMIT 100", True, SCHEDULED
    )
    return [from_row(row) for row in rows]


async def newest(reads: Reads, limit: int = 20) -> list[PostRow]:
    """Our newest public announcements, newest first."""
    rows = await reads.rows(
        f"{_SELECT} WHERE local = ? AND state = ? AND visibility = 'public' ORDER BY published_at DESC LIMIT ?",
        True,
        PUBLISHED,
        limit,
    )
    return [from_row(row) for row in rows]


async def find_tagged(reads: Reads, tag: str, limit: int = 40) -> list[str]:
    """The URIs of our public announcements with that hashtag, newest first."""
    rows = await reads.rows(
        "SELECT announcement.uri AS uri FROM announcement_tag "
        "JOIN announcement ON announcement.id = announcement_tag.announcement_id "
        "WHERE announcement_tag.tag = ? ORDER BY announcement.id DESC LIMIT ?",
        tag.casefold(),
        limit,
    )
    return [row["uri"] for row in rows]


async def replace_tags(unit: Unit, post: PostRow) -> None:
    """The hashtags of a public post lead to it; those of any other lead nowhere."""
    await unit.execute("DELETE FROM announcement_tag WHERE announcement_id = ?", post.id)
    if post.visibility != "public" or post.state != PUBLISHED:
        return
    for tag in dict.fromkeys(tag.casefold() for tag in post.hashtags):
        await unit.execute("INSERT INTO announcement_tag (tag, announcement_id) VALUES (?, ?)", tag, post.id)


async def keep_version(unit: Unit, post: PostRow) -> None:
    """What the post says now is kept as an earlier version."""
    await unit.execute(
        "INSERT INTO announcement_version (id, announcement_id, title, html, warning, pictures, language, written_at, "
        "replaced_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        unit.new_id(),
        post.id,
        post.title,
        post.html,
        post.warning,
        to_json(post.pictures),
        post.language,
        post.edited_at or post.published_at or post.created_at,
        unit.now,
    )


async def find_versions(reads: Reads, id_: str) -> list[Row]:
    """The earlier versions, newest first (title, html, warning, pictures, language, written_at, replaced_at)."""
    rows = await reads.rows(
        "SELECT title, html, warning, pictures, language, written_at, replaced_at FROM announcement_version "
        "WHERE announcement_id = ? ORDER BY id DESC LIMIT 50",
        id_,
    )
    return [{**row, "pictures": pictures_from(row["pictures"])} for row in rows]


async def erase(unit: Unit, post: PostRow) -> None:
    """Nothing of what the post said is left but the fact that it was there."""
    await unit.execute("DELETE FROM announcement_version WHERE announcement_id = ?", post.id)
    await unit.execute("DELETE FROM announcement_tag WHERE announcement_id = ?", post.id)
    await unit.execute("DELETE FROM share WHERE object_uri = ?", post.uri)
    await unit.execute(
        "UPDATE announcement SET state = ?, title = '', source = '', html = '', warning = '', pictures = '[]', "
        "mentions = '[]', hashtags = '[]' WHERE id = ?",
        GONE,
        post.id,
    )


def known_pictures(pictures: Sequence[Picture]) -> str:
    """Our own pictures as `known_object.pictures` wants them: small ones that open the large ones."""
    if not pictures:
        return ""
    return to_json(
        [
            {
                "url": one.thumbnail or one.url,
                "full_url": one.url,
                "alt": one.alt,
                "width": one.width,
                "height": one.height,
            }
            for one in pictures
        ]
    )


def to_known(post: PostRow, now: datetime) -> Known:
    """The announcement as lists and pages show it, whether or not it is published."""
    return Known(
        post.uri,
        "announcement",
        post.id,
        post.author_uri,
        post.published_at or post.publish_at or now,
        local=True,
        visibility=post.visibility,
        url=post.url,
        title=post.title,
        note=post.warning,
        html=post.html,
        pictures=known_pictures(post.pictures),
        language=post.language,
        updated_at=post.edited_at,
    )
