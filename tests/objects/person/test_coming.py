"""Answers to events of other chapters and servers, under a public handle."""

from typing import Any

import pytest

from fedchapter.members import Role
from tests.objects.event.made import publish, states
from tests.support.network import PUBLIC, Chapter, Stranger, World
from tests.support.persons import Bearer, bearer


async def event_seen(riverside: Chapter, hillside: Chapter, **changes: Any) -> tuple[str, str]:
    """An event of Hillside that Riverside follows: its id there, and its path here."""
    client = await riverside.signed_in(Role.ADMIN)
    await client.post("/admin/following", data={"handle": "@hillside@hillside.test"})
    for chapter in (riverside, hillside, riverside):
        await chapter.settle()
    event = await publish(hillside, **changes)
    for chapter in (hillside, riverside):
        await chapter.settle()
    [row] = await riverside.rows("SELECT id FROM event WHERE uri = ?", event.uri)
    return event.uri, f"/events/remote/{row['id']}"


async def says(ana: Bearer, path: str, answer: str, **fields: str) -> int:
    return (await ana.client.post(f"{path}/answer", data={"answer": answer} | fields)).status_code


async def page(ana: Bearer, path: str) -> str:
    return (await ana.client.get(path)).text


async def test_a_yes_travels_and_the_organizers_yes_comes_back(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    _, path = await event_seen(riverside, hillside)
    ana = await bearer(riverside)
    assert "hillside.test will see your public name" in await page(ana, path)
    assert await says(ana, path, "yes", message="I bring cake") == 303
    assert "No answer yet" in await page(ana, path)
    await each_world.settle()
    assert await states(hillside) == {ana.uri: "going"}
    assert await states(riverside) == {ana.uri: "going"}
    assert "on the list" in await notice_text(riverside)
    [row] = await hillside.rows("SELECT message FROM answer")
    assert row["message"] == "I bring cake"
    assert "The organizers said yes" in await page(ana, path)
    [event] = await riverside.rows("SELECT going FROM event")
    assert event["going"] == 0
    assert await says(ana, path, "no") == 303
    await each_world.settle()
    assert await states(hillside) == {ana.uri: "left"}
    assert await says(ana, path, "yes") == 303
    await each_world.settle()
    assert await states(hillside) == {ana.uri: "going"}


async def notice_text(chapter: Chapter) -> str:
    rows = await chapter.rows("SELECT text FROM notice WHERE kind = 'event' AND path LIKE '/events/remote/%'")
    return " ".join(row["text"] for row in rows)


async def test_what_was_written_with_a_yes_is_not_kept_where_it_was_written(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    _, path = await event_seen(riverside, hillside)
    ana = await bearer(riverside)
    await says(ana, path, "yes", message="I bring cake")
    each_world.network.apps.pop("hillside.test")
    await riverside.settle()
    each_world.move(hours=2)
    await riverside.settle()
    assert await riverside.count("outbox_item", "body LIKE '%cake%'") == 1
    each_world.network.apps["hillside.test"] = hillside.instance
    each_world.move(hours=13)
    await each_world.settle()
    each_world.move(hours=13)
    await each_world.settle()
    assert await states(hillside) == {ana.uri: "going"}
    assert await riverside.count("outbox_item", "body LIKE '%cake%'") == 0


async def test_a_restricted_event_waits_for_a_person_who_decides(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    _, path = await event_seen(riverside, hillside, join_mode="restricted")
    ana = await bearer(riverside)
    await says(ana, path, "yes")
    await world.settle()
    assert "No answer yet" in await page(ana, path)
    staff = await hillside.signed_in(Role.MODERATOR)
    [row] = await hillside.rows("SELECT id, event_id FROM answer")
    await staff.post(f"/events/{row['event_id']}/answers/{row['id']}", data={"decision": "reject"})
    await world.settle()
    assert "The organizers said no" in await page(ana, path)
    assert await says(ana, path, "yes") == 400


async def test_without_a_handle_nothing_is_sent(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    _, path = await event_seen(riverside, hillside)
    client = await riverside.signed_in(Role.MEMBER)
    shown = await client.get(path)
    assert "/me/handle?next=" in shown.text
    assert (await client.post(f"{path}/answer", data={"answer": "yes"})).status_code == 403
    assert await riverside.count("answer") == 0


async def test_an_event_whose_answers_are_collected_elsewhere_offers_no_button(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    _, path = await event_seen(riverside, hillside, join_mode="external", join_url="https://forms.test/1")
    ana = await bearer(riverside)
    assert 'name="answer"' not in await page(ana, path)
    assert await says(ana, path, "yes") == 400


async def mobilizon_event(chapter: Chapter, owner: Stranger) -> tuple[str, str]:
    """An event of a group on a server of strangers, followed here: its id, and its path here."""
    client = await chapter.signed_in(Role.ADMIN)
    await client.post("/admin/following", data={"handle": f"@{owner.username}@{owner.host}"})
    await chapter.settle()
    [ask] = [one for one in owner.received if one["type"] == "Follow"]
    await owner.tell(chapter, owner.activity("Accept", ask))
    uri = f"https://{owner.host}/events/1"
    event = {
        "id": uri, "type": "Event", "name": "Street party", "attributedTo": owner.uri,
        "startTime": "2031-05-01T10:00:00Z", "joinMode": "free", "to": [PUBLIC], "cc": [], "url": uri,
    }  # fmt: skip
    assert (await owner.tell(chapter, owner.activity("Create", event, to=[PUBLIC])))[0] == "done"
    [row] = await chapter.rows("SELECT id FROM event")
    return uri, f"/events/remote/{row['id']}"


async def test_a_moderator_of_the_group_answers_as_at_mobilizon_and_nobody_else(world: World) -> None:
    chapter = await world.chapter()
    group = world.stranger("party", "mobilizon.test", "Group")
    moderator, neighbour = world.stranger("mod", "mobilizon.test"), world.stranger("eve", "evil.test")
    uri, path = await mobilizon_event(chapter, group)
    ana = await bearer(chapter)
    await says(ana, path, "yes", message="Hi")
    await chapter.settle()
    [join] = [one for one in group.received if one["type"] == "Join"]
    assert {name: join[name] for name in ("actor", "object", "to", "participationMessage")} == {
        "actor": ana.uri,
        "object": uri,
        "to": [group.uri],
        "participationMessage": "Hi",
    }
    assert "cc" not in join
    assert (await neighbour.tell(chapter, neighbour.activity("Accept", join)))[0] == "refused"
    assert await states(chapter) == {ana.uri: "pending"}
    assert (await moderator.tell(chapter, moderator.activity("Accept", join)))[0] == "done"
    assert await states(chapter) == {ana.uri: "going"}
    assert (await moderator.tell(chapter, moderator.activity("Reject", join)))[0] == "done"
    assert await states(chapter) == {ana.uri: "rejected"}


@pytest.mark.parametrize(("verb", "state"), [("TentativeAccept", "maybe"), ("Ignore", "rejected")])
async def test_other_answers_of_organizers_are_understood(world: World, verb: str, state: str) -> None:
    chapter = await world.chapter()
    group = world.stranger("party", "mobilizon.test", "Group")
    _, path = await mobilizon_event(chapter, group)
    ana = await bearer(chapter)
    await says(ana, path, "yes")
    await chapter.settle()
    [join] = [one for one in group.received if one["type"] == "Join"]
    assert (await group.tell(chapter, group.activity(verb, join["id"])))[0] == "done"
    assert await states(chapter) == {ana.uri: state}


async def test_whoever_gives_the_handle_up_comes_to_nothing_any_more(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    _, path = await event_seen(riverside, hillside)
    ana = await bearer(riverside)
    await says(ana, path, "yes")
    await each_world.settle()
    assert (await ana.client.post("/me/handle/give-up", data={"sure": "yes"})).status_code == 303
    await each_world.settle()
    assert await states(riverside) == {}
    assert await states(hillside) == {}
