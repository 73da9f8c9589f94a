"""Turns an uploaded file into a picture of our own making, in a process that can do nothing else.

Sources: operations.md D2; Mastodon's accepted types (image/jpeg, image/png, image/webp).
"""

import asyncio
import hashlib
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from weakref import WeakKeyDictionary

import msgspec
import structlog

from fedchapter.errors import Refusal

from ..words import mark

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_SIDE: Final = 2048
THUMB_SIDE: Final = 640
MAX_ANSWER_BYTES: Final = 40 * 1024 * 1024
AT_ONCE: Final = 2

MediaType = Literal["image/jpeg", "image/png", "image/webp"]
Extension = Literal["jpg", "png", "webp"]

_EXTENSIONS: Final[dict[MediaType, Extension]] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
}
_SENTENCES: Final = {
    "image-empty": mark("This file is empty: choose a picture and send it again."),
    "image-type": mark("This file is no picture we can show: send a JPEG, PNG, WebP or GIF."),
    "image-type-heic": mark("This picture is in a phone's own format (HEIC or AVIF): send it as JPEG."),
    "image-too-many-pixels": mark(
        "This picture has too many pixels: save it smaller, for example 4000 wide."
    ),
    "image-broken": mark(
        "This picture is damaged or incomplete: save it again as JPEG or PNG, and send that."
    ),
    "image-failed": mark(
        "This picture could not be prepared within our limits: save it smaller and send that."
    ),
}
_PHONE_BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"})
_log = structlog.get_logger("fedchapter.media")
# Decoding takes memory and CPU of the whole machine, so the limit is one for the process, however many
# instances it runs. A semaphore belongs to one event loop, and tests use several.
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Picture:
    """What is kept of an upload: pixels only, upright, no side longer than asked. The thumbnail is WebP."""

    data: bytes
    media_type: MediaType
    width: int
    height: int
    thumbnail: bytes
    sha256: str

    @property
    def extension(self) -> Extension:
        return _EXTENSIONS[self.media_type]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process that decodes may use."""

    memory_bytes: int = 512 * 1024 * 1024
    cpu_s: int = 10
    timeout_s: float = 15


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    """The first line that the worker writes; the picture and its thumbnail follow as bytes."""

    refused: str = ""
    media_type: MediaType = "image/jpeg"
    width: int = 0
    height: int = 0
    data_bytes: int = 0
    thumbnail_bytes: int = 0


async def reencode(
    data: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_side: int = MAX_SIDE,
    thumb_side: int = THUMB_SIDE,
    limits: Limits | None = None,
) -> Picture:
    """The picture, drawn anew.

    Raises Refusal `image-empty`, `image-too-large`, `image-type`, `image-type-heic`, `image-too-many-pixels`,
    `image-broken` or `image-failed`, each with what to do about it.
    """
    _check_is_worth_decoding(data, max_bytes)
    loop = asyncio.get_running_loop()
    async with _turns.setdefault(loop, asyncio.Semaphore(AT_ONCE)):
        answer = await _ask_worker(data, max_side, thumb_side, limits or Limits())
    return _to_picture(answer, max_side, thumb_side)


def _check_is_worth_decoding(data: bytes, max_bytes: int) -> None:
    if not data:
        raise _refusal("image-empty")
    if len(data) > max_bytes:
        size = f"{max_bytes // (1024 * 1024)} MB" if max_bytes >= 1024 * 1024 else f"{max_bytes} bytes"
        raise Refusal(
            "image-too-large",
            "This file is larger than %(size)s: save it smaller and send it again.",
            size=size,
        )
    if _find_type(data):
        return
    is_phones_own = data[4:8] == b"ftyp" and data[8:12] in _PHONE_BRANDS
    raise _refusal("image-type-heic" if is_phones_own else "image-type")


def _find_type(data: bytes) -> str | None:
    """By the first bytes alone: names and types that the sender gives are never believed."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


async def _ask_worker(data: bytes, max_side: int, thumb_side: int, limits: Limits) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *_command(max_side, thumb_side, limits),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
        cwd="/",
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(limits.timeout_s):
            feeding = _feed(process.stdin, data)
            _, answer = await asyncio.gather(feeding, _read_capped(process.stdout, MAX_ANSWER_BYTES))
            await process.wait()
    except TimeoutError:
        _log.warning("picture_worker_too_slow", input_bytes=len(data), timeout_s=limits.timeout_s)
        raise _refusal("image-failed") from None
    finally:
        if process.returncode is None:
            await _end(process)
    if process.returncode != 0:
        _log.warning("picture_worker_died", input_bytes=len(data), code=process.returncode)
        raise _refusal("image-failed")
    return answer


def _command(max_side: int, thumb_side: int, limits: Limits) -> list[str]:
    # Run as a file, not as a module of the package: it starts without loading the rest of us.
    worker = str(Path(__file__).with_name("worker.py"))
    numbers = (max_side, thumb_side, limits.memory_bytes, limits.cpu_s)
    return [sys.executable, "-P", "-s", "-B", worker, *map(str, numbers)]


def _environment() -> dict[str, str]:
    """Nothing of ours but the way to the libraries: secrets may stand in the environment."""
    ways = [str(Path(way).resolve()) for way in sys.path if way]
    return {"PYTHONPATH": os.pathsep.join(ways), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"}


async def _end(process: asyncio.subprocess.Process) -> None:
    """The worker and whatever it started are gone."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    # asyncio 3.11 calls a process ended once its pipes are, and a full pipe that nobody reads never is.
    if process.stdout is not None:
        while await process.stdout.read(1 << 16):
            continue
    await process.wait()


async def _feed(stdin: asyncio.StreamWriter, data: bytes) -> None:
    try:
        stdin.write(data)
        await stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        # The worker ended before it had read everything; its exit code says why.
        return
    # Not waited for: to be cancelled there leaves the pipe in a state that asyncio complains about (3.11).
    stdin.close()


async def _read_capped(stdout: asyncio.StreamReader, max_bytes: int) -> bytes:
    """All it says, or what exceeds the cap by one piece: a captured worker could speak without end."""
    pieces: list[bytes] = []
    size = 0
    while size <= max_bytes and (piece := await stdout.read(1 << 16)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _to_picture(answer: bytes, max_side: int, thumb_side: int) -> Picture:
    """Reads the answer as mistrustfully as an upload: a hostile picture may have captured the worker."""
    line, _, body = answer.partition(b"\n")
    try:
        said = msgspec.json.decode(line, type=_Answer)
    except msgspec.DecodeError:
        raise _refusal("image-failed") from None
    if said.refused:
        raise _refusal(said.refused if said.refused in _SENTENCES else "image-failed")
    data, thumbnail = body[: said.data_bytes], body[said.data_bytes :]
    fits = 0 < said.width <= max_side and 0 < said.height <= max_side
    whole = len(thumbnail) == said.thumbnail_bytes and thumb_side > 0
    if not fits or not whole or _find_type(data) != said.media_type or _find_type(thumbnail) != "image/webp":
        _log.warning("picture_worker_answered_nonsense", answer_bytes=len(answer))
        raise _refusal("image-failed")
    digest = hashlib.sha256(data).hexdigest()
    return Picture(data, said.media_type, said.width, said.height, thumbnail, digest)


def _refusal(code: str) -> Refusal:
    return Refusal(code, _SENTENCES[code])
