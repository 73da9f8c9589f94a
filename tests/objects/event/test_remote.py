"""Events of other servers, in the shapes that these send them."""

from typing import Any

import pytest

from fedchapter.errors import PeerRefused
from fedchapter.objects.event.wire import from_event
from fedchapter.policy import set_mark
from tests.objects.event.made import follow_chapter, join, peer_message, publish, states
from tests.support.network import AS2, PUBLIC, Chapter, Stranger, World


async def followed(world: World, username: str, host: str, type_: str) -> tuple[Chapter, Stranger]:
    """A chapter that follows a stranger, who said yes."""
    chapter, peer = await world.chapter(), world.stranger(username, host, type_)
    await follow_chapter(chapter, peer.uri)
    await chapter.settle()
    [asked] = peer.received
    assert (await peer.tell(chapter, peer.activity("Accept", asked)))[0] == "done"
    return chapter, peer


def mobilizon(group: Stranger, person: Stranger, **words: str) -> dict[str, Any]:
    """The Create of a group's event by one of its members; the event is served as it stands."""
    said = {"NAME": "Reading leases", "STATUS": "CONFIRMED", "UPDATED": "2026-11-20T10:00:00Z"} | words
    message = peer_message("mobilizon", "create-event", group, PERSON=person.uri, **said)
    group.put(message["object"]["id"], {"@context": AS2} | message["object"])
    return message


async def only_event(chapter: Chapter) -> dict[str, Any]:
    rows = await chapter.rows("SELECT * FROM event WHERE local = false")
    assert len(rows) == 1
    return rows[0]


async def test_a_group_event_from_mobilizon_is_created_changed_cancelled_and_deleted(
    each_world: World,
) -> None:
    chapter, group = await followed(each_world, "tenants", "mobilizon.test", "Group")
    person = each_world.stranger("lea", "mobilizon.test")
    create = mobilizon(group, person)
    assert await person.tell(chapter, create) == ("done", "a new event")
    event = await only_event(chapter)
    assert (event["owner_uri"], event["zone"], event["going"]) == (group.uri, "Europe/Paris", 12)
    assert (event["place_name"], event["street"], event["town"]) == ("Old library", "9 rue du Moulin", "Lyon")
    assert event["end_at"] is None and event["online_url"].endswith("/library")
    update = mobilizon(group, person, NAME="Reading leases II", UPDATED="2026-11-21T10:00:00Z")
    assert update["id"] == create["id"]
    assert await person.tell(chapter, update | {"type": "Update"}) == ("done", "the event has changed")
    assert (await only_event(chapter))["title"] == "Reading leases II"
    cancel = mobilizon(group, person, STATUS="CANCELLED", UPDATED="2026-11-21T11:00:00Z")
    await person.tell(chapter, cancel | {"type": "Update"})
    assert (await only_event(chapter))["status"] == "CANCELLED"
    page = (await chapter.client().get("/events")).text
    assert "cancelled</span>" in page
    delete = peer_message("mobilizon", "delete-event", group, PERSON=person.uri)
    assert (await person.tell(chapter, delete))[0] == "refused"
    group.put(create["object"]["id"], delete["object"], status=410)
    assert await person.tell(chapter, delete | {"id": delete["id"] + "2"}) == ("done", "the event is gone")
    assert await chapter.count("event") == 0
    late = create | {"id": create["id"] + "-late"}
    group.put(create["object"]["id"], {"@context": AS2} | create["object"])
    assert await person.tell(chapter, late) == ("ignored", "the event was deleted before")


async def test_an_older_version_does_not_replace_a_newer_one(world: World) -> None:
    chapter, group = await followed(world, "tenants", "mobilizon.test", "Group")
    person = world.stranger("lea", "mobilizon.test")
    await person.tell(chapter, mobilizon(group, person, NAME="New", UPDATED="2026-11-21T10:00:00Z"))
    old = mobilizon(group, person, NAME="Old")
    assert (await person.tell(chapter, old | {"type": "Update"}))[0] == "ignored"
    assert (await only_event(chapter))["title"] == "New"


