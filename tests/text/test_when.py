"""`human_when`: the line that tells Mastodon users when an event is."""

from datetime import UTC, datetime, timedelta

import pytest

from fedchapter.errors import Refusal
from fedchapter.text import human_when

_START = datetime(2026, 12, 12, 18, 0, tzinfo=UTC)


def test_the_line_says_weekday_date_times_and_zone() -> None:
    assert human_when(_START, _START + timedelta(hours=2), "America/Chicago") == (
        "Saturday, December 12, 2026, 12:00 PM – 2:00 PM, Central Standard Time (UTC-6)"
    )


def test_it_speaks_the_language_of_the_event_and_english_otherwise() -> None:
    assert human_when(_START, None, "Europe/Berlin", "de") == (
        "Samstag, 12. Dezember 2026, 19:00, Mitteleuropäische Normalzeit (UTC+1)"
    )
    assert human_when(_START, None, "Europe/Berlin", "xx-none").startswith("Saturday, December 12")


def test_an_event_over_midnight_names_both_days() -> None:
    line = human_when(_START, _START + timedelta(hours=8), "Europe/Berlin")
    assert "Saturday, December 12, 2026, 7:00 PM – Sunday, December 13, 2026, 3:00 AM" in line


def test_summer_time_and_half_hours_are_told() -> None:
    assert human_when(datetime(2026, 7, 1, 12, tzinfo=UTC), None, "Europe/Berlin").endswith(
        "Summer Time (UTC+2)"
    )
    assert human_when(_START, None, "Asia/Kolkata").endswith("(UTC+5:30)")
    assert human_when(_START, None, "UTC").endswith("(UTC)")


def test_a_day_is_the_day_of_the_place() -> None:
    assert human_when(_START, None, "Pacific/Auckland").startswith("Sunday, December 13")


@pytest.mark.parametrize(
    "zone", ["Nowhere/City", "../../etc/passwd", "/etc/passwd", "Europe", "", "A\x00B", "x" * 500]
)
def test_an_unknown_zone_is_refused_with_an_example(zone: str) -> None:
    with pytest.raises(Refusal, match="Europe/Berlin") as refused:
        human_when(_START, None, zone)
    assert refused.value.code == "unknown-zone"


def test_a_time_without_zone_is_a_bug_and_said_so() -> None:
    with pytest.raises(ValueError, match="aware"):
        human_when(_START.replace(tzinfo=None), None, "UTC")
