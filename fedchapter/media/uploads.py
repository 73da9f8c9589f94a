"""Uploads: the files go to the shelf before the unit of work, the row that names them is written inside it.

operations.md D2. A crash in between leaves a file that nothing names; a row that names no file cannot come about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..store import Row, Unit, marks
from ..store.kinds import Reads
from .files import Shelf
from .reencode import reencode

ALT_CHARS_MAX = 1500
_COLUMNS = "id, file_name, thumbnail_name, media_type, width, height, alt, sha256, account_id, used_by_uri, created_at"


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture that lies on the shelf and has no row yet."""

    file_name: str
    thumbnail_name: str
    media_type: str
    width: int
    height: int
    sha256: str


@dataclass(frozen=True, slots=True)
class UploadRow:
    """A row of `upload`; width and height in pixels."""

    id: str
    file_name: str
    thumbnail_name: str
    media_type: str
    width: int
    height: int
    alt: str
    sha256: str
    account_id: str
    used_by_uri: str
    created_at: datetime

    @property
    def path(self) -> str:
        """Where this server serves the picture."""
        return f"/media/{self.file_name}"

    @property
    def thumbnail_path(self) -> str:
        """Where this server serves the small one."""
        return f"/media/{self.thumbnail_name}"


async def store_upload(shelf: Shelf, data: bytes) -> Stored:
    """The picture, drawn anew, and its thumbnail lie on the shelf; raises Refusal with what to do about it."""
    picture = await reencode(data)
    file_name = await shelf.put(picture.data, picture.extension)
    thumbnail_name = await shelf.put(picture.thumbnail, "webp")
    return Stored(
        file_name, thumbnail_name, picture.media_type, picture.width, picture.height, picture.sha256
    )


async def keep_upload(unit: Unit, stored: Stored, *, account_id: str, alt: str = "") -> UploadRow:
    """The row exists, not used by anything yet."""
    row = UploadRow(
        id=unit.new_id(),
        file_name=stored.file_name,
        thumbnail_name=stored.thumbnail_name,
        media_type=stored.media_type,
        width=stored.width,
        height=stored.height,
        alt=alt[:ALT_CHARS_MAX],
        sha256=stored.sha256,
        account_id=account_id,
        used_by_uri="",
        created_at=unit.now,
    )
    values = [getattr(row, name) for name in UploadRow.__slots__]
    await unit.execute(f"INSERT INTO upload ({_COLUMNS}) VALUES ({marks(len(values))})", *values)
    return row


async def find_uploads(reads: Reads, ids: Sequence[str]) -> list[UploadRow]:
    """Those of the ids that exist, in the order asked for."""
    if not ids:
        return []
    rows = await reads.rows(f"SELECT {_COLUMNS} FROM upload WHERE id IN ({marks(len(ids))})", *ids)
    found = {row["id"]: UploadRow(**row) for row in rows}
    return [found[id_] for id_ in dict.fromkeys(ids) if id_ in found]


async def use_upload(unit: Unit, upload_id: str, *, uri: str, alt: str) -> None:
    """The upload belongs to that object from now on, with this description."""
    await unit.execute(
        "UPDATE upload SET used_by_uri = ?, alt = ? WHERE id = ?", uri, alt[:ALT_CHARS_MAX], upload_id
    )


async def find_used_by(reads: Reads, uri: str) -> list[UploadRow]:
    """The uploads that an object uses, oldest first."""
    rows: list[Row] = await reads.rows(
        f"SELECT {_COLUMNS} FROM upload WHERE used_by_uri = ? ORDER BY id", uri
    )
    return [UploadRow(**row) for row in rows]


async def drop_uploads(unit: Unit, ids: Sequence[str]) -> list[str]:
    """The rows are gone; returns the names on the shelf, to be deleted once this unit is committed."""
    found = await find_uploads(unit, ids)
    if found:
        await unit.execute(
            f"DELETE FROM upload WHERE id IN ({marks(len(found))})", *[one.id for one in found]
        )
    return [name for one in found for name in (one.file_name, one.thumbnail_name)]
