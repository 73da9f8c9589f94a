"""When somebody wants to be told: their zone, quiet hours, a pause, and the hour of their digest. Pure.

PEP 495: what falls into an hour that the clock skips comes an hour later. Quiet hours that end in an hour that comes
twice end once for each; a digest comes at the first only.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY, WEEK = "day", "week"
EVERY = (DAY, WEEK)


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody wants to be told. Hours are local to `zone` (IANA); `digest_weekday` 0 is Monday."""

    zone: str
    quiet_from: str = ""
    quiet_to: str = ""
    paused_until: date | None = None
    digest_every: str = DAY
    digest_hour: int = 8
    digest_weekday: int = 3

    @property
    def place(self) -> ZoneInfo:
        """The zone; UTC for one that this system does not know (any more)."""
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")


def is_clock(text: str) -> bool:
    """Whether it is HH:MM of a day."""
    return to_clock(text) is not None


def to_clock(text: str) -> time | None:
    """The hour and minute, or None."""
    hour, colon, minute = text.partition(":")
    whole = colon and len(text) == 5 and hour.isascii() and minute.isascii() and (hour + minute).isdigit()
    if not whole or int(hour) > 23 or int(minute) > 59:
        return None
    return time(int(hour), int(minute))


def is_paused(now: datetime, manner: Manner) -> bool:
    """Whether nothing leaves now."""
    return manner.paused_until is not None and now.astimezone(manner.place).date() < manner.paused_until


def letter_at(now: datetime, manner: Manner) -> datetime:
    """When what is to be told at once may leave: now, or after the pause and the quiet hours."""
    if is_paused(now, manner):
        assert manner.paused_until is not None
        now = _to_utc(manner.paused_until, time(0), manner.place)
    begins, ends = to_clock(manner.quiet_from), to_clock(manner.quiet_to)
    if begins is None or ends is None or not _is_quiet(now.astimezone(manner.place).time(), begins, ends):
        return now
    return _next(now, ends, manner.place, folds=(0, 1))


def digest_at(now: datetime, manner: Manner) -> datetime:
    """When the next digest leaves: the chosen hour, on the chosen day if it is weekly, not in a pause."""
    if is_paused(now, manner):
        assert manner.paused_until is not None
        now = _to_utc(manner.paused_until, time(0), manner.place)
    weekday = manner.digest_weekday if manner.digest_every == WEEK else None
    return _next(now, time(manner.digest_hour), manner.place, weekday=weekday)


def _is_quiet(local: time, begins: time, ends: time) -> bool:
    if begins <= ends:
        return begins <= local < ends
    return local >= begins or local < ends


def _next(
    now: datetime,
    clock: time,
    place: ZoneInfo,
    *,
    weekday: int | None = None,
    folds: tuple[int, ...] = (0,),
) -> datetime:
    """The next moment after `now` at which the clock there shows that."""
    day = now.astimezone(place).date()
    for ahead in range(9):
        one = day + timedelta(days=ahead)
        if weekday is not None and one.weekday() != weekday:
            continue
        for fold in folds:
            at = _to_utc(one, clock, place, fold)
            if at > now:
                return at
    raise AssertionError("a clock shows every hour within nine days")


def _to_utc(day: date, clock: time, place: ZoneInfo, fold: int = 0) -> datetime:
    return datetime.combine(day, clock.replace(fold=fold), place).astimezone(UTC)
