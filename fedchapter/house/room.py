"""Whether there is room on the disk: below a floor, the messages of strangers are turned away until there is.

operations.md §3 row B4. Sister chapters and servers that somebody here follows are let in until half of it, so that a
flood of others does not cut the chapter off from its own.
"""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from ..settings import Settings
from ..store.choices import DEFAULTS, find_choice
from ..store.database import sqlite_path
from ..store.kinds import Reads

CHOICE, MB_MIN, MB_MAX = "disk_free_mb", 0, 1_048_576
MEGABYTE = 1_048_576
# A small disk is not kept half empty.
SHARE = 0.05
LOOKED_EVERY_S = 5.0
FOLLOWED_HOST = """
SELECT 1 AS yes FROM actor JOIN follow ON follow.followed_uri = actor.uri AND follow.state = 'accepted'
JOIN actor AS ours ON ours.uri = follow.follower_uri AND ours.local = true WHERE actor.host = ? LIMIT 1
"""


def folders(settings: Settings) -> list[Path]:
    """Where what arrives is written."""
    found = [settings.data]
    if settings.database.startswith("sqlite:"):
        found.append(sqlite_path(settings.database).parent)
    return found


def disk_usage(settings: Settings) -> tuple[int, int]:
    """Bytes free and in all, on the fuller of the disks that are written to."""
    found = [shutil.disk_usage(nearest(folder)) for folder in folders(settings)]
    least = min(found, key=lambda usage: usage.free)
    return least.free, least.total


def nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


async def find_floor(reads: Reads, total: int) -> int:
    """Bytes that must be free for strangers to be let in, on a disk of that size."""
    text = await find_choice(reads, CHOICE)
    megabytes = int(text) if text.isascii() and text.isdigit() else int(DEFAULTS[CHOICE])
    return min(megabytes * MEGABYTE, int(total * SHARE))


class Room:
    """Looks at the disk now and then; one for each process."""

    def __init__(self, settings: Settings) -> None:
        self.usage: Callable[[Settings], tuple[int, int]] = disk_usage
        self._settings = settings
        self._looked_s = float("-inf")
        self._free = self._floor = 0

    async def is_full(self, reads: Reads, host: str) -> bool:
        """Whether nothing more may be taken in from that host now."""
        now_s = time.monotonic()
        if now_s - self._looked_s >= LOOKED_EVERY_S:
            self._looked_s = now_s
            self._free, total = self.usage(self._settings)
            self._floor = await find_floor(reads, total)
        if self._free >= self._floor:
            return False
        return self._free < self._floor // 2 or await reads.row(FOLLOWED_HOST, host) is None

    def look_again(self) -> None:
        """The next question looks at the disk."""
        self._looked_s = float("-inf")
