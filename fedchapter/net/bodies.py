"""Reads an answer's body piece by piece and stops at a limit that counts decoded bytes.

Sources: operations.md §3 row B4; RFC 9110 §8.4.
"""

import zlib
from typing import Final

import httpx

from fedchapter.errors import PeerFailed, PeerRefused

_AUTO_DETECT: Final = zlib.MAX_WBITS | 32
_INFLATED: Final = frozenset({"gzip", "x-gzip", "deflate"})


async def read_body(response: httpx.Response, max_bytes: int) -> bytes:
    """The decoded body; raises PeerRefused("too-large") as soon as it has more than `max_bytes`."""
    body, whole = await read_some(response, max_bytes)
    if not whole:
        raise PeerRefused("too-large", f"The answer is larger than {max_bytes} bytes.")
    return body


async def read_some(response: httpx.Response, max_bytes: int) -> tuple[bytes, bool]:
    """At most `max_bytes` of the decoded body, and whether that was all of it."""
    # Encodings were not asked for. A server that sends gzip all the same is read, with the limit applied to
    # each step of decoding, since 16 kB of input can hold 16 MB of zeros.
    inflate = _get_inflate(response.headers.get("content-encoding", ""))
    body = bytearray()
    assert isinstance(response.stream, httpx.AsyncByteStream)
    async for piece in response.stream:
        body += inflate.decompress(piece, max_bytes + 1 - len(body)) if inflate else piece
        if len(body) > max_bytes:
            return bytes(body[:max_bytes]), False
    if inflate and body and not inflate.is_whole:
        raise PeerFailed("encoding", "The answer is cut off.")
    return bytes(body), True


class _Inflate:
    """zlib with its errors named; gzip is told from deflate by its first bytes."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(_AUTO_DETECT)

    def decompress(self, piece: bytes, max_bytes: int) -> bytes:
        try:
            decoded = self._zlib.decompress(piece, max_bytes)
        except zlib.error as error:
            raise PeerFailed("encoding", "The answer is not the gzip that it says it is.") from error
        return decoded

    @property
    def is_whole(self) -> bool:
        return self._zlib.eof


def _get_inflate(encoding: str) -> _Inflate | None:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return None
    if encoding in _INFLATED:
        return _Inflate()
    raise PeerFailed("encoding", f"The answer has the encoding {encoding[:40]}, which was not asked for.")
