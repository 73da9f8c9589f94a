"""A group as other servers see it: followed, verified by its own key, joined, passed on, gone."""

from typing import Any

import pytest

from fedchapter.federation.fetch import fetch_actor
from fedchapter.members import Role
from fedchapter.members.groups import GroupRow
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.event.service import ours
from fedchapter.objects.follow import service as following
from fedchapter.objects.group import service
from fedchapter.signatures import read_proof
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.objects.event.made import draft as event_draft
from tests.objects.event.made import follow, join
from tests.objects.group.made import belongs, found, told
from tests.support.chapter import Chapter
from tests.support.network import World

JSON = {"Accept": ACTIVITY_JSON}


async def announce(chapter: Chapter, group: GroupRow, text: str, **changes: Any) -> str:
    """The URI of an announcement of the group, sent."""
    wanted = Draft(text, author_uri=group.actor_uri, **changes)
    id_ = await chapter.unit(lambda unit: announcements.write(unit, wanted))
    await chapter.settle()
    return chapter.settings.uri("announcements", id_)


async def test_a_group_is_an_actor_with_its_own_keys_and_everything_mobilizon_asks_for(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    document = await riverside.get_json("/@harbour")
    assert (document["id"], document["type"]) == (group.actor_uri, "Group")
    assert document["webfinger"] == "harbour@riverside.test"
    assert "<strong>water</strong>" in document["summary"]
    chapter = await riverside.get_json(riverside.uri)
    assert document["publicKey"]["publicKeyPem"] != chapter["publicKey"]["publicKeyPem"]
    for name in ("outbox", "followers", "following", "featured", "events", "members", "posts"):
        assert (await riverside.get_json(f"/@harbour/{name}"))["totalItems"] == 0


async def test_another_chapter_follows_a_group_and_shows_what_it_announces(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    group = await found(riverside)
    actor = await hillside.run(fetch_actor(hillside.house, group.actor_uri))
    await hillside.unit(lambda unit: following.ask(unit, hillside.uri, actor))
    await each_world.settle()
    uri = await announce(riverside, group, "The pier is open again.")
    await each_world.settle()
    [row] = await hillside.rows("SELECT owner_uri, listed FROM known_object WHERE uri = ?", uri)
    assert (row["owner_uri"], bool(row["listed"])) == (group.actor_uri, True)
    page = (await hillside.client().get("/")).text
    assert "The pier is open again." in page and "Harbour district" in page


async def test_what_a_group_announces_goes_to_its_followers_signed_by_itself(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    ada, bob = world.stranger(), world.stranger("bob", "other.test")
    await follow(ada, riverside, group.actor_uri)
    await follow(bob, riverside)
    uri = await announce(riverside, group, "The pier is open again.")
    [create] = ada.received
    assert (create["actor"], create["object"]["attributedTo"]) == (group.actor_uri, group.actor_uri)
    assert create["cc"] == [f"{group.actor_uri}/followers"]
    proof = read_proof(create)
    assert proof is not None and proof.method == f"{group.actor_uri}#ed25519-key"
    assert bob.received == []
    document = await riverside.get_json(uri)
    assert document["proof"]["verificationMethod"] == f"{group.actor_uri}#ed25519-key"
    assert (await riverside.get_json("/@harbour/outbox"))["totalItems"] == 1
    assert "Harbour district" in (await riverside.client().get("/")).text


async def test_the_chapter_passes_on_what_a_group_says_if_that_is_wanted(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    bob = world.stranger("bob", "other.test")
    await follow(bob, riverside)
    await announce(riverside, group, "For the group only.")
    uri = await announce(riverside, group, "For everybody.", shared=True)
    [shared] = bob.received
    assert (shared["type"], shared["actor"], shared["object"]) == ("Announce", riverside.uri, uri)
    bob.received.clear()
    await riverside.unit(lambda unit: announcements.delete(unit, uri.rpartition("/")[2]))
    await riverside.settle()
    assert [one["type"] for one in bob.received] == ["Delete"]
    assert bob.received[0]["actor"] == group.actor_uri


async def test_people_come_to_the_event_of_a_group_and_it_answers_them_itself(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    ada = world.stranger()
    await follow(ada, riverside, group.actor_uri)
    wanted = event_draft(riverside, owner_uri=group.actor_uri)
    event = await riverside.unit(lambda unit: ours.publish_event(unit, wanted))
    await riverside.settle()
    assert ada.received[0]["actor"] == group.actor_uri
    assert ada.received[0]["object"]["organizers"]["items"] == [group.actor_uri]
    assert (await riverside.get_json("/@harbour/events"))["totalItems"] == 1
    ada.received.clear()
    assert (await ada.tell(riverside, join(ada, event), inbox=f"{group.actor_uri}/inbox"))[0] == "done"
    assert (ada.received[0]["type"], ada.received[0]["actor"]) == ("Accept", group.actor_uri)
    await riverside.unit(lambda unit: ours.cancel_event(unit, event.id))
    await riverside.settle()
    assert {one["actor"] for one in ada.received} == {group.actor_uri}


async def test_replies_and_likes_to_a_group_count_as_to_the_chapter(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    ada = world.stranger()
    uri = await announce(riverside, group, "The pier is open again.")
    assert (await ada.tell(riverside, ada.activity("Like", uri)))[0] == "done"
    reply = ada.create(ada.note("<p>At last!</p>", reply_to=uri))
    assert (await ada.tell(riverside, reply))[0] in ("done", "held")
    [row] = await riverside.rows("SELECT likes FROM known_object WHERE uri = ?", uri)
    assert row["likes"] == 1


async def test_a_quote_of_a_group_is_stamped_by_the_group(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    ada = world.stranger()
    uri = await announce(riverside, group, "The pier is open again.")
    request = ada.activity("QuoteRequest", uri, instrument=f"https://{ada.host}/notes/q")
    assert (await ada.tell(riverside, request))[0] == "done"
    [accept] = ada.received
    assert (accept["type"], accept["actor"]) == ("Accept", group.actor_uri)
    stamp = await riverside.get_json(accept["result"])
    assert stamp["attributedTo"] == group.actor_uri


async def test_changes_of_a_group_reach_its_followers(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    ada = world.stranger()
    await follow(ada, riverside, group.actor_uri)
    await riverside.unit(
        lambda unit: service.change_group(
            unit, group, service.GroupDraft("Old harbour", about="New text", kind="precinct")
        )
    )
    await riverside.settle()
    [update] = ada.received
    assert (update["type"], update["actor"]) == ("Update", group.actor_uri)
    assert update["object"]["name"] == "Old harbour"


async def test_followers_of_a_group_wait_for_whoever_speaks_as_it(world: World) -> None:
    riverside = await world.chapter()
    await found(riverside, approves_followers=True)
    uri, ada = riverside.settings.uri("@harbour"), world.stranger()
    await ada.tell(riverside, ada.activity("Follow", uri))
    assert not ada.received
    [row] = await riverside.rows("SELECT id FROM follow")
    organizer = await riverside.signed_in(Role.ORGANIZER)
    assert ada.username in (await organizer.get("/groups/harbour/followers")).text
    moderator = await riverside.signed_in(Role.MODERATOR)
    done = await moderator.post(f"/groups/harbour/followers/{row['id']}", data={"act": "approve"})
    assert done.status_code == 303
    await riverside.settle()
    assert [(one["type"], one["actor"]) for one in ada.received] == [("Accept", uri)]


async def test_a_closed_group_is_gone_elsewhere_and_can_be_read_here(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    ada = world.stranger()
    await follow(ada, riverside, group.actor_uri)
    uri = await announce(riverside, group, "The pier is open again.")
    ada.received.clear()
    await riverside.unit(lambda unit: service.close_group(unit, group, by=""))
    await riverside.settle()
    [delete] = ada.received
    assert (delete["type"], delete["actor"], delete["object"]) == (
        "Delete",
        group.actor_uri,
        group.actor_uri,
    )
    client = riverside.client()
    assert (await client.get("/@harbour", headers=JSON)).status_code == 410
    assert (await client.get("/@harbour")).status_code == 410
    assert (await client.get(uri, headers=JSON)).status_code == 404
    assert "The pier is open again." in (await client.get(uri)).text


async def test_what_a_closed_group_had_still_to_say_is_not_said(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    later = Draft(
        "Tomorrow.", author_uri=group.actor_uri, publish_at=riverside.clock.now().replace(year=2099)
    )
    await riverside.unit(lambda unit: announcements.write(unit, later))
    await riverside.unit(lambda unit: service.close_group(unit, group, by=""))
    await riverside.settle()
    assert await riverside.count("announcement") == 0


async def test_members_of_a_group_are_told_what_it_publishes_and_nobody_else_is(world: World) -> None:
    riverside = await world.chapter()
    group, other = await found(riverside), await found(riverside, "weavers")
    ana, bea = await belongs(riverside, group, "Ana"), await belongs(riverside, other, "Bea")
    await announce(riverside, group, "The pier is open again.")
    wanted = event_draft(riverside, owner_uri=group.actor_uri)
    await riverside.unit(lambda unit: ours.publish_event(unit, wanted))
    assert [text for kind, text in await told(riverside, ana) if kind == "group"] == [
        "%(group)s announces: %(title)s",
        "%(group)s invites: %(title)s",
    ]
    assert await told(riverside, bea) == []


@pytest.mark.parametrize("shared", [True, False])
async def test_who_is_in_a_group_is_in_nothing_that_leaves(world: World, shared: bool) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    ana = await belongs(riverside, group, "Anastasia Unmistakable")
    await announce(riverside, group, "The pier is open again.", shared=shared)
    rows = await riverside.rows("SELECT body FROM outbox_item")
    documents = [
        (await riverside.client().get(path, headers=JSON)).text for path in ("/@harbour", "/@harbour/members")
    ]
    for text in (*documents, *(row["body"] for row in rows)):
        assert "Unmistakable" not in text and ana.id not in text


async def test_subscribers_by_mail_get_of_a_group_only_what_the_chapter_passes_on(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    await announce(riverside, group, "For the group.")
    uri = await announce(riverside, group, "For everybody.", shared=True)
    event = event_draft(riverside, owner_uri=group.actor_uri)
    kept = await riverside.unit(lambda unit: ours.publish_event(unit, event))
    await riverside.unit(lambda unit: ours.cancel_event(unit, kept.id))
    rows = await riverside.rows("SELECT uri FROM news")
    assert [row["uri"] for row in rows] == [uri]
