"""What is inside a backup: a tar.gz of named parts, its description first and the hash of every part last.

operations.md §3 row D8 (members are checked: nothing leads outside, nothing that we did not write). Parts:
`about.json`, `settings.json`, `files/<name>.key`, `rows/<table>/<number>.jsonl`, `media/…`, `manifest.json`.
A part of rows begins with the names of its columns; each line is one row as a JSON list.
"""

import contextlib
import hashlib
import io
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from ..errors import Refusal
from .age import Opened, Sealed, damaged

FORMAT = 1
PART_BYTES = 1_048_576
# One row may be larger than a part is meant to be, a picture too; nothing of ours comes near this.
PART_BYTES_MAX = 64 * 1_048_576
ABOUT, CHOSEN, MANIFEST = "about.json", "settings.json", "manifest.json"
_BUFFER = 65_536
_NAMES = re.compile(
    r"about\.json|settings\.json|manifest\.json|files/[a-z0-9][a-z0-9_-]{0,60}\.key"
    r"|rows/[a-z0-9_]{1,63}/[0-9]{6}\.jsonl|media/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}\.(?:jpg|png|webp)"
)


class About(msgspec.Struct, kw_only=True, frozen=True):
    """Which chapter this is a backup of, and when and by what it was made. `migrations`: those applied, in order."""

    format: int
    made_at: datetime
    domain: str
    chapter_uri: str
    software: str
    engine: str
    migrations: list[str]
    moving: bool = False


class Part(msgspec.Struct, frozen=True):
    """What one part must be."""

    sha256: str
    size: int


class Manifest(msgspec.Struct, kw_only=True, frozen=True):
    """Every part but itself, and how many rows each table has."""

    parts: dict[str, Part]
    rows: dict[str, int]


@dataclass(slots=True)
class Writer:
    """Parts go in one after the other; `finish` adds the manifest and closes all but the file."""

    file: IO[bytes]
    passphrase: str
    parts: dict[str, Part] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    _sealed: Sealed = field(init=False)
    _tar: tarfile.TarFile = field(init=False)

    def __post_init__(self) -> None:
        self._sealed = Sealed(self.file, self.passphrase)
        stream = cast("IO[bytes]", self._sealed)
        self._tar = tarfile.open(fileobj=stream, mode="w|gz", bufsize=_BUFFER)  # noqa: SIM115 - closed by finish

    def add(self, name: str, data: bytes) -> None:
        """One part of these bytes."""
        assert _NAMES.fullmatch(name), name
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(data), 0o600
        self._tar.addfile(member, io.BytesIO(data))
        self.parts[name] = Part(hashlib.sha256(data).hexdigest(), len(data))

    def add_file(self, name: str, path: Path) -> bool:
        """One part of that file; False when it is not there any more."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return False
        self.add(name, data)
        return True

    def abandon(self) -> None:
        """The file is given up; the tar writer, which tries to end it even then, reaches it no more."""
        self._sealed.abandon()

    def finish(self) -> Manifest:
        """The archive is whole."""
        manifest = Manifest(parts=dict(self.parts), rows=dict(self.rows))
        self.add(MANIFEST, msgspec.json.encode(manifest))
        self._tar.close()
        self._sealed.close()
        return manifest


def read_parts(file: IO[bytes], passphrase: str) -> Iterator[tuple[str, bytes]]:
    """Every part in order, the manifest last, each compared with it by then; raises Refusal when anything is wrong.

    Only once the iterator has ended is it known that nothing was changed, missing or added.
    """
    opened = cast("IO[bytes]", Opened(file, passphrase))
    seen: dict[str, Part] = {}
    with _as_damage(), tarfile.open(fileobj=opened, mode="r|gz", bufsize=_BUFFER) as tar:
        for member in tar:
            data = _content(tar, member, seen)
            if member.name == MANIFEST:
                _compare(decode(data, Manifest), seen)
            seen[member.name] = Part(hashlib.sha256(data).hexdigest(), len(data))
            yield member.name, data
    if MANIFEST not in seen or next(reversed(seen)) != MANIFEST:
        raise damaged()
    with _as_damage():
        # What the tar reader did not need may still be missing or changed.
        while opened.read(_BUFFER):
            pass


@contextlib.contextmanager
def _as_damage() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise damaged() from error


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo, seen: dict[str, Part]) -> bytes:
    if not _NAMES.fullmatch(member.name) or not member.isreg() or member.name in seen:
        raise Refusal(
            "backup-member", "This backup has something in it that no backup has: %(name)r.", name=member.name
        )
    if (member.name == ABOUT) is bool(seen) or member.size > PART_BYTES_MAX:
        raise damaged()
    content = tar.extractfile(member)
    assert content is not None
    return content.read()


def _compare(manifest: Manifest, seen: dict[str, Part]) -> None:
    if manifest.parts != seen:
        raise damaged()


def decode(data: bytes, form: Any) -> Any:
    """A JSON part as that struct; raises Refusal."""
    try:
        return msgspec.json.decode(data, type=form)
    except msgspec.DecodeError as error:
        raise damaged() from error


def to_about(data: bytes) -> About:
    """The description; raises Refusal for a format of a later version."""
    form = decode(data, dict[str, Any]).get("format")
    if form != FORMAT:
        raise Refusal(
            "backup-format",
            "This backup has the format %(form)s, which this version cannot read. Install a newer version.",
            form=form,
        )
    about: About = decode(data, About)
    return msgspec.structs.replace(about, made_at=about.made_at.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Whole:
    """A backup that was read to its end, with what is small in it. `keys`: contents by file name."""

    about: About
    manifest: Manifest
    settings: dict[str, Any]
    keys: dict[str, bytes]


def check_whole(file: IO[bytes], passphrase: str) -> Whole:
    """Every part is there, unchanged, and decrypts; raises Refusal."""
    small: dict[str, bytes] = {}
    for name, data in read_parts(file, passphrase):
        if not name.startswith(("rows/", "media/")):
            small[name] = data
    if CHOSEN not in small:
        raise damaged()
    keys = {name.removeprefix("files/"): data for name, data in small.items() if name.startswith("files/")}
    settings = decode(small[CHOSEN], dict[str, Any])
    return Whole(to_about(small[ABOUT]), decode(small[MANIFEST], Manifest), settings, keys)
