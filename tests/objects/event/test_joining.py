"""Who comes: Join, Leave, Undo, and members' own answers; places hold, names stay here."""

import asyncio
from typing import Any

import pytest

from fedchapter.errors import Refusal
from fedchapter.members import Role
from fedchapter.objects.event.draft import EXTERNAL, RESTRICTED, JoinRef
from fedchapter.objects.event.service import answers, ours
from fedchapter.policy import set_mark
from tests.objects.event.made import join, kinds_of, publish, states
from tests.support.network import World


async def test_a_join_is_accepted_and_told_to_the_joiner_alone(each_world: World) -> None:
    chapter, ada, ben = await each_world.chapter(), each_world.stranger(), each_world.stranger("ben")
    event = await publish(chapter)
    asked = join(ada, event, cc=[ben.uri, chapter.uri])
    assert await ada.tell(chapter, asked) == ("done", "comes to an event")
    [accept] = ada.received
    assert (accept["type"], accept["actor"], accept["to"]) == ("Accept", chapter.uri, [ada.uri])
    assert "cc" not in accept
    assert accept["object"] == {"id": asked["id"], "type": "Join", "actor": ada.uri, "object": event.uri}
    assert ben.received == []
    assert await states(chapter) == {ada.uri: "going"}
    assert (await chapter.get_json(event.uri))["participantCount"] == 1


