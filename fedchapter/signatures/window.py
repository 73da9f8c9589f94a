"""When a signed request counts: not from the future, not after its expiry, one hour of skew either way.

The rules are Mastodon's (signed_request.rb): no `expires` means five minutes, twelve hours is the longest.
"""

import re
from datetime import UTC, datetime

from fedchapter.signatures.message import SignatureError, malformed

SKEW_S = 3600
IMPLICIT_S = 5 * 60
LONGEST_S = 12 * 3600

_DATE = re.compile(r"[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):([0-5]\d|60) GMT", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH = {name: number for number, name in enumerate(_MONTHS, 1)}


def from_date(text: str) -> float:
    """Seconds since 1970 of an IMF-fixdate (RFC 9110 §5.6.7), the one form that anybody sends."""
    found = _DATE.fullmatch(text)
    if found is None or found[2] not in _MONTH:
        raise malformed("bad-date", "The Date header is not in the form of RFC 9110.")
    day, month, year, hour, minute, second = found.groups()
    try:
        moment = datetime(
            int(year), _MONTH[month], int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC
        )
    except ValueError as error:
        raise malformed("bad-date", "The Date header names no real moment.") from error
    return moment.timestamp()


def to_date(moment: datetime) -> str:
    """An IMF-fixdate, whatever the locale of the process is."""
    at = moment.astimezone(UTC)
    return f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S} GMT"


def check_window(created_s: float, expires_s: float | None, now: datetime) -> datetime:
    """When the request was signed; SignatureError if `now` is outside its time. `…_s` since 1970."""
    now_s = now.timestamp()
    if created_s > now_s + SKEW_S:
        raise SignatureError("from-the-future", "The request is dated more than an hour ahead.")
    if expires_s is not None and expires_s < created_s:
        raise SignatureError("expired", "The signature expires before it was made.")
    expiry_s = created_s + IMPLICIT_S if expires_s is None else min(expires_s, created_s + LONGEST_S)
    if now_s > expiry_s + SKEW_S:
        raise SignatureError("expired", "The signature is too old.")
    return datetime.fromtimestamp(created_s, UTC)
