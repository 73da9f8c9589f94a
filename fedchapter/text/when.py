"""Says when something happens, in one plain line in the reader's language.

Sources: events.md §1.6 and §2 (Mastodon shows an event by its name, summary and link only, so the date goes
in the summary); CLDR through Babel.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_name

from fedchapter.errors import Refusal


def human_when(start_at: datetime, end_at: datetime | None, zone: str, locale: str = "en") -> str:
    """Weekday, date, time and time zone: "Saturday, December 12, 2026, 7:00 PM – 9:00 PM, Central … (UTC+1)".

    An unknown language falls back to English. Raises Refusal `unknown-zone` for a zone that IANA does not
    list, and ValueError for naive times.
    """
    if start_at.tzinfo is None or (end_at is not None and end_at.tzinfo is None):
        raise ValueError("times must be aware")
    place = _get_zone(zone)
    language = _to_locale(locale)
    start = start_at.astimezone(place)
    said = f"{_day(start, language)}, {_time(start, language)}"
    if end_at is not None and end_at > start_at:
        end = end_at.astimezone(place)
        other_day = f"{_day(end, language)}, " if end.date() != start.date() else ""
        said += f" – {other_day}{_time(end, language)}"
    return f"{said}, {_zone_name(start, zone, language)} ({_offset(start)})"


def short_when(at: datetime, zone: str, locale: str = "en") -> str:
    """The same in few words, hours from 00 to 23: "Sat, Dec 12, 2026, 19:00 CET". Raises as `human_when`."""
    if at.tzinfo is None:
        raise ValueError("times must be aware")
    local = at.astimezone(_get_zone(zone))
    day = _plain_spaces(format_skeleton("yMMMEd", local, locale=_to_locale(locale)))
    return f"{day}, {local:%H:%M} {local.tzname()}"


def _zone_name(at: datetime, zone: str, locale: Locale) -> str:
    name = _plain_spaces(get_timezone_name(at, width="long", locale=locale))
    # CLDR has no name for some zones and says the offset, which stands behind the name already.
    return zone.replace("_", " ") if any(char.isdigit() for char in name) else name


def _get_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        # ValueError: a path. OSError: a directory such as "Europe". KeyError: nothing of this name.
        raise Refusal(
            "unknown-zone",
            "This time zone is not known: choose one such as Europe/Berlin or America/Chicago.",
        ) from error


def _to_locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _day(at: datetime, locale: Locale) -> str:
    return _plain_spaces(format_date(at, format="full", locale=locale))


def _time(at: datetime, locale: Locale) -> str:
    return _plain_spaces(format_time(at, format="short", locale=locale))


def _offset(at: datetime) -> str:
    offset = at.utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


def _plain_spaces(text: str) -> str:
    # CLDR puts narrow no-break spaces before AM and PM, which some servers and mail clients show as boxes.
    return text.replace("\u202f", " ").replace("\u00a0", " ")
