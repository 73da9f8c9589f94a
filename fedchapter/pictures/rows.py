"""Rows of pictures: wanted, kept, let go; the only writer of `remote_picture`.

A file goes after the commit that lets go of it, by a job: a unit that is rolled back must find it in place.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..house import House
from ..jobs import outside_job, schedule
from ..jobs.schedule import Payload
from ..media import Shelf
from ..settings import Settings
from ..store import Row, Unit, marks
from ..store.kinds import Reads
from ..vocab.uris import host_of

POST, FACE = "post", "face"
WANTED, KEPT, AWAY, FAILED = "wanted", "kept", "away", "failed"
FILES_JOB = "remote-files"
# A post reaches hundreds of servers within seconds: their visits to one small origin are spread out, and none of them
# says that somebody has just opened a page.
SPREAD_S = (5, 60)
COLUMNS = (
    "id, sort, owner_uri, author_uri, url, host, state, attempts, file_name, size_bytes, width, height, "
    "due_at, used_at"
)
_DELETED_AT_ONCE = 200
_random = random.Random()  # noqa: S311 - jitter, not a secret


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A row of `remote_picture`; width and height in pixels, of the small picture that is kept."""

    id: str
    sort: str
    owner_uri: str
    author_uri: str
    url: str
    host: str
    state: str
    attempts: int
    file_name: str
    size_bytes: int
    width: int
    height: int
    due_at: datetime
    used_at: datetime


def shelf_of(settings: Settings) -> Shelf:
    """Where the files lie: beside the shelf of uploads, not in it, since nothing here belongs in a backup."""
    return Shelf(settings.data / "remote-pictures")


async def find_picture(reads: Reads, id_: str) -> PictureRow | None:
    """The picture of that id, or None."""
    row = await reads.row(f"SELECT {COLUMNS} FROM remote_picture WHERE id = ?", id_)
    return to_row(row) if row else None


async def find_of(reads: Reads, owner_uri: str) -> list[PictureRow]:
    """The pictures of a post, or the face of an actor."""
    rows = await reads.rows(f"SELECT {COLUMNS} FROM remote_picture WHERE owner_uri = ?", owner_uri)
    return [to_row(row) for row in rows]


def to_row(row: Row) -> PictureRow:
    """A database row as a PictureRow."""
    return PictureRow(**row)


def soon(now: datetime) -> datetime:
    """A moment from five seconds to one minute from now."""
    return now + timedelta(seconds=_random.uniform(*SPREAD_S))


async def want(unit: Unit, *, sort: str, owner_uri: str, author_uri: str, url: str) -> None:
    """The picture will be fetched soon, unless it is here already or has just failed."""
    await unit.execute(
        "INSERT INTO remote_picture (id, sort, owner_uri, author_uri, url, url_hash, host, state, reason, attempts, "
        "file_name, size_bytes, width, height, created_at, due_at, used_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 'wanted', '', 0, '', 0, 0, 0, ?, ?, ?) "
        "ON CONFLICT (owner_uri, url_hash) DO UPDATE SET state = 'wanted', attempts = 0, due_at = excluded.due_at "
        "WHERE remote_picture.state = 'failed' AND remote_picture.due_at <= excluded.created_at",
        unit.new_id(),
        sort,
        owner_uri,
        author_uri,
        url,
        hashlib.sha256(url.encode()).hexdigest(),
        host_of(url),
        unit.now,
        soon(unit.now),
        unit.now,
    )


async def want_again(unit: Unit, row: PictureRow) -> None:
    """A picture that is not here and whose waiting time is over is fetched soon, because somebody looked."""
    await unit.execute(
        "UPDATE remote_picture SET state = 'wanted', attempts = 0, due_at = ?, used_at = ? "
        "WHERE id = ? AND state IN ('away', 'failed') AND due_at <= ?",
        soon(unit.now),
        unit.now,
        row.id,
        unit.now,
    )


async def note_use(unit: Unit, row: PictureRow) -> None:
    """Somebody saw it just now."""
    await unit.execute("UPDATE remote_picture SET used_at = ? WHERE id = ?", unit.now, row.id)


async def keep(unit: Unit, row: PictureRow, file_name: str, size: tuple[int, int, int]) -> bool:
    """The file is the picture (`size`: bytes, width, height); False when nobody wants it any more."""
    changed = await unit.execute(
        "UPDATE remote_picture SET state = 'kept', reason = '', attempts = 0, file_name = ?, size_bytes = ?, "
        "width = ?, height = ?, fetched_at = ?, used_at = ? WHERE id = ? AND state = 'wanted'",
        file_name,
        *size,
        unit.now,
        unit.now,
        row.id,
    )
    return changed > 0


async def put_off(unit: Unit, row: PictureRow, state: str, reason: str, wait: timedelta) -> None:
    """It could not be had: it stays wanted, or has failed, and is not asked for before `wait` is over."""
    await unit.execute(
        "UPDATE remote_picture SET state = ?, reason = ?, attempts = ?, due_at = ? WHERE id = ? AND state = 'wanted'",
        state,
        reason[:40],
        row.attempts + 1,
        unit.now + wait,
        row.id,
    )


async def rest_host(unit: Unit, host: str, wait: timedelta) -> None:
    """Nothing more is fetched from a host that did not answer, for that long."""
    await unit.execute(
        "UPDATE remote_picture SET due_at = ? WHERE host = ? AND state = 'wanted' AND due_at < ?",
        unit.now + wait,
        host,
        unit.now + wait,
    )


async def let_go(unit: Unit, rows: Sequence[PictureRow], *, wait: timedelta) -> None:
    """The files go, the rows stay: whoever looks again after `wait` has them fetched again."""
    for some in _portions(rows):
        await unit.execute(
            "UPDATE remote_picture SET state = 'away', file_name = '', size_bytes = 0, due_at = ? "
            f"WHERE id IN ({marks(len(some))})",
            unit.now + wait,
            *[row.id for row in some],
        )
        await _erase_files(unit, some)


async def drop(unit: Unit, rows: Sequence[PictureRow]) -> None:
    """The rows are gone at once, the files right after the commit."""
    for some in _portions(rows):
        await unit.execute(
            f"DELETE FROM remote_picture WHERE id IN ({marks(len(some))})", *[row.id for row in some]
        )
        await _erase_files(unit, some)


def _portions(rows: Sequence[PictureRow]) -> list[Sequence[PictureRow]]:
    return [rows[start : start + _DELETED_AT_ONCE] for start in range(0, len(rows), _DELETED_AT_ONCE)]


async def _erase_files(unit: Unit, rows: Sequence[PictureRow]) -> None:
    names = [row.file_name for row in rows if row.file_name]
    if names:
        key = f"{FILES_JOB}:{unit.new_id()}"
        await schedule(unit, FILES_JOB, {"names": names}, due_at=unit.now, key=key)


@outside_job(FILES_JOB)
async def erase_files(house: House, payload: Payload) -> None:
    """Files that no row names any more are gone from the disk."""
    shelf = shelf_of(house.settings)
    for name in payload["names"]:
        await shelf.delete(name)


JOBS = (erase_files,)
