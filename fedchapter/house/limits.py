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
    "sign-in-second": (10, 900),
    "oauth-start": (20, 300),
    "oauth-host": (120, 300),
    "oauth-register": (4, 600),
    "join": (10, 3600),
    "ask-address": (15, 3600),
    "ask-mail": (3, 3600),
    "report": (10, 3600),
    "inbox-stranger": (300, 60),
    "inbox-known": (120_000, 60),
    "inbox-bytes": (256 * 1_048_576, 60),
    "proof-key": (60, 60),
    "key-stranger": (60, 60),
    "key-refresh": (1, 300),
    "follow-box": (20, 300),
    "write": (60, 60),
    "look-picture": (20, 60),
}


WINDOWED = frozenset({"inbox-stranger", "inbox-known", "inbox-bytes", "proof-key", "key-stranger"})


class Window:
    """Counts by key in windows of `seconds` that begin together; all counts are forgotten when one ends."""

    def __init__(self, amount: int, seconds: int) -> None:
        self._amount, self._seconds = amount, seconds
        self._ends_s = 0.0
        self._counts: dict[str, int] = {}

    def hit(self, key: str, cost: int) -> bool:
        """Counts `cost`; False when that is too much."""
        count = self._count(key) + cost
        self._counts[key] = count
        return count <= self._amount

    def is_spent(self, key: str) -> bool:
        """Whether one more would be one too many; counts nothing."""
        return self._count(key) >= self._amount

    def _count(self, key: str) -> int:
        now_s = time.monotonic()
        if now_s >= self._ends_s:
            self._ends_s = now_s + self._seconds
            self._counts = {}
        return self._counts.get(key, 0)


class Limits:
    """Counts by rule and key; `scale` widens or narrows all rules, for tests."""

    def __init__(self, scale: float = 1) -> None:
        self._exact = MovingWindowRateLimiter(MemoryStorage())
        self._windows = {
            name: Window(max(1, int(amount * scale)), seconds)
            for name, (amount, seconds) in RULES.items()
            if name in WINDOWED
        }
        self._items = {
            name: RateLimitItemPerMinute(max(1, int(amount * scale)), seconds // 60)
            for name, (amount, seconds) in RULES.items()
        }

    def is_spent(self, rule: str, key: str) -> bool:
        """Whether one more would be one too many, by a rule of `WINDOWED`; counts nothing."""
        return self._windows[rule].is_spent(key)

    def admit(self, rule: str, key: str, cost: int = 1) -> bool:
        """Counts one (or `cost`, by a rule of `WINDOWED`); False when it is one too many."""
        if rule in self._windows:
            return self._windows[rule].hit(key, cost)
        return self._exact.hit(self._items[rule], rule, key)

    def check(self, rule: str, key: str, message: str) -> None:
        """Counts one; raises TooMany with `message` when it is one too many."""
        if not self.admit(rule, key):
            raise TooMany("too-many", message, retry_after_s=RULES[rule][1])
