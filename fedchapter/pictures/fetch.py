"""One picture from its origin, drawn anew: what may come is decided by limits on time, size, type and pixels.

operations.md §3 rows B1–B4 (net is the guard), D2 (decoded and drawn anew in a limited process, first frame, no EXIF).
The request is not signed: pictures are public, and a signature would name our server's actor for nothing.
"""

from dataclasses import dataclass
from typing import Final

from ..errors import PeerFailed, PeerRefused, Refusal
from ..media import reencode
from ..net import Net

ACCEPT: Final = "image/webp, image/jpeg, image/png, image/gif;q=0.8"
MAX_BYTES: Final = 8 * 1024 * 1024
DEADLINE_S: Final = 20.0
PICTURE_SIDE: Final = 640
FACE_SIDE: Final = 96
_PASSING: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Small:
    """A picture of our own making: WebP, sides in pixels."""

    data: bytes
    width: int
    height: int


async def fetch_picture(
    net: Net, url: str, *, side: int = PICTURE_SIDE, deadline_s: float = DEADLINE_S
) -> Small:
    """The picture, no side longer than `side`; raises PeerRefused (for good) or PeerFailed (ask later)."""
    answer = await net.get(url, accept=ACCEPT, max_bytes=MAX_BYTES, deadline_s=deadline_s)
    if answer.status >= 500 or answer.status in _PASSING:
        raise PeerFailed("status", f"{url} answered {answer.status}")
    if answer.status != 200:
        raise PeerRefused("status", f"{url} answered {answer.status}")
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not media_type.startswith("image/") and media_type not in ("application/octet-stream", ""):
        # The bytes decide what it is; but what its own server calls a page or a program is not even tried.
        raise PeerRefused("media-type", f"{url} is {media_type}, not a picture")
    return await shrink(answer.body, side=side)


async def shrink(data: bytes, *, side: int) -> Small:
    """The same picture as a small one; raises PeerRefused when it is none."""
    try:
        drawn = await reencode(data, max_bytes=MAX_BYTES, max_side=side, thumb_side=side)
    except Refusal as error:
        raise PeerRefused(error.code, "it is no picture that can be shown") from error
    return Small(drawn.thumbnail, drawn.width, drawn.height)
