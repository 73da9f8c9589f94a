"""Known objects as timeline cards: what `macros/item.html` wants, for any kind, with one query for all authors.

performance.md (a timeline page of 20 items costs at most twice its SQL and template): no model objects, no query in
a template.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from ..pictures import Shown, find_pictures
from ..store import Kind, Known
from ..store.kinds import Reads
from ..text import excerpt
from ..vocab.uris import parse_url
from .images import images_of
from .people import people, unknown_person, warning_of
from .render import safe_html

FOLDED_CHARS = 1500
EXCERPT_CHARS = 420
# Where the page of something from another server is; everything else is at its kind's plural.
_PLACES = {"announcement": "posts"}
_POSTS = frozenset({"announcement", "comment"})


async def cards(
    reads: Reads, known: Sequence[Known], *, kinds: Mapping[str, Kind], zone: tzinfo | None = None
) -> list[dict[str, Any]]:
    """One item for each object, in the same order; long texts as an excerpt. `zone` goes along for the macros."""
    uris = [uri for one in known for uri in (one.owner_uri, one.boosted_by_uri)]
    names, pictures = await people(reads, uris, faces=True), await find_pictures(reads, known)
    items = []
    for one in known:
        item = _item(one, names, kinds, pictures)
        if len(one.html) > FOLDED_CHARS and not item["warning"]:
            item["excerpt"] = item["excerpt"] or excerpt(one.html, EXCERPT_CHARS)
        items.append(item | {"zone": zone})
    return items


async def full_item(
    reads: Reads, known: Known, *, kinds: Mapping[str, Kind], zone: tzinfo | None = None
) -> dict[str, Any]:
    """One object with its whole text, for the page of its own."""
    names = await people(reads, [known.owner_uri, known.boosted_by_uri], faces=True)
    pictures = await find_pictures(reads, [known])
    return _item(known, names, kinds, pictures) | {"excerpt": None, "zone": zone}


def page_path(known: Known) -> str:
    """The path of the page on this server that shows the object, ours or another's."""
    if known.local:
        return parse_url(known.uri, allow_http_localhost=True).path
    return f"/{_PLACES.get(known.kind, f'{known.kind}s')}/{known.ref}"


def _warning(known: Known, names: Mapping[str, dict[str, Any]]) -> str | None:
    author = names.get(known.owner_uri) or {}
    return warning_of(known, author) if known.kind in _POSTS else warning_of(replace(known, note=""), author)


def _item(
    known: Known,
    names: Mapping[str, dict[str, Any]],
    kinds: Mapping[str, Kind],
    pictures: Mapping[str, Sequence[Shown]],
) -> dict[str, Any]:
    kind = kinds.get(known.kind)
    is_post = known.kind in _POSTS
    is_article = known.kind == "announcement" and bool(known.title)
    takes = kind is not None and kind.takes_comments
    return {
        "id": known.ref,
        "uri": None if known.local else known.url or known.uri,
        "object_uri": known.uri,
        "kind": "article" if is_article else known.kind,
        "kind_label": "article" if is_article else kind.label if kind else known.kind,
        "url": page_path(known),
        "author": names.get(known.owner_uri) or unknown_person(known.owner_uri),
        "shared_by": names.get(known.boosted_by_uri),
        "published_at": known.published_at,
        "edited_at": known.updated_at,
        "title": known.title or None,
        "content": safe_html(known.html),
        "excerpt": None if is_post else known.note or None,
        "warning": _warning(known, names) if is_post or known.sensitive else None,
        "locked": known.locked,
        "images": images_of(known, pictures),
        "language": known.language or None,
        "state": None if known.state == "shown" else known.state,
        "pinned": known.pinned_at is not None,
        "replies": known.replies if takes else None,
        "likes": known.likes if kind is not None and kind.takes_reactions else None,
        "boosts": known.boosts if kind is not None and kind.takes_reactions else None,
    }
