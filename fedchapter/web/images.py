"""The pictures of posts as `macros/pictures.html` wants them: ours from the shelf, those of other servers by way of us.

operations.md §1.7 (moderator comfort: blurred and grey until asked for). A picture of another server is veiled where
its author, its server or a moderator called it sensitive, or the post has a content warning.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from ..pictures import Shown
from ..store import Known

# Of everything else the note says when and where, or the stage.
_WARN = frozenset({"announcement", "comment"})


def images_of(known: Known, pictures: Mapping[str, Sequence[Shown]]) -> list[dict[str, Any]]:
    """The images of a post; those of another server as `pictures` (`find_pictures`) has them."""
    if not known.pictures:
        return []
    if known.local:
        return list(msgspec.json.decode(known.pictures))
    is_sensitive = known.sensitive or (known.kind in _WARN and bool(known.note))
    return [_to_image(one, veiled=is_sensitive) for one in pictures.get(known.uri, ())]


def _to_image(one: Shown, *, veiled: bool) -> dict[str, Any]:
    return {
        "url": one.path,
        "alt": one.listed.alt,
        "width": one.width,
        "height": one.height,
        "origin_url": one.listed.url,
        "host": urlsplit(one.listed.url).netloc,
        "here": one.is_here,
        "veiled": veiled or one.listed.sensitive,
    }