async def test_a_join_from_mobilizon_is_accepted_and_a_leave_believed(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("ada", "mobilizon.test")
    event = await publish(chapter)
    said = {"EVENT": event.uri, "ORGANIZER": chapter.uri}
    assert (await ada.tell(chapter, peer_message("mobilizon", "join", ada, **said)))[0] == "done"
    assert ada.received[-1]["object"]["id"].endswith("/join/event/0b6de1f2-3f9d-4a7e-8a35-6de2b0a0c001")
    assert await states(chapter) == {ada.uri: "going"}
    assert (await ada.tell(chapter, peer_message("mobilizon", "leave", ada, **said)))[0] == "done"
    assert await states(chapter) == {ada.uri: "left"}


async def test_an_event_from_gancio_comes_changes_and_goes_with_its_whole_text(each_world: World) -> None:
    chapter, relay = await followed(each_world, "relay", "gancio.test", "Application")

    def said(verb: str, name: str = "Street kitchen") -> dict[str, Any]:
        return peer_message("gancio", "create-event", relay, VERB=verb, NAME=name, FOLLOWER=chapter.uri)

    assert await relay.tell(chapter, said("Create")) == ("done", "a new event")
    event = await only_event(chapter)
    assert (event["place_name"], event["street"], event["zone"]) == ("Corner house", "Canal street 2", "")
    assert event["start_at"].isoformat() == "2026-12-02T21:22:08+00:00"
    assert (await relay.tell(chapter, said("Update", "Street kitchen and music")))[0] == "done"
    assert (await only_event(chapter))["title"] == "Street kitchen and music"
    assert await relay.tell(chapter, said("Delete")) == ("done", "the event is gone")
    assert await chapter.count("event") == 0


async def test_an_event_from_wordpress_has_a_list_of_places_and_an_outside_way_to_join(world: World) -> None:
    chapter, blog = await followed(world, "blog", "wordpress.test", "Person")
    await blog.tell(chapter, peer_message("wordpress", "create-event", blog))
    event = await only_event(chapter)
    assert (event["place_name"], event["town"]) == ("Workshop", "Graz")
    assert (event["online_url"], event["join_mode"]) == ("https://meet.elsewhere.test/open", "external")
    assert event["url"] == "https://wordpress.test/event/open-evening/"
    assert event["language"] == "de"


async def test_an_event_from_gathio_has_a_place_in_words(world: World) -> None:
    chapter, garden = await followed(world, "garden", "gathio.test", "Person")
    await garden.tell(chapter, peer_message("gathio", "create-event", garden))
    event = await only_event(chapter)
    assert (event["title"], event["place_name"]) == ("Garden day", "Behind the school")
    assert (await chapter.client().get(f"/events/remote/{event['id']}")).status_code == 200


async def test_friendica_says_yes_to_our_event(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("ada", "friendica.test")
    event = await publish(chapter)
    yes = peer_message("friendica", "accept-event", ada, EVENT=event.uri, ORGANIZER=chapter.uri)
    assert await ada.tell(chapter, yes) == ("done", "comes to an event")
    assert await states(chapter) == {ada.uri: "going"}


async def test_an_announced_event_is_fetched_from_its_own_server(world: World) -> None:
    chapter, relay = await followed(world, "relay", "mobilizon.test", "Application")
    person = world.stranger("lea", "far.test")
    event = _event(person, "https://far.test/e/1")
    person.put(event["id"], {"@context": AS2} | event)
    lie = relay.activity("Announce", event | {"name": "Something else"}, to=[PUBLIC])
    assert await relay.tell(chapter, lie) == ("done", "a new event")
    kept = await only_event(chapter)
    assert (kept["title"], kept["owner_uri"]) == ("Market", person.uri)
    refuse = {"scope": "actor", "subject": person.uri, "decision": "refuse"}
    await chapter.unit(lambda unit: set_mark(unit, **refuse))
    other = _event(person, "https://far.test/e/2")
    person.put(other["id"], {"@context": AS2} | other)
    assert (await relay.tell(chapter, relay.activity("Announce", other["id"], to=[PUBLIC])))[0] == "refused"


def _event(owner: Stranger, uri: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": uri,
        "type": "Event",
        "attributedTo": owner.uri,
        "name": "Market",
        "startTime": "2026-12-20T10:00:00Z",
        "to": [PUBLIC],
    } | fields


async def test_events_of_strangers_private_ones_and_foreign_ones_are_not_kept(world: World) -> None:
    chapter, friend = await followed(world, "friend", "far.test", "Group")
    nobody = world.stranger("nobody", "spam.test")
    spam = nobody.activity("Create", _event(nobody, "https://spam.test/e/1"), to=[PUBLIC])
    assert (await nobody.tell(chapter, spam))[0] == "ignored"
    private = friend.activity(
        "Create", _event(friend, "https://far.test/e/1", to=[chapter.uri]), to=[chapter.uri]
    )
    assert await friend.tell(chapter, private) == ("ignored", "the event is not public")
    foreign = friend.activity("Create", _event(friend, "https://spam.test/e/2"), to=[PUBLIC])
    assert (await friend.tell(chapter, foreign))[0] == "refused"
    assert await chapter.count("event") == 0


async def test_a_join_to_somebody_elses_event_means_nothing_here(world: World) -> None:
    chapter, friend = await followed(world, "friend", "far.test", "Group")
    await friend.tell(chapter, friend.activity("Create", _event(friend, "https://far.test/e/1"), to=[PUBLIC]))
    ada = world.stranger()
    assert (await ada.tell(chapter, join(ada, "https://far.test/e/1")))[0] == "ignored"
    assert await states(chapter) == {}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"eventStatus": "EventCancelled"}, "CANCELLED"),
        ({"eventStatus": "https://schema.org/EventCancelled", "status": "CONFIRMED"}, "CANCELLED"),
        ({"ical:status": "CANCELLED"}, "CANCELLED"),
        ({"status": "TENTATIVE"}, "TENTATIVE"),
        ({"eventStatus": "event:EventPostponed"}, "TENTATIVE"),
        ({"status": None}, "CONFIRMED"),
        ({"status": ["odd"]}, "CONFIRMED"),
        ({}, "CONFIRMED"),
    ],
)
def test_status_is_read_in_three_vocabularies(said: dict[str, Any], status: str) -> None:
    event = {"id": "https://a.test/1", "type": "Event", "name": "X", "startTime": "2026-12-20T10:00:00Z"}
    assert from_event(event | said).status == status


