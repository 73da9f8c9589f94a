"""Which backups stay: 7 days, 4 weeks, 3 months."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fedchapter.continuity.keep import drop_old, find_backups, moment_of, name_for, to_keep

NOW = datetime(2027, 5, 14, 3, 20, tzinfo=UTC)


def nightly(nights: int) -> list[str]:
    return [name_for(NOW - timedelta(days=night)) for night in range(nights)]


def test_a_name_says_its_moment() -> None:
    assert moment_of(name_for(NOW)) == NOW
    assert moment_of("chapter-20271399-000000.fcbackup") is None
    assert moment_of("notes.txt") is None


def test_of_a_year_of_nights_seven_days_four_weeks_and_three_months_stay() -> None:
    kept = sorted(to_keep(nightly(365)), reverse=True)
    assert kept[:7] == nightly(7)
    days = [moment_of(name).date().isoformat() for name in kept[7:] if moment_of(name)]  # type: ignore[union-attr]
    # The Sundays of the two weeks before the last seven days, then the last days of April and of March.
    assert days == ["2027-05-02", "2027-04-30", "2027-04-25", "2027-03-31"]


def test_many_of_one_day_leave_the_newest() -> None:
    names = [name_for(NOW - timedelta(minutes=minutes)) for minutes in range(60)]
    assert to_keep(names) == {names[0]}


@given(st.sets(st.integers(min_value=0, max_value=20_000), min_size=1))
def test_the_newest_always_stays_and_dropping_again_changes_nothing(hours: set[int]) -> None:
    names = [name_for(NOW - timedelta(hours=hour)) for hour in hours]
    kept = to_keep(names)
    assert max(names) in kept
    assert to_keep(kept) == kept
    assert len(kept) <= 14


def test_other_files_are_never_touched(tmp_path: Path) -> None:
    for name in [*nightly(20), "letter.txt", "chapter-old.fcbackup"]:
        (tmp_path / name).touch()
    drop_old(tmp_path)
    assert (tmp_path / "letter.txt").exists()
    assert (tmp_path / "chapter-old.fcbackup").exists()
    assert [path.name for path in find_backups(tmp_path)][:7] == nightly(7)
