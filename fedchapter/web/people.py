"""Actors as pages show them: name, handle, where their name leads, and a tile; all of a page's in one query.

Pictures of other servers are not shown: the reader's browser would tell that server who reads what (the CSP admits
our own images only).
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from ..store import Row, marks
from ..store.choices import ACCENTS
from ..store.kinds import Reads

_COLUMNS = "uri, type, username, host, name, url, icon, local"


async def people(reads: Reads, uris: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Everybody asked for, by URI, as `macros/item.html` wants an actor; unknown ones are shown by their address."""
    wanted = list(dict.fromkeys(uri for uri in uris if uri))
    if not wanted:
        return {}
    rows = await reads.rows(f"SELECT {_COLUMNS} FROM actor WHERE uri IN ({marks(len(wanted))})", *wanted)
    found = {row["uri"]: to_person(row) for row in rows}
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
        "accent": _accent(row["host"]) if is_group and not local else None,
    }


def unknown_person(uri: str) -> dict[str, Any]:
    """Somebody of whom we know only the address."""
    host = urlsplit(uri).netloc
    return {"uri": uri, "host": host, "name": host, "handle": uri, "url": uri, "is_group": False}


def _accent(host: str) -> str:
    # The same colour for the same chapter on every page, without asking that chapter.
    return ACCENTS[sum(host.encode()) % len(ACCENTS)]