ODD: list[dict[str, Any]] = [
    {"location": [None, 3, {"type": "Place", "name": ["x"], "address": {"streetAddress": {}}}]},
    {"location": {"type": ["Place", "X"], "name": "Hall", "address": "Here"}},
    {"endTime": "2020-01-01T00:00:00Z"},
    {"endTime": "soon", "timezone": "Moon/Crater", "uuid": 7, "category": ["A"], "attachment": None},
    {"maximumAttendeeCapacity": "many", "participantCount": -4, "joinMode": {"a": 1}, "url": "javascript:x"},
    {"participantCount": 10**30, "timezone": "../../etc/passwd", "language": 4, "content": 5},
    {"name": "<b>Bold</b> &amp; brave\n\nwith lines" + "x" * 5000},
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_values_are_left_out_and_nothing_fails(odd: dict[str, Any]) -> None:
    event = {"id": "https://a.test/1", "type": "Event", "name": "X", "startTime": "2026-12-20T10:00:00Z"}
    told = from_event(event | odd)
    assert told.end_at is None and told.zone == "" and told.url == "https://a.test/1"
    assert 0 <= told.going < 2**31 and len(told.title) <= 300 and "\n" not in told.title


@pytest.mark.parametrize("missing", ["id", "name", "startTime"])
def test_an_event_without_the_needed_parts_is_refused(missing: str) -> None:
    event = {"id": "https://a.test/1", "type": "Event", "name": "X", "startTime": "2026-12-20T10:00:00Z"}
    with pytest.raises(PeerRefused):
        from_event({key: value for key, value in event.items() if key != missing})
