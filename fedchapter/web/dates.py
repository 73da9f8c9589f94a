"""Days and hours as templates write them, in the reader's language.

CLDR's names of months and days through Babel, kept, because a timeline writes dozens of dates; the order of the words
is a text of the catalogs. Hours are written from 00 to 23 everywhere.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from babel.core import Locale

from ..words import say, spoken


@cache
def _names(language: str) -> dict[str, dict[int, str]]:
    locale = Locale.parse(language.partition("-")[0])
    return {
        "month": dict(locale.months["format"]["wide"]),
        "short month": dict(locale.months["format"]["abbreviated"]),
        "day": dict(locale.days["format"]["wide"]),
        "short day": dict(locale.days["format"]["abbreviated"]),
    }


def short_day(at: datetime) -> str:
    """`3 May 2026`."""
    month = _names(spoken())["short month"][at.month]
    return say("%(day)s %(month)s %(year)s", day=at.day, month=month, year=at.year)


def long_day(at: datetime) -> str:
    """`Sunday 3 May 2026`, with the whole names."""
    names = _names(spoken())
    return say(
        "%(weekday)s %(day)s %(month)s %(year)s",
        weekday=names["day"][at.weekday()],
        day=at.day,
        month=names["month"][at.month],
        year=at.year,
    )


def hours(at: datetime) -> str:
    """`18:30`."""
    return f"{at:%H:%M}"


def hours_there(at: datetime) -> str:
    """`18:30 CEST`."""
    return f"{at:%H:%M} {at.tzname() or ''}".rstrip()


def short_weekday(at: datetime) -> str:
    """`Sun`."""
    return _names(spoken())["short day"][at.weekday()]


def short_month(at: datetime) -> str:
    """`May`."""
    return _names(spoken())["short month"][at.month]


# What every template may call.
CALLS: dict[str, Callable[[datetime], Any]] = {
    function.__name__: function
    for function in (short_day, long_day, hours, hours_there, short_weekday, short_month)
}
