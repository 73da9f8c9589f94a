"""The pages of events: written in a form, read by everybody, run by staff."""

from typing import Any

import pytest

from fedchapter.members import Role
from fedchapter.objects.event.draft import CANCELLED
from tests.media.pictures import jpeg
from tests.objects.event.made import publish
from tests.support.network import World

FORM = {
    "title": "Street party",
    "text": "With **music**. #street",
    "start_date": "2027-06-05",
    "start_time": "15:00",
    "end_date": "",
    "end_time": "22:00",
    "zone": "Europe/Lisbon",
    "place_name": "Mill Lane",
    "street": "",
    "town": "Riverside",
    "online_url": "",
    "join_mode": "free",
    "join_url": "",
    "capacity": "50",
    "category": "COMMUNITY",
    "language": "en",
    "status": "CONFIRMED",
}


async def test_an_event_is_written_shown_edited_cancelled_and_deleted_in_a_browser(each_world: World) -> None:
    chapter = await each_world.chapter()
    staff = await chapter.signed_in(Role.MODERATOR)
    assert (await staff.get("/events/new")).status_code == 200
    sent = await staff.post("/events/new", data=FORM)
    assert sent.status_code == 303, sent.text
    path = sent.headers["location"]
    page = (await chapter.client().get(path)).text
    assert "<strong>music</strong>" in page and "Mill Lane, Riverside" in page
    assert 'property="og:title" content="Street party"' in page
    assert f'name="fediverse:creator" content="@{chapter.settings.username}@{chapter.host}"' in page
    assert "Edit" not in page and f"{path}.ics" in page
    form = (await staff.get(f"{path}/edit")).text
    assert 'value="2027-06-05"' in form and 'value="22:00"' in form
    assert (await staff.post(f"{path}/edit", data=FORM | {"title": "Street festival"})).status_code == 303
    assert "Street festival" in (await chapter.client().get("/events")).text
    assert "Cancel this event?" in (await staff.get(f"{path}/cancel")).text
    assert (await staff.post(f"{path}/cancel")).status_code == 303
    assert "will not take place" in (await chapter.client().get(path)).text
    assert (await chapter.rows("SELECT status FROM event"))[0]["status"] == CANCELLED
    assert "Delete this event?" in (await staff.get(f"{path}/delete")).text
    assert (await staff.post(f"{path}/delete")).status_code == 303
    assert (await chapter.client().get(path)).status_code == 410


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "ab"}, "A title has 3 to 180 characters."),
        ({"start_date": "2027-03-28", "start_time": "01:30"}, "skip 01:30"),
        ({"start_date": ""}, "Give a date and a time"),
        ({"end_date": "2027-06-04"}, "The end must come after the start."),
        ({"capacity": "many"}, "Give a number of places"),
        ({"capacity": "0"}, "Give a number of places"),
        ({"join_mode": "external"}, "Give the whole address of the page"),
        ({"online_url": "javascript:alert(1)"}, "begins with https://"),
        ({"zone": "Moon/Crater"}, "Choose a time zone"),
        ({"category": "NONSENSE"}, "Choose a category"),
        ({"status": "CANCELLED"}, "Choose whether it is certain."),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    world: World, wrong: dict[str, str], said: str
) -> None:
    chapter = await world.chapter()
    staff = await chapter.signed_in(Role.MODERATOR)
    answer = await staff.post("/events/new", data=FORM | wrong)
    assert answer.status_code == 400
    assert said in answer.text and "With **music**" in answer.text
    assert await chapter.count("event") == 0


async def test_writing_is_for_staff(world: World) -> None:
    chapter = await world.chapter()
    event = await publish(chapter)
    member = await chapter.signed_in(Role.MEMBER)
    paths = (
        "/events/new",
        f"/events/{event.id}/edit",
        f"/events/{event.id}/cancel",
        f"/events/{event.id}/delete",
    )
    for path in paths:
        assert (await member.post(path, data=FORM)).status_code == 403
        assert (await chapter.client().post(path, data=FORM)).status_code == 403
    assert (await chapter.rows("SELECT status FROM event"))[0]["status"] == "CONFIRMED"


async def test_a_picture_needs_a_description_and_goes_with_its_event(world: World) -> None:
    chapter = await world.chapter()
    staff = await chapter.signed_in(Role.MODERATOR)
    files: Any = {"file": ("poster.jpg", jpeg(), "image/jpeg")}
    assert (await staff.post("/events/new", data=FORM, files=files)).status_code == 400
    sent = await staff.post("/events/new", data=FORM | {"alt": "A hand-drawn poster"}, files=files)
    assert sent.status_code == 303, sent.text
    path = sent.headers["location"]
    document = await chapter.get_json(path)
    [picture] = document["attachment"]
    assert (picture["type"], picture["name"]) == ("Document", "A hand-drawn poster")
    address = picture["url"].removeprefix(chapter.settings.origin)
    assert (await chapter.client().get(address)).status_code == 200
    assert "A hand-drawn poster" in (await chapter.client().get(path)).text
    assert (await staff.post(f"{path}/edit", data=FORM | {"alt": "A poster"})).status_code == 303
    assert (await chapter.get_json(path))["attachment"][0]["name"] == "A poster"
    await staff.post(f"{path}/delete")
    await chapter.settle()
    assert (await chapter.client().get(address)).status_code == 404
    assert await chapter.count("upload") == 0


async def test_events_to_come_and_past_ones_are_listed_apart(world: World) -> None:
    chapter = await world.chapter()
    await publish(chapter, title="The first one", end_at=None)
    world.move(days=20)
    await publish(chapter, title="The second one")
    coming = (await chapter.client().get("/events")).text
    past = (await chapter.client().get("/events?past=1")).text
    assert "The second one" in coming and "The first one" not in coming
    assert "The first one" in past and "The second one" not in past
    assert (await chapter.client().get("/events?page=-1&past=x")).status_code == 200


async def test_an_event_that_is_not_there_is_not_found(world: World) -> None:
    chapter = await world.chapter()
    event = await publish(chapter)
    for path in (
        "/events/nothing",
        "/events/remote/nothing",
        f"/events/remote/{event.id}",
        "/events/nothing.ics",
    ):
        assert (await chapter.client().get(path)).status_code == 404
    staff = await chapter.signed_in(Role.MODERATOR)
    assert (await staff.post("/events/nothing/cancel")).status_code == 404
