"""What a post of another server lists as its pictures, read from `known_object.pictures`.

operations.md §3 row C1: an address counts only when it can be read in one way.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import msgspec

from ..store import Known
from ..text import plain
from ..vocab.read import Attachment
from ..vocab.uris import UriError, parse_url

OPEN = frozenset({"public", "unlisted"})
LISTED_MAX = 4
URL_CHARS_MAX = 2000
ALT_CHARS_MAX = 1500


@dataclass(frozen=True, slots=True)
class Listed:
    """One picture of a post, at its origin; sides in pixels as the origin claims them, 0 where it does not."""

    url: str
    alt: str = ""
    width: int = 0
    height: int = 0
    sensitive: bool = False


def listed(known: Known) -> list[Listed]:
    """The pictures of a post of another server, at most four; none of ours."""
    return [] if known.local else from_json(known.pictures)


def from_json(text: str) -> list[Listed]:
    """The same from the column's text; what is damaged or at no https address is left out."""
    if not text:
        return []
    try:
        items = msgspec.json.decode(text, type=list[dict[str, Any]])
    except msgspec.MsgspecError:
        return []
    found = [_to_listed(item) for item in items[:LISTED_MAX]]
    return [one for one in found if is_fetchable(one.url)]


def is_fetchable(url: str) -> bool:
    """Whether a picture may be at that address: https (http only on this machine, for a trial), not too long."""
    if not url or len(url) > URL_CHARS_MAX:
        return False
    try:
        parse_url(url, allow_http_localhost=True)
    except UriError:
        return False
    return True


def to_json(attachments: Iterable[Attachment], *, sensitive: bool) -> str:
    """What `known_object.pictures` keeps of those attachments that are pictures; empty without any."""
    items = [
        {
            "url": one.url,
            "alt": " ".join(plain(escape(one.alt)).split())[:ALT_CHARS_MAX],
            "width": one.width,
            "height": one.height,
            "sensitive": sensitive,
        }
        for one in attachments
        if is_picture(one) and is_fetchable(one.url)
    ]
    return msgspec.json.encode(items[:LISTED_MAX]).decode() if items else ""


def is_picture(attachment: Attachment) -> bool:
    """Whether its server says that it is a picture."""
    return attachment.type == "Image" or attachment.media_type.startswith("image/")


def _to_listed(item: dict[str, Any]) -> Listed:
    return Listed(
        url=str(item.get("url") or ""),
        alt=str(item.get("alt") or ""),
        width=_pixels(item.get("width")),
        height=_pixels(item.get("height")),
        sensitive=item.get("sensitive") is True,
    )


def _pixels(value: Any) -> int:
    return value if isinstance(value, int) and 0 < value < 100_000 else 0
