"""Events as files for calendars, and moments from what a form says."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from fedchapter.errors import Refusal
from fedchapter.objects.event.service import ours
from fedchapter.text import zones
from tests.objects.event.made import edit, follow_chapter, publish
from tests.support.network import Chapter, World


async def calendar(chapter: Chapter, path: str = "/calendar.ics") -> tuple[icalendar.Calendar, bytes]:
    answer = await chapter.client().get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.content), answer.content


async def test_a_file_says_when_with_its_zone_and_names_nobody(each_world: World) -> None:
    chapter = await each_world.chapter()
    start_at = datetime(2027, 7, 1, 17, tzinfo=UTC)
    event = await publish(chapter, start_at=start_at, end_at=None, zone="Europe/Berlin")
    parsed, raw = await calendar(chapter, f"/events/{event.id}.ics")
    [entry] = parsed.events
    assert entry["UID"] == f"{event.uuid}@{chapter.host}"
    assert entry.start.isoformat() == "2027-07-01T19:00:00+02:00"
    assert "DTEND" not in entry
    assert (entry["SEQUENCE"], entry["STATUS"]) == (0, "CONFIRMED")
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt
    assert b"DTSTART;TZID=Europe/Berlin:20270701T190000" in raw
    assert [str(zone["TZID"]) for zone in parsed.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert b"ATTENDEE" not in raw and b"VALARM" not in raw
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


async def test_each_edit_counts_and_a_cancelled_event_stays_and_says_so(each_world: World) -> None:
    chapter = await each_world.chapter()
    event = await publish(chapter)
    first, _ = await calendar(chapter)
    assert first.events[0]["LAST-MODIFIED"].dt == event.updated_at.replace(microsecond=0)
    each_world.move(hours=1)
    await edit(chapter, event, title="Assembly of tenants")
    each_world.move(hours=1)
    cancelled = await chapter.unit(lambda unit: ours.cancel_event(unit, event.id))
    [entry] = (await calendar(chapter))[0].events
    assert (entry["SEQUENCE"], entry["STATUS"]) == (2, "CANCELLED")
    assert entry["SUMMARY"] == "CANCELLED: Assembly of tenants"
    assert entry["UID"] == first.events[0]["UID"]
    assert cancelled.updated_at - event.updated_at >= timedelta(hours=2)
    assert entry["LAST-MODIFIED"].dt == cancelled.updated_at.replace(microsecond=0)


async def test_a_feed_that_has_not_changed_is_not_sent_again(world: World) -> None:
    chapter = await world.chapter()
    event = await publish(chapter)
    first = await chapter.client().get("/calendar.ics")
    world.move(hours=3)
    asked = {"If-None-Match": first.headers["etag"]}
    assert (await chapter.client().get("/calendar.ics", headers=asked)).status_code == 304
    await edit(chapter, event, title="Another title")
    assert (await chapter.client().get("/calendar.ics", headers=asked)).status_code == 200
    world.move(days=120)
    assert (await calendar(chapter))[0].events == []


async def test_two_chapters_name_an_event_alike_in_calendars(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    await follow_chapter(hillside, riverside.uri)
    await world.settle()
    event = await publish(riverside)
    await world.settle()
    [row] = await hillside.rows("SELECT id FROM event")
    here, _ = await calendar(riverside, f"/events/{event.id}.ics")
    there, _ = await calendar(hillside, f"/events/remote/{row['id']}.ics")
    assert here.events[0]["UID"] == there.events[0]["UID"]


async def test_a_title_cannot_smuggle_lines_into_a_calendar(world: World) -> None:
    chapter = await world.chapter()
    with pytest.raises(Refusal):
        await publish(chapter, title="Hello\r\nATTENDEE:mailto:x@y.test")
    event = await publish(chapter, title="A; B, C\\n D", text="One\n\nATTENDEE:mailto:x@y.test")
    parsed, _ = await calendar(chapter, f"/events/{event.id}.ics")
    assert parsed.events[0]["SUMMARY"] == "A; B, C\\n D"
    assert "ATTENDEE" not in parsed.events[0]


def test_a_time_of_day_becomes_a_moment_by_the_zones_own_clocks() -> None:
    assert zones.to_moment("2027-01-10", "19:00", "Europe/Berlin", field="x").hour == 18
    assert zones.to_moment("2027-07-10", "19:00", "Europe/Berlin", field="x").hour == 17
    assert zones.to_fields(datetime(2027, 7, 10, 17, tzinfo=UTC), "Europe/Berlin") == ("2027-07-10", "19:00")


def test_a_time_that_occurs_twice_means_the_first() -> None:
    assert (
        zones.to_moment("2027-10-31", "02:30", "Europe/Berlin", field="x").isoformat()
        == "2027-10-31T00:30:00+00:00"
    )


@pytest.mark.parametrize(
    ("day", "clock", "zone", "code"),
    [
        ("2027-03-28", "02:30", "Europe/Berlin", "start_date"),
        ("2027-02-30", "10:00", "Europe/Berlin", "start_date"),
        ("", "10:00", "Europe/Berlin", "start_date"),
        ("2027-03-28", "25:00", "Europe/Berlin", "start_date"),
        ("2027-03-28", "12:00", "Moon/Crater", "zone"),
        ("2027-03-28", "12:00", "../etc/passwd", "zone"),
        ("0001-01-01", "00:30", "Asia/Tokyo", "start_date"),
    ],
)
def test_times_that_do_not_exist_are_refused(day: str, clock: str, zone: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        zones.to_moment(day, clock, zone, field="start_date")
    assert caught.value.code == code
