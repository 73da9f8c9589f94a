"""An event from its publication to its end, on the wire: what followers, the relay's followers and late readers get."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from fedchapter.errors import NotFound, Refusal
from fedchapter.objects.event.draft import EXTERNAL, TENTATIVE
from fedchapter.objects.event.service import ours
from fedchapter.policy import set_mark
from fedchapter.signatures import verify_proof
from tests.objects.event.law import RULES, broken_rules
from tests.objects.event.made import edit, follow, follow_chapter, join, kinds_of, publish
from tests.support.network import PUBLIC, World

VARIANTS: dict[str, dict[str, Any]] = {
    "in a hall": {},
    "online only": {"place_name": "", "street": "", "town": "", "online_url": "https://meet.test/room"},
    "both": {"online_url": "https://meet.test/room"},
    "nowhere yet": {"place_name": "", "street": "", "town": ""},
    "a town only": {"place_name": "", "street": ""},
    "without an end": {"end_at": None},
    "with places": {"capacity": 20},
    "asked elsewhere": {"join_mode": EXTERNAL, "join_url": "https://tickets.test/a"},
    "not certain": {"status": TENTATIVE},
    "without tags": {"text": "Come."},
    "without a text": {"text": ""},
    "with a picture": {
        "picture": '{"id": "1", "full_url": "/media/a.jpg", "url": "/media/t.webp", "alt": "A poster", '
        '"media_type": "image/jpeg"}',
        "online_url": "https://meet.test/room",
    },
    "with the longest title": {"title": "a" * ours.TITLE_MAX},
}


@pytest.mark.parametrize("variant", VARIANTS)
async def test_no_reader_breaks_on_our_event(world: World, variant: str) -> None:
    chapter = await world.chapter()
    event = await publish(chapter, **VARIANTS[variant])
    assert broken_rules(await chapter.get_json(event.uri)) == []
    await chapter.unit(lambda unit: ours.cancel_event(unit, event.id))
    cancelled = await chapter.get_json(event.uri)
    assert broken_rules(cancelled) == []
    assert cancelled["eventStatus"] == "EventCancelled"


async def test_the_judge_of_events_notices_what_breaks_others(world: World) -> None:
    chapter = await world.chapter()
    good = await chapter.get_json((await publish(chapter)).uri)
    assert len(RULES) > 20
    for wrong in (
        {"location": [good["location"]]},
        {"joinMode": "none"},
        {"status": "POSTPONED"},
        {"contacts": None},
        {"attachment": [{"type": "PropertyValue", "name": "a", "value": "b"}]},
        {"uuid": "7"},
        {"name": "ab"},
        {"endTime": good["startTime"]},
        {"attributedTo": [good["attributedTo"]]},
        {"tag": []},
    ):
        assert broken_rules(good | wrong), wrong


async def test_a_new_event_reaches_followers_and_is_announced_by_the_relay(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    mobilizon = each_world.stranger("relay", "mobilizon.test", "Application")
    await follow(ada, chapter)
    await follow(mobilizon, chapter, chapter.settings.server_uri)
    event = await publish(chapter)
    await chapter.settle()
    [create] = ada.received
    assert (create["type"], create["actor"], create["to"]) == ("Create", chapter.uri, [PUBLIC])
    assert create["object"]["id"] == event.uri
    keys = await chapter.run(chapter.house.keyring.get(chapter.uri))
    assert verify_proof(create, keys.ed25519.public_key(), now=chapter.clock.now())
    [announce] = mobilizon.received
    assert (announce["type"], announce["actor"]) == ("Announce", chapter.settings.server_uri)
    assert announce["object"] == event.uri
    assert (await chapter.get_json(create["id"]))["object"]["name"] == "Tenants' assembly"
    events = await chapter.get_json(f"{chapter.uri}/events?page=1")
    assert events["orderedItems"] == [event.uri]
    await edit(chapter, event, text="Bring soup.")
    await chapter.settle()
    assert kinds_of(mobilizon.received)[1:] == [("Update", "Event")]


async def test_times_carry_the_offset_of_the_zone_and_the_summary_says_when_and_where(world: World) -> None:
    chapter = await world.chapter()
    start_at = datetime.fromisoformat("2027-07-01T17:00:00+00:00")
    event = await publish(chapter, start_at=start_at, end_at=None, zone="Europe/Berlin", online_url="")
    shown = await chapter.get_json(event.uri)
    assert shown["startTime"] == "2027-07-01T19:00:00+02:00"
    assert (shown["endTime"], shown["displayEndTime"]) == ("2027-07-01T21:00:00+02:00", False)
    assert shown["timezone"] == "Europe/Berlin"
    assert shown["summary"].startswith("Thursday, July 1, 2027, 7:00 PM")
    assert shown["summary"].endswith("– Community hall, Mill Lane 4, Riverside")
    assert shown["tag"][0]["name"] == "#housing"


async def test_each_edit_is_an_update_with_an_id_of_its_own(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await follow(ada, chapter)
    event = await publish(chapter)
    each_world.move(minutes=5)
    await edit(chapter, event, text="Bring soup. #housing")
    each_world.move(minutes=5)
    after = await edit(chapter, event, text="Bring cake. #housing")
    await edit(chapter, event, text="Bring cake. #housing")
    await chapter.settle()
    assert kinds_of(ada.received) == [("Create", "Event"), ("Update", "Event"), ("Update", "Event")]
    assert len({one["id"] for one in ada.received}) == 3
    assert after.sequence == 2
    assert "updated" in ada.received[-1]["object"]


async def test_a_new_time_is_also_said_in_a_note(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await follow(ada, chapter)
    event = await publish(chapter)
    await edit(chapter, event, start_at=event.start_at + timedelta(hours=1), end_at=None)
    await chapter.settle()
    assert kinds_of(ada.received) == [("Create", "Event"), ("Update", "Event"), ("Create", "Note")]
    note = ada.received[-1]["object"]
    assert note["inReplyTo"] == event.uri and "name" not in note and note["to"] == [PUBLIC]
    assert "Before:" in note["content"]
    served = await chapter.get_json(note["id"])
    assert served["content"] == note["content"]
    assert (await chapter.client().get(note["id"])).headers["location"] == f"/events/{event.id}"


async def test_cancelling_is_an_update_and_a_note_and_reaches_those_who_come(each_world: World) -> None:
    chapter, ada, ben = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("ben", "far.test"),
    )
    await follow(ada, chapter)
    event = await publish(chapter)
    await ben.tell(chapter, join(ben, event))
    ben.received.clear()
    await chapter.unit(lambda unit: ours.cancel_event(unit, event.id))
    await chapter.settle()
    for one in (ada, ben):
        assert kinds_of(one.received)[-2:] == [("Update", "Event"), ("Create", "Note")]
        assert one.received[-2]["object"]["status"] == "CANCELLED"
        assert ben.uri not in str(one.received)
    with pytest.raises(Refusal):
        await edit(chapter, event, title="On again")


async def test_deleting_is_a_tombstone_and_410_for_good(each_world: World) -> None:
    chapter, ada, ben = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("ben", "far.test"),
    )
    await follow(ada, chapter)
    event = await publish(chapter)
    await ben.tell(chapter, join(ben, event))
    await edit(chapter, event, place_name="The other hall")
    await chapter.unit(lambda unit: ours.delete_event(unit, event.id))
    await chapter.settle()
    last = ada.received[-1]
    assert last["type"] == "Delete"
    assert (last["object"]["type"], last["object"]["formerType"]) == ("Tombstone", "Event")
    assert ben.received[-1]["type"] == "Delete"
    assert [one["object"]["formerType"] for one in ada.received if one["type"] == "Delete"] == [
        "Note",
        "Event",
    ]
    gone = await chapter.client().get(event.uri, headers={"Accept": "application/activity+json"})
    assert (gone.status_code, gone.json()["type"]) == (410, "Tombstone")
    assert (await chapter.client().get(event.uri)).status_code == 410
    assert (await chapter.client().get(f"{event.uri}.ics")).status_code == 410
    assert (await chapter.client().get(f"{event.uri}/notices/1")).status_code == 410
    assert await chapter.count("answer") == 0
    assert await chapter.count("known_object", "kind = 'answer'") == 0
    assert await chapter.count("outbox_item", "body LIKE '%Tenants%'") == 0
    with pytest.raises(NotFound):
        await chapter.unit(lambda unit: ours.delete_event(unit, event.id))


async def test_fewer_places_than_people_are_refused(world: World) -> None:
    chapter, ada, ben = await world.chapter(), world.stranger(), world.stranger("ben")
    event = await publish(chapter)
    for one in (ada, ben):
        await one.tell(chapter, join(one, event))
    with pytest.raises(Refusal, match="2 people"):
        await edit(chapter, event, capacity=1)


async def test_another_chapter_shows_our_event_until_we_delete_it(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    await follow_chapter(hillside, riverside.uri)
    await each_world.settle()
    event = await publish(riverside)
    await each_world.settle()
    page = (await hillside.client().get("/events")).text
    assert "Tenants&#39; assembly" in page
    await riverside.unit(lambda unit: ours.cancel_event(unit, event.id))
    await each_world.settle()
    [row] = await hillside.rows("SELECT id, status, title, zone, uuid FROM event")
    assert (row["status"], row["title"], row["zone"]) == ("CANCELLED", "Tenants' assembly", "Europe/Lisbon")
    assert row["uuid"] == event.uuid
    assert "will not take place" in (await hillside.client().get(f"/events/remote/{row['id']}")).text
    await riverside.unit(lambda unit: ours.delete_event(unit, event.id))
    await each_world.settle()
    assert await hillside.count("event") == 0


async def test_an_event_and_its_notices_are_talked_about_in_one_thread(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    approve = {"scope": "actor", "subject": ada.uri, "decision": "approved"}
    await chapter.unit(lambda unit: set_mark(unit, **approve))
    event = await publish(chapter)
    await edit(chapter, event, place_name="The other hall")
    for uri in (event.uri, f"{event.uri}/notices/1"):
        assert (await ada.tell(chapter, ada.create(ada.note(f"About {uri[-9:]}", reply_to=uri))))[0] == "done"
    page = (await chapter.client().get(event.uri)).text
    assert "About notices/1" in page and "2 comments" in page
    assert (await chapter.get_json(f"{event.uri}/replies"))["totalItems"] >= 1
    assert (await chapter.get_json(f"{event.uri}/likes"))["totalItems"] == 0
