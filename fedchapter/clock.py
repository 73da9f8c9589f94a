"""The one source of time, so that tests move a clock instead of sleeping."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the time, in aware UTC."""

    def now(self) -> datetime:
        """The present moment."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, to the microsecond."""
        return datetime.now(UTC)


class MovedClock:
    """A clock that runs like the machine's, shifted by whatever it was moved; for tests and the demo's history."""

    def __init__(self, start_at: datetime | None = None) -> None:
        self._shift = (start_at - datetime.now(UTC)) if start_at else timedelta()

    def now(self) -> datetime:
        """The shifted moment."""
        return datetime.now(UTC) + self._shift

    def move(self, by: timedelta) -> None:
        """Later calls of `now` are `by` later (or earlier, when negative)."""
        self._shift += by
