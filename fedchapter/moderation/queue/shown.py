"""Items of the queue as pages show them: plain text, no picture loaded, no link to click.

DESIGN §1. A moderator's click would tell a stranger's server who moderates here, so texts are plain and links are host
names. What was kept at arrival stands beside what the post says now, where that differs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ...pictures.listed import from_json
from ...store import Known, Row, marks
from ...store.kinds import Reads, find_where
from ...text import plain
from ...web.cards import page_path
from ...web.people import people
from ..desk import HELD
from ..evidence import exact_hash
from .groups import read_evidence

TITLE_CHARS = 80
PREVIEW_CHARS = 600
# Where an item that is no held post has its own page.
PLACES = {"report": "/admin/reports/", "appeal": "/admin/appeals/"}


async def show_items(reads: Reads, rows: Sequence[Row], *, whole: bool) -> list[dict[str, Any]]:
    """Each item for the template, in the same order; texts whole or as much as a glance takes."""
    kept = {row["id"]: read_evidence(row) for row in rows}
    now = await _find_known(reads, [row["subject_uri"] for row in rows if row["sort"] == HELD])
    above = [str(kept[row["id"]].get(name) or "") for row in rows for name in ("reply_to_uri", "root_uri")]
    roots = await _find_known(reads, above)
    actors = [row["actor_uri"] for row in rows] + [one.owner_uri for one in roots.values()]
    names = await people(reads, actors)
    return [
        _item(row, kept[row["id"]], now.get(row["subject_uri"]), names, whole=whole)
        | _context(kept[row["id"]], roots, names)
        for row in rows
    ]


async def _find_known(reads: Reads, uris: Sequence[str]) -> dict[str, Known]:
    wanted = sorted({uri for uri in uris if uri})
    if not wanted:
        return {}
    found = await find_where(reads, f"uri IN ({marks(len(wanted))})", *wanted)
    return {one.uri: one for one in found}


def _item(
    row: Row, kept: Mapping[str, Any], now: Known | None, names: Mapping[str, Any], *, whole: bool
) -> dict[str, Any]:
    text = plain(str(kept.get("html") or "")) or str(kept.get("text") or "")
    waits = now is not None and now.state == "held"
    edited = waits and now is not None and bool(row["exact_hash"]) and exact_hash(now) != row["exact_hash"]
    return {
        "id": row["id"],
        "sort": row["sort"],
        "uri": row["subject_uri"],
        "kind": str(kept.get("kind") or ""),
        "author": names.get(row["actor_uri"]),
        "title": str(kept.get("title") or ""),
        "warning": str(kept.get("note") or ""),
        "text": text if whole else text[:PREVIEW_CHARS],
        "says": bool(kept.get("text")),
        "cut": not whole and len(text) > PREVIEW_CHARS,
        "hosts": [str(host) for host in kept.get("links") or []],
        "pictures": [one.alt for one in from_json(msgspec.json.encode(kept.get("pictures") or []).decode())],
        "language": str(kept.get("language") or "") or None,
        "reason": row["reason"],
        "rule": row["rule"],
        "opened_at": row["opened_at"],
        "expires_at": row["expires_at"],
        "gone": row["sort"] == HELD and (now is None or now.state == "gone"),
        "elsewhere": row["sort"] == HELD and now is not None and now.state in ("shown", "hidden"),
        "edited": edited,
        "now_text": plain(now.html) if edited and now is not None else "",
        "now_title": now.title if edited and now is not None else "",
        "exact": exact_hash(now) if edited and now is not None else "",
        "path": str(kept.get("path") or PLACES.get(row["sort"], "") + row["subject_uri"])
        if row["sort"] != HELD
        else "",
    }


def _context(kept: Mapping[str, Any], roots: Mapping[str, Known], names: Mapping[str, Any]) -> dict[str, Any]:
    root = roots.get(str(kept.get("root_uri") or ""))
    answered = roots.get(str(kept.get("reply_to_uri") or ""))
    return {
        "root_title": (root.title or plain(root.html)[:TITLE_CHARS]) if root else "",
        "root_url": page_path(root) if root else None,
        "answers": {
            "text": plain(answered.html)[:PREVIEW_CHARS],
            "title": answered.title,
            "author": names.get(answered.owner_uri),
            "state": answered.state,
        }
        if answered is not None and answered is not root
        else None,
    }
