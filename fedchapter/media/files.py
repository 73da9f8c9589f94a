"""The shelf: files of our own making under random names, and the headers they are served with.

Sources: operations.md D2 (random names), A6 (fixed types, sandbox; Mastodon CVE-2024-25623, CVE-2023-36460).
"""

import asyncio
import os
import secrets
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from fedchapter.errors import NotFound

CONTENT_TYPES: Final = MappingProxyType({"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"})
_NAME_DIGITS: Final = 32
_HEX: Final = frozenset("0123456789abcdef")
_UNFINISHED: Final = "unfinished"


class Shelf:
    """A folder of files named by chance: a name tells nothing, and only who was given it finds the file."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, data: bytes, extension: str) -> str:
        """The name under which the file lies on disk, whole and synced. ValueError for other types."""
        if extension not in CONTENT_TYPES:
            raise ValueError(f"unknown extension: {extension!r}")
        name = f"{secrets.token_hex(_NAME_DIGITS // 2)}.{extension}"
        await asyncio.to_thread(self._write, data, self.path(name))
        return name

    def path(self, name: str) -> Path:
        """Where the file of this name lies, there or not; NotFound for what `put` cannot have returned."""
        check_name(name)
        return self._root / name[:2] / name[2:4] / name

    async def delete(self, name: str) -> None:
        """The file is gone, also if it was before."""
        path = self.path(name)
        await asyncio.to_thread(path.unlink, missing_ok=True)

    async def disk_bytes(self) -> int:
        """What all files take, in bytes."""
        return await asyncio.to_thread(_size_below, self._root)

    async def sweep(self, *, older_than: timedelta = timedelta(hours=1)) -> int:
        """Files that a crash left half-written are gone; says how many there were."""
        return await asyncio.to_thread(self._remove_unfinished, time.time() - older_than.total_seconds())

    def _write(self, data: bytes, path: Path) -> None:
        folder = self._root / _UNFINISHED
        folder.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, written = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(written).rename(path)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise
        # A rename is on disk only when its folder is, and so is a new folder.
        for above in (path.parent, path.parent.parent, self._root):
            _sync_folder(above)

    def _remove_unfinished(self, before: float) -> int:
        count = 0
        for path in (self._root / _UNFINISHED).glob("*"):
            if path.stat().st_mtime <= before:
                path.unlink(missing_ok=True)
                count += 1
        return count


def check_name(name: str) -> None:
    """Raises NotFound for anything but a name that `Shelf.put` could have returned."""
    stem, _, extension = name.partition(".")
    if len(stem) != _NAME_DIGITS or not _HEX.issuperset(stem) or extension not in CONTENT_TYPES:
        raise NotFound()


def headers_for(name: str) -> dict[str, str]:
    """What a file is served with: its type by our own name for it, never by what its sender said."""
    check_name(name)
    return {
        "Content-Type": CONTENT_TYPES[name.partition(".")[2]],
        "Content-Disposition": "inline",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=31536000, immutable",
    }


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _size_below(root: Path) -> int:
    total = 0
    for folder, _, names in os.walk(root):
        for name in names:
            try:
                total += (Path(folder) / name).stat().st_size
            except FileNotFoundError:
                # Deleted while we counted.
                continue
    return total
