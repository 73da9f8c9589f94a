"""From a date, a time of day and a zone to a moment.

RFC 5545 §3.3.5 (a time that occurs twice means the first; one that does not occur is a mistake).
"""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from fedchapter.errors import Refusal

YEARS = range(1970, 2200)
_AREAS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


@cache
def zone_names() -> tuple[str, ...]:
    """Every zone that a place can have, and UTC first."""
    named = (name for name in available_timezones() if name.partition("/")[0] in _AREAS and "/" in name)
    return ("UTC", *sorted(named))


def check_zone(name: str) -> ZoneInfo:
    """The zone; raises Refusal `zone`."""
    if name not in zone_names():
        raise Refusal("zone", "Choose a time zone from the list, such as Europe/Berlin.")
    return ZoneInfo(name)


def to_moment(day: str, clock: str, zone: str, *, field: str) -> datetime:
    """The moment in UTC at which clocks in that zone show it; raises Refusal with `field` as its code."""
    place = check_zone(zone)
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), place)
    except ValueError as error:
        raise Refusal(field, "Give a date and a time, such as 2027-05-01 and 19:00.") from error
    if local.year not in YEARS:
        raise Refusal(
            field, "Give a year from %(first)s to %(last)s.", first=YEARS.start, last=YEARS.stop - 1
        )
    moment = local.astimezone(UTC)
    if moment.astimezone(place).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refusal(
            field,
            "Clocks in %(zone)s skip %(clock)s on that day, because they go forward. Choose another time.",
            zone=zone,
            clock=clock,
        )
    return moment


def to_fields(moment: datetime, zone: str) -> tuple[str, str]:
    """Date and time of day as the form wants them."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.date().isoformat(), local.strftime("%H:%M")
