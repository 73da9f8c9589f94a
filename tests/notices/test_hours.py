"""Quiet hours, pauses and digests fall where the member's own clock says, also when it is put forward or back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fedchapter.errors import Refusal
from fedchapter.notices.manner import WEEK, Manner, digest_at, letter_at
from fedchapter.notices.wishes import check_manner

BERLIN = "Europe/Berlin"
NIGHT = Manner(BERLIN, "22:00", "07:00")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2027-01-15T12:00", "2027-01-15T12:00"),
        ("2027-01-15T20:59", "2027-01-15T20:59"),
        # Ten in the evening in Berlin.
        ("2027-01-15T21:00", "2027-01-16T06:00"),
        ("2027-01-15T23:30", "2027-01-16T06:00"),
        ("2027-01-16T05:59", "2027-01-16T06:00"),
        ("2027-01-16T06:00", "2027-01-16T06:00"),
        # The night in which the clock is put forward has an hour less, the one in autumn an hour more.
        ("2027-03-27T22:00", "2027-03-28T05:00"),
        ("2027-10-30T21:00", "2027-10-31T06:00"),
    ],
)
def test_quiet_hours_go_over_midnight_and_over_a_change_of_the_clock(now: str, leaves: str) -> None:
    assert letter_at(utc(now), NIGHT) == utc(leaves)


def test_quiet_hours_within_a_day() -> None:
    lunch = Manner(BERLIN, "12:00", "14:00")
    assert letter_at(utc("2027-01-15T12:30"), lunch) == utc("2027-01-15T13:00")
    assert letter_at(utc("2027-01-15T13:00"), lunch) == utc("2027-01-15T13:00")


def test_quiet_hours_that_end_in_an_hour_that_is_skipped_or_comes_twice_end() -> None:
    early = Manner(BERLIN, "22:00", "02:30")
    assert letter_at(utc("2027-03-27T23:00"), early) == utc("2027-03-28T01:30")
    # Half past two for the first time, and for the second.
    assert letter_at(utc("2027-10-30T23:00"), early) == utc("2027-10-31T00:30")
    assert letter_at(utc("2027-10-31T01:10"), early) == utc("2027-10-31T01:30")


def test_nothing_leaves_in_a_pause() -> None:
    away = Manner(BERLIN, "22:00", "07:00", paused_until=date(2027, 2, 1))
    assert letter_at(utc("2027-01-15T12:00"), away) == utc("2027-02-01T06:00")
    assert digest_at(utc("2027-01-15T12:00"), away) == utc("2027-02-01T07:00")
    assert letter_at(utc("2027-02-01T12:00"), away) == utc("2027-02-01T12:00")


def test_a_digest_comes_at_its_hour_every_day_or_on_its_day() -> None:
    daily, weekly = Manner(BERLIN, digest_hour=18), Manner(BERLIN, digest_every=WEEK, digest_weekday=0)
    assert digest_at(utc("2027-01-15T16:59"), daily) == utc("2027-01-15T17:00")
    assert digest_at(utc("2027-01-15T17:00"), daily) == utc("2027-01-16T17:00")
    assert digest_at(utc("2027-07-15T12:00"), daily) == utc("2027-07-15T16:00")
    monday = digest_at(utc("2027-01-15T12:00"), weekly)
    assert (monday, monday.weekday()) == (utc("2027-01-18T07:00"), 0)


def test_a_digest_comes_once_in_the_night_in_which_its_hour_comes_twice() -> None:
    manner = Manner(BERLIN, digest_hour=2)
    first = digest_at(utc("2027-10-30T20:00"), manner)
    assert first == utc("2027-10-31T00:00")
    assert digest_at(first, manner) == utc("2027-11-01T01:00")


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "UTC"]
)
def test_what_is_planned_is_never_in_the_past_nor_in_quiet_hours(zone: str) -> None:
    manner = Manner(zone, "21:30", "06:45", digest_hour=3)
    now = utc("2027-01-01T00:07")
    while now.year == 2027:
        leaves = letter_at(now, manner)
        local = leaves.astimezone(manner.place)
        assert now <= leaves <= now + timedelta(hours=11)
        assert not (f"{local:%H:%M}" >= "21:30" or f"{local:%H:%M}" < "06:45")
        assert now < digest_at(now, manner) <= now + timedelta(hours=26)
        now += timedelta(hours=5, minutes=31)


@pytest.mark.parametrize(
    ("manner", "code"),
    [
        (Manner("Europe/Nowhere"), "zone"),
        (Manner(BERLIN, "22:00", ""), "quiet"),
        (Manner(BERLIN, "22:00", "24:00"), "quiet"),
        (Manner(BERLIN, "22:00", "22:00"), "quiet"),
        (Manner(BERLIN, "2200x", "07:00"), "quiet"),
        (Manner(BERLIN, digest_hour=24), "digest"),
        (Manner(BERLIN, digest_every="year"), "digest"),
    ],
)
def test_an_odd_manner_is_refused(manner: Manner, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_manner(manner)
    assert refused.value.code == code