async def test_an_accept_is_readable_by_the_joiner_only(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    event = await publish(chapter)
    await ada.tell(chapter, join(ada, event))
    [accept] = ada.received
    client = chapter.client()
    assert (
        await client.get(accept["id"], headers={"Accept": "application/activity+json"})
    ).status_code == 404


async def test_what_was_written_with_a_join_is_seen_by_staff_and_erased_elsewhere(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    event = await publish(chapter)
    said = "<p>I bring <b>soup</b></p>" + "x" * 2000
    embedded = join(ada, {"type": "Event", "id": event.uri}, participationMessage=said)
    await ada.tell(chapter, embedded)
    staff = await chapter.signed_in(Role.MODERATOR)
    page = (await staff.get(f"/events/{event.id}/answers")).text
    assert "I bring soup" in page and "<b>soup" not in page
    assert await chapter.count("inbox_item", "body LIKE '%soup%'") == 0
    assert await chapter.count("outbox_item", "body LIKE '%soup%'") == 0
    assert (await chapter.rows("SELECT message FROM answer"))[0]["message"].__len__() <= 500


async def test_the_last_place_is_given_once(each_world: World) -> None:
    chapter = await each_world.chapter()
    event = await publish(chapter, capacity=3)

    async def ask(name: str) -> str:
        ref = JoinRef(f"https://x.test/{name}", f"https://x.test/u/{name}", event.uri)
        return await chapter.unit(lambda unit: answers.receive_join(unit, ref))

    said = await asyncio.gather(*(ask(f"n{number}") for number in range(12)))
    assert sorted(said) == ["going"] * 3 + ["rejected"] * 9
    assert (await chapter.rows("SELECT going FROM event"))[0]["going"] == 3


async def test_a_full_event_rejects_and_a_leave_frees_the_place(world: World) -> None:
    chapter, ada, ben = await world.chapter(), world.stranger(), world.stranger("ben")
    event = await publish(chapter, capacity=1)
    await ada.tell(chapter, join(ada, event))
    await ben.tell(chapter, join(ben, event))
    assert kinds_of(ben.received) == [("Reject", "Join")]
    assert (await chapter.get_json(event.uri))["remainingAttendeeCapacity"] == 0
    assert await ada.tell(chapter, ada.activity("Leave", event.uri)) == ("done", "does not come any more")
    await ben.tell(chapter, join(ben, event))
    assert [one["type"] for one in ben.received] == ["Reject", "Accept"]
    assert await states(chapter) == {ada.uri: "left", ben.uri: "going"}


async def test_a_repeated_join_is_accepted_again_and_counted_once(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    event = await publish(chapter, capacity=1)
    for _ in range(2):
        await ada.tell(chapter, join(ada, event))
    assert [one["type"] for one in ada.received] == ["Accept", "Accept"]
    assert (await chapter.get_json(event.uri))["participantCount"] == 1


@pytest.mark.parametrize("bare", [True, False])
async def test_an_undone_join_is_taken_back_by_its_owner_only(world: World, bare: bool) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    mallory = world.stranger("mallory", "evil.test")
    event = await publish(chapter)
    asked = join(ada, event)
    await ada.tell(chapter, asked)
    what: Any = asked["id"] if bare else asked
    assert (await mallory.tell(chapter, mallory.activity("Undo", what)))[0] == "refused"
    assert await states(chapter) == {ada.uri: "going"}
    assert await ada.tell(chapter, ada.activity("Undo", what)) == ("done", "does not come any more")
    assert await states(chapter) == {ada.uri: "left"}


async def test_friendica_answers_with_an_accept_of_the_event_itself(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    event = await publish(chapter)
    accept = ada.activity("Accept", {"type": "Event", "id": event.uri, "name": event.title})
    assert await ada.tell(chapter, accept) == ("done", "comes to an event")
    assert await ada.tell(chapter, ada.activity("Undo", accept)) == ("done", "does not come any more")
    assert await ada.tell(chapter, ada.activity("TentativeAccept", event.uri)) == ("done", "may come")
    assert await ada.tell(chapter, ada.activity("Reject", event.uri)) == ("done", "does not come")
    assert await states(chapter) == {ada.uri: "declined"}
    assert ada.received == []


async def test_staff_decides_where_the_event_says_so(world: World) -> None:
    chapter, ada, ben = await world.chapter(), world.stranger(), world.stranger("ben")
    event = await publish(chapter, join_mode=RESTRICTED)
    for one in (ada, ben):
        assert await one.tell(chapter, join(one, event)) == ("done", "waits for the organizers' answer")
    assert ada.received == []
    staff = await chapter.signed_in(Role.MODERATOR)
    ids = {row["actor_uri"]: row["id"] for row in await chapter.rows("SELECT id, actor_uri FROM answer")}
    for one, decision in ((ada, "accept"), (ben, "reject")):
        path = f"/events/{event.id}/answers/{ids[one.uri]}"
        assert (await staff.post(path, data={"decision": decision})).status_code == 303
    await chapter.settle()
    assert kinds_of(ada.received) == [("Accept", "Join")]
    assert kinds_of(ben.received) == [("Reject", "Join")]
    await ben.tell(chapter, join(ben, event))
    assert kinds_of(ben.received) == [("Reject", "Join"), ("Reject", "Join")]
    assert await states(chapter) == {ada.uri: "going", ben.uri: "rejected"}


async def test_answers_collected_elsewhere_are_ignored_in_so_many_words(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    event = await publish(chapter, join_mode=EXTERNAL, join_url="https://tickets.test/assembly")
    asked = join(ada, event)
    await ada.tell(chapter, asked)
    [ignore] = ada.received
    assert (ignore["type"], ignore["object"]) == ("Ignore", asked["id"])
    assert await states(chapter) == {}


async def test_joins_to_what_is_over_or_cancelled_are_rejected_and_those_of_the_refused_go_unanswered(
    world: World,
) -> None:
    chapter, ada, ben = await world.chapter(), world.stranger(), world.stranger("ben")
    event, other = await publish(chapter), await publish(chapter)
    await chapter.unit(lambda unit: ours.cancel_event(unit, other.id))
    await ada.tell(chapter, join(ada, other))
    refused = {"scope": "actor", "subject": ben.uri, "decision": "refuse"}
    await chapter.unit(lambda unit: set_mark(unit, **refused))
    await ben.tell(chapter, join(ben, event))
    world.move(days=11)
    await ada.tell(chapter, join(ada, event))
    assert [one["type"] for one in ada.received] == ["Reject", "Reject"]
    assert ben.received == []
    assert "going" not in (await states(chapter)).values()


async def test_a_member_answers_on_the_page_and_nothing_leaves(each_world: World) -> None:
    chapter = await each_world.chapter()
    event = await publish(chapter, capacity=1)
    await each_world.settle()
    sent = await chapter.count("outbox_item")
    member = await chapter.signed_in(Role.MEMBER, "Rosa")
    for said, shown in (("yes", "You come"), ("no", "You do not come"), ("yes", "You come")):
        answer = await member.post(f"/events/{event.id}/answer", data={"answer": said})
        assert answer.status_code == 303
        assert shown in (await member.get(f"/events/{event.id}")).text
    assert await chapter.count("outbox_item") == sent
    assert list((await states(chapter)).values()) == ["going"]
    late = await chapter.signed_in(Role.MEMBER, "Karl")
    answer = await late.post(f"/events/{event.id}/answer", data={"answer": "yes"})
    assert answer.status_code == 400 and "Every place is taken" in answer.text


async def test_names_of_those_who_come_are_for_staff(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    event = await publish(chapter)
    await ada.tell(chapter, join(ada, event))
    member = await chapter.signed_in(Role.MEMBER, "Rosa")
    await member.post(f"/events/{event.id}/answer", data={"answer": "yes"})
    other = await chapter.signed_in(Role.MEMBER, "Karl")
    page = (await other.get(f"/events/{event.id}")).text
    assert "Rosa" not in page and "Ada" not in page
    assert (await other.get(f"/events/{event.id}/answers")).status_code == 403
    assert (await chapter.client().get(f"/events/{event.id}/answers")).status_code == 303
    staff = await chapter.signed_in(Role.MODERATOR)
    shown = (await staff.get(f"/events/{event.id}/answers")).text
    assert "Rosa" in shown and "@ada@elsewhere.test" in shown


async def test_deciding_about_an_answer_that_is_not_there_is_refused(world: World) -> None:
    chapter = await world.chapter()
    event = await publish(chapter)
    with pytest.raises(Refusal):
        await chapter.unit(lambda unit: answers.decide(unit, event.id, "nobody", accepted=True))
