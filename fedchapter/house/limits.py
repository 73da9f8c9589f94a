"""Rate limits of one instance, in memory: who knocks too often is told when to come back.

operations.md §3 rows D6 and E2. Per process on purpose: a limit guards this process's work, and needs no database.
The library is `limits` (moving window; fixed window where every request counts).
"""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

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


class Limits:
    """Counts by rule and key."""

    def __init__(self, scale: int = 1) -> None:
        storage = MemoryStorage()
        self._exact = MovingWindowRateLimiter(storage)
        self._rough = FixedWindowRateLimiter(storage)
        self._items = {
            name: RateLimitItemPerMinute(amount * scale, seconds // 60)
            for name, (amount, seconds) in RULES.items()
        }

    def admit(self, rule: str, key: str) -> bool:
        """Counts one; False when it is one too many."""
        strategy = self._rough if rule.startswith("inbox") else self._exact
        return bool(strategy.hit(self._items[rule], rule, key))

    def check(self, rule: str, key: str, message: str) -> None:
        """Counts one; raises TooMany with `message` when it is one too many."""
        if not self.admit(rule, key):
            raise TooMany("too-many", message, retry_after_s=RULES[rule][1])
