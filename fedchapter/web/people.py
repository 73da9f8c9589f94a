"""Actors as pages show them: name, handle, where their name leads, and a tile; all of a page's in one query.

Faces from other servers are shown by way of us (room pictures), or the reader's browser would tell those servers who
reads what (the CSP admits our own images only), and only where a page asks for them.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ..pictures import find_faces
from ..store import Known, Row, marks
from ..store.choices import ACCENTS
from ..store.kinds import Reads
from ..words import mark, say

_COLUMNS = (
    "uri, type, username, host, name, url, icon, local, EXISTS (SELECT 1 FROM mark WHERE mark.scope = 'actor' "
    "AND mark.subject = actor.uri AND mark.sensitive = true) AS sensitive"
)

BEHIND = mark("Moderators put this behind a warning")


async def people(reads: Reads, uris: Iterable[str], *, faces: bool = False) -> dict[str, dict[str, Any]]:
    """Everybody asked for, by URI, as `macros/item.html` wants an actor; unknown ones are shown by their address.

    With `faces` those of other servers have their picture, where it is here.
    """
    wanted = list(dict.fromkeys(uri for uri in uris if uri))
    if not wanted:
        return {}
    rows = await reads.rows(f"SELECT {_COLUMNS} FROM actor WHERE uri IN ({marks(len(wanted))})", *wanted)
    found = {row["uri"]: to_person(row) for row in rows}
    if faces:
        icons = [(row["uri"], row["icon"]) for row in rows if row["icon"] and not row["local"]]
        for uri, path in (await find_faces(reads, icons)).items():
            found[uri]["avatar_url"] = path
    return {uri: found.get(uri) or unknown_person(uri) for uri in wanted}


def to_person(row: Row) -> dict[str, Any]:
    """A row of `actor` as the macros want it."""
    local = bool(row["local"])
    is_group = row["type"] in ("Group", "Organization")
    return {
        "uri": row["uri"],
        "host": row["host"],
        "name": row["name"] or row["username"],
        "handle": f"@{row['username']}@{row['host']}",
        "url": f"/@{row['username']}" if local else row["url"] or row["uri"],
        "avatar_url": row["icon"] if local and row["icon"] else None,
        "is_group": is_group,
        "sensitive": bool(row.get("sensitive")),
        "accent": _accent(row["host"]) if is_group and not local else None,
    }


def warning_of(known: Known, author: Mapping[str, Any]) -> str | None:
    """The words behind which a post is shown: its author's, or that moderators put it (or its author) there."""
    if known.note:
        return known.note
    return say(BEHIND) if known.sensitive or author.get("sensitive") else None


def unknown_person(uri: str) -> dict[str, Any]:
    """Somebody of whom we know only the address."""
    host = urlsplit(uri).netloc
    return {
        "uri": uri,
        "host": host,
        "name": host,
        "handle": uri,
        "url": uri,
        "is_group": False,
        "sensitive": False,
    }


def _accent(host: str) -> str:
    # The same colour for the same chapter on every page, without asking that chapter.
    return ACCENTS[sum(host.encode()) % len(ACCENTS)]
