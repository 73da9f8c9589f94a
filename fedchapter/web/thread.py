"""A thread as pages show it: flat, in reading order, each comment with its depth.

operations.md §3 rows B5 and C3: bounded, never recursive (a hostile thread may be a thousand deep), and what is held
or hidden is left out for everybody but moderators.
"""

from collections import defaultdict
from typing import Any

from markupsafe import escape

from ..pictures import Shown, find_pictures
from ..store import Known
from ..store.kinds import Reads, find_where
from ..text import plain
from .images import images_of
from .people import people, warning_of
from .render import safe_html

COMMENTS_MAX = 500
Node = dict[str, Any]


async def thread(reads: Reads, root_uri: str, *, sees_held: bool) -> list[tuple[Node, int]]:
    """The comments under a root as (node for the `comment` macro, depth); at most 500, the oldest."""
    state = "state IN ('shown', 'held')" if sees_held else "state = 'shown'"
    found = await find_where(
        reads,
        f"root_uri = ? AND {state} AND kind = 'comment' AND visibility IN ('public', 'unlisted') "
        "ORDER BY published_at, uri LIMIT ?",
        root_uri,
        COMMENTS_MAX,
    )
    if not found:
        return []
    names = await people(reads, [one.owner_uri for one in found], faces=True)
    pictures = await find_pictures(reads, [one for one in found if one.state == "shown"])
    by_uri = {one.uri: one for one in found}
    nodes = {one.uri: _node(one, names, by_uri.get(one.reply_to_uri), pictures) for one in found}
    return [(nodes[uri], depth) for uri, depth in _in_reading_order(found, by_uri)]


def _in_reading_order(found: list[Known], by_uri: dict[str, Known]) -> list[tuple[str, int]]:
    below: dict[str, list[str]] = defaultdict(list)
    for one in reversed(found):
        # What answers something that is not shown stands at the top level.
        below[one.reply_to_uri if one.reply_to_uri in by_uri else ""].append(one.uri)
    ordered: list[tuple[str, int]] = []
    waiting = [(uri, 0) for uri in below.pop("", [])]
    while waiting:
        uri, depth = waiting.pop()
        ordered.append((uri, depth))
        waiting += [(child, depth + 1) for child in below.pop(uri, [])]
    return ordered


def _node(
    one: Known,
    names: dict[str, dict[str, Any]],
    parent: Known | None,
    pictures: dict[str, list[Shown]],
) -> Node:
    return {
        "id": one.ref,
        "uri": one.uri,
        "author": names[one.owner_uri],
        "published_at": one.published_at,
        "edited_at": one.updated_at,
        # A link in what is held is not clickable: it may be there to see who moderates.
        "content": escape(plain(one.html)) if one.state == "held" else safe_html(one.html),
        "warning": warning_of(one, names[one.owner_uri]),
        "locked": one.locked,
        "images": images_of(one, pictures),
        "language": one.language or None,
        "url": None if one.local else one.url or one.uri,
        "held": one.state == "held",
        "by_chapter": one.local and names[one.owner_uri]["is_group"],
        "by_person": one.local and not names[one.owner_uri]["is_group"],
        "reply_to": names[parent.owner_uri]["name"] if parent else None,
        "likes": one.likes,
    }
