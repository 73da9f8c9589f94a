"""What subscribers are told: a row for each public thing, its words read when the letter is written.

So a letter never carries what was deleted, held or corrected meanwhile (DESIGN §1).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..store import Row, Unit
from ..store.kinds import Reads
from .subscribers import Wish

# Longer than the longest pause between two letters.
KEPT_FOR = timedelta(days=30)
NEW, CHANGED, CANCELLED = "", "changed", "cancelled"
# So many go into one letter; the page has the rest.
SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class News:
    """Something public of the chapter, under the URI by which known_object has its words."""

    uri: str
    kind: str
    change: str = NEW
    start_at: datetime | None = None
    end_at: datetime | None = None
    zone: str = ""
    place: str = ""
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """News with its words."""

    uri: str
    kind: str
    change: str
    start_at: datetime | None
    end_at: datetime | None
    zone: str
    place: str
    calendar: str
    offered_at: datetime
    url: str
    title: str
    html: str
    language: str


_COLUMNS = ("uri", "kind", "change", "start_at", "end_at", "zone", "place", "calendar", "offered_at")
_FOUND = (
    f"SELECT {', '.join(f'news.{name}' for name in _COLUMNS)}, known_object.url, known_object.title, "
    "known_object.html, known_object.language FROM news JOIN known_object ON known_object.uri = news.uri "
    "WHERE news.offered_at > ? AND news.offered_at <= ? AND (news.kind = ? OR news.kind = ?) "
    "AND known_object.state = 'shown' AND known_object.listed = true AND known_object.visibility = 'public' "
    "ORDER BY news.offered_at LIMIT ?"
)


async def keep_news(unit: Unit, news: News) -> None:
    """The news is new from now on, in place of what was said of the same thing; what is old news is gone."""
    await unit.execute("DELETE FROM news WHERE offered_at < ?", unit.now - KEPT_FOR)
    values = [getattr(news, name) for name in _COLUMNS[:-1]]
    changes = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
    await unit.execute(
        f"INSERT INTO news ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
        f"ON CONFLICT (uri) DO UPDATE SET {changes}",
        *values,
        unit.now,
    )


async def find_facts(reads: Reads, uri: str) -> Row | None:
    """What was said of it last (change, start_at, place, zone), or None."""
    return await reads.row("SELECT change, start_at, place, zone FROM news WHERE uri = ?", uri)


async def correct_news(unit: Unit, news: News) -> None:
    """What is said of it is right, and nobody is told again."""
    await unit.execute(
        "UPDATE news SET start_at = ?, end_at = ?, zone = ?, place = ?, calendar = ? WHERE uri = ?",
        news.start_at,
        news.end_at,
        news.zone,
        news.place,
        news.calendar,
        news.uri,
    )


async def find_news(reads: Reads, wish: Wish, since_at: datetime, until_at: datetime) -> list[Item]:
    """What was offered between the two and they want, oldest first, one more than a letter shows."""
    kinds = ("announcement" if wish.announcements else "", "event" if wish.events else "")
    rows = await reads.rows(_FOUND, since_at, until_at, *kinds, SHOWN_MAX + 1)
    return [Item(**row) for row in rows]
