"""Rate limits of one instance, in memory: who knocks too often is told when to come back.

operations.md §3 rows D6 and E2. Per process on purpose: a limit guards this process's work, and needs no database.
The library is `limits` (moving window), except where every message of another server counts: its memory storage starts
a timer for each key and takes a lock for each hit, a tenth of the cost of accepting a message.
"""

import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from ..errors import TooMany

# name → (how many, in how many seconds)
RULES = {
    "sign-in-address": (25, 300),
    "sign-in-account": (10, 900),
    "join": (10, 3600),
    "inbox-stranger": (300, 60),
    "inbox-known": (6000, 60),
    "key-refresh": (1, 300),
    "follow-box": (20, 300),
    "write": (60, 60),
}


WINDOWED = frozenset({"inbox-stranger", "inbox-known"})


class Window:
    """Counts by key in windows of `seconds` that begin together; all counts are forgotten when one ends."""

    def __init__(self, amount: int, seconds: int) -> None:
        self._amount, self._seconds = amount, seconds
        self._ends_s = 0.0
        self._counts: dict[str, int] = {}

    def hit(self, key: str) -> bool:
        """Counts one; False when it is one too many."""
        now_s = time.monotonic()
        if now_s >= self._ends_s:
            self._ends_s = now_s + self._seconds
            self._counts = {}
        count = self._counts.get(key, 0) + 1
        self._counts[key] = count
        return count <= self._amount


class Limits:
    """Counts by rule and key."""

    def __init__(self, scale: int = 1) -> None:
        self._exact = MovingWindowRateLimiter(MemoryStorage())
        self._windows = {
            name: Window(amount * scale, seconds)
            for name, (amount, seconds) in RULES.items()
            if name in WINDOWED
        }
        self._items = {
            name: RateLimitItemPerMinute(amount * scale, seconds // 60)
            for name, (amount, seconds) in RULES.items()
        }

    def admit(self, rule: str, key: str) -> bool:
        """Counts one; False when it is one too many."""
        if rule in self._windows:
            return self._windows[rule].hit(key)
        return self._exact.hit(self._items[rule], rule, key)

    def check(self, rule: str, key: str, message: str) -> None:
        """Counts one; raises TooMany with `message` when it is one too many."""
        if not self.admit(rule, key):
            raise TooMany("too-many", message, retry_after_s=RULES[rule][1])
