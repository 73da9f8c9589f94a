"""What pages need to know of pictures: all of a page's in one query."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..store import Known, Row, marks
from ..store.kinds import Reads
from .listed import Listed, listed
from .rows import KEPT

WIDTH, HEIGHT = 640, 360
_COLUMNS = "id, owner_uri, url, state, width, height"


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of another server as a page shows it: `path` of ours (empty: only the link to its origin), sides in
    pixels, and whether the small picture is here."""

    listed: Listed
    path: str
    width: int
    height: int
    is_here: bool


async def find_pictures(reads: Reads, known: Sequence[Known]) -> dict[str, list[Shown]]:
    """The pictures of those that have some, by the object's URI; nothing is asked where none has."""
    wanted = {one.uri: pictures for one in known if (pictures := listed(one))}
    if not wanted:
        return {}
    rows = await reads.rows(
        f"SELECT {_COLUMNS} FROM remote_picture WHERE owner_uri IN ({marks(len(wanted))})", *wanted
    )
    found = {(row["owner_uri"], row["url"]): row for row in rows}
    return {
        uri: [_to_shown(one, found.get((uri, one.url))) for one in pictures]
        for uri, pictures in wanted.items()
    }


def _to_shown(one: Listed, row: Row | None) -> Shown:
    if row is not None and row["state"] == KEPT:
        return Shown(one, path_of(row["id"]), row["width"], row["height"], is_here=True)
    path = path_of(row["id"]) if row else ""
    return Shown(one, path, one.width or WIDTH, one.height or HEIGHT, is_here=False)


async def find_faces(reads: Reads, icons: Collection[tuple[str, str]]) -> dict[str, str]:
    """The paths of ours of those faces that are here, by actor; `icons` are (actor, address of its icon)."""
    wanted = dict(icons)
    if not wanted:
        return {}
    rows = await reads.rows(
        f"SELECT {_COLUMNS} FROM remote_picture WHERE owner_uri IN ({marks(len(wanted))}) "
        "AND state IN ('kept', 'away')",
        *wanted,
    )
    return {row["owner_uri"]: path_of(row["id"]) for row in rows if wanted[row["owner_uri"]] == row["url"]}


def path_of(id_: str) -> str:
    """Where this server serves it."""
    return f"/pictures/remote/{id_}"
