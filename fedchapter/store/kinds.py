"""The table of kinds: what an object is to us, looked up by URI, so that types meet by reference only.

`Kinds` holds what each installed type says of itself; `known_object` rows hold the objects. A comment knows only the
URI it answers and asks here for title, page and whether comments are welcome (DESIGN §2).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from .sql import Row
from .unit import Unit


@dataclass(frozen=True, slots=True)
class Kind:
    """What an installed object type says of itself. `label` is a noun for people; `badge` shows on lists."""

    name: str
    label: str
    takes_comments: bool = False
    takes_reactions: bool = False


class Kinds(Mapping[str, Kind]):
    """The installed kinds by name."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = dict(kinds)

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


class Reads(Protocol):
    """A Database or a Unit: anything that answers queries."""

    async def row(self, statement: str, *values: Any) -> Row | None:
        """The first row, or None."""

    async def rows(self, statement: str, *values: Any) -> list[Row]:
        """All rows."""


@dataclass(frozen=True, slots=True)
class Known:
    """A row of known_object, as services hand it around."""

    uri: str
    kind: str
    ref: str
    owner_uri: str
    published_at: datetime
    local: bool = False
    listed: bool = False
    visibility: str = "public"
    state: str = "shown"
    url: str = ""
    title: str = ""
    note: str = ""
    html: str = ""
    pictures: str = ""
    language: str = ""
    reply_to_uri: str = ""
    root_uri: str = ""
    boosted_by_uri: str = ""
    likes: int = 0
    boosts: int = 0
    replies: int = 0
    pinned_at: datetime | None = None
    updated_at: datetime | None = None
    sort_at: datetime | None = field(default=None)
    sensitive: bool = False
    locked: bool = False


@dataclass(frozen=True, slots=True)
class PicturesChanged:
    """Which pictures of another server may be shown here may have changed with this object: it came, or its state, its
    pictures or who shares it is another. `known` is the object where it has just come."""

    uri: str
    known: Known | None = None


_ABOUT_PICTURES = frozenset({"state", "pictures", "visibility", "boosted_by_uri"})
COLUMNS = tuple(Known.__slots__)
_FLAGS = ("local", "listed", "sensitive", "locked")
_INSERT = (
    f"INSERT INTO known_object ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    "ON CONFLICT (uri) DO NOTHING"
)
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM known_object"


def from_row(row: Row) -> Known:
    """A known_object row as a Known; booleans are real ones on both databases."""
    return Known(**{**row, **{name: bool(row[name]) for name in _FLAGS}})


async def know(unit: Unit, known: Known) -> bool:
    """The object is known from now on; False when it was already (nothing is changed then)."""
    values = [getattr(known, name) for name in COLUMNS]
    values[COLUMNS.index("sort_at")] = known.sort_at or known.published_at
    is_new = await unit.execute(_INSERT, *values) > 0
    if is_new and not known.local:
        unit.record(PicturesChanged(known.uri, known))
    return is_new


async def find_known(reads: Reads, uri: str) -> Known | None:
    """What we know under that URI, whatever its state, or None."""
    if not uri:
        return None
    row = await reads.row(f"{_SELECT} WHERE uri = ?", uri)
    return from_row(row) if row else None


async def find_where(reads: Reads, condition: str, *values: Any) -> list[Known]:
    """Known objects by a condition in SQL (ours, never a visitor's), with its ORDER BY and LIMIT."""
    return [from_row(row) for row in await reads.rows(f"{_SELECT} WHERE {condition}", *values)]


async def change(unit: Unit, uri: str, **columns: Any) -> int:
    """Sets columns of one known object; returns how many rows changed (0 or 1)."""
    sets = ", ".join(f"{name} = ?" for name in columns)
    if not _ABOUT_PICTURES.isdisjoint(columns):
        unit.record(PicturesChanged(uri))
    return await unit.execute(f"UPDATE known_object SET {sets} WHERE uri = ?", *columns.values(), uri)


async def count(unit: Unit, uri: str, column: str, by: int) -> None:
    """Adds to `likes`, `boosts` or `replies` of a known object, never below zero."""
    assert column in ("likes", "boosts", "replies")
    await unit.execute(
        f"UPDATE known_object SET {column} = CASE WHEN {column} + ? < 0 THEN 0 ELSE {column} + ? END WHERE uri = ?",
        by,
        by,
        uri,
    )


async def count_reply(unit: Unit, reply: Known, by: int) -> None:
    """Adds to the `replies` of what it answers and of its thread's root, once where they are one; never below zero."""
    above = sorted({reply.reply_to_uri, reply.root_uri or reply.reply_to_uri})
    await unit.execute(
        "UPDATE known_object SET replies = CASE WHEN replies + ? < 0 THEN 0 ELSE replies + ? END WHERE uri IN (?, ?)",
        by,
        by,
        above[0],
        above[-1],
    )


async def forget(unit: Unit, uri: str, *, owner_uri: str, former_type: str) -> None:
    """The object is gone for good: its text is erased, a late Create of it will be ignored, its page answers 410.

    What came in about it is not in the log any more either, but for what a worker still has to deal with.
    """
    await unit.execute(
        "INSERT INTO tombstone (uri, owner_uri, former_type, deleted_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (uri) DO NOTHING",
        uri,
        owner_uri,
        former_type,
        unit.now,
    )
    await change(unit, uri, state="gone", listed=False, title="", note="", html="", pictures="")
    await unit.execute(
        "UPDATE inbox_item SET body = '', has_body = false, body_bytes = 0 "
        "WHERE object_uri = ? AND has_body = true AND state <> 'new'",
        uri,
    )


async def find_tombstone(reads: Reads, uri: str) -> Row | None:
    """The tombstone at that URI (uri, owner_uri, former_type, deleted_at), or None."""
    return await reads.row("SELECT uri, owner_uri, former_type, deleted_at FROM tombstone WHERE uri = ?", uri)


async def was_deleted(reads: Reads, uri: str, *, owner_uri: str) -> bool:
    """Whether its owner deleted it, perhaps before it came; what others of its server deleted does not count."""
    tombstone = await find_tombstone(reads, uri)
    return tombstone is not None and tombstone["owner_uri"] == owner_uri
