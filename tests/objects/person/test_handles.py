"""Public handles: chosen by the member, explained before, unique, never given twice, given up for good."""

import asyncio

import pytest

from fedchapter.members import Role
from fedchapter.members.leaving import leave
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.support.network import Chapter, World
from tests.support.persons import Bearer, bearer, choose_handle


async def test_the_page_says_what_becomes_public_before_it_asks(world: World) -> None:
    chapter = await world.chapter()
    page = (await (await chapter.signed_in(Role.MEMBER)).get("/me/handle")).text
    assert page.index("What becomes visible, and to whom") < page.index('name="handle"')
    assert "Nobody outside, as before" in page
    client = await chapter.signed_in(Role.MEMBER)
    refused = await choose_handle(client, "ana", read="", name="Ana of the river", source="I **paddle**.")
    assert refused.status_code == 422
    assert "once you have read" in refused.text
    assert 'value="Ana of the river"' in refused.text
    assert "I **paddle**." in refused.text
    assert await chapter.count("actor", "type = 'Person'") == 0


async def test_a_handle_is_a_person_with_keys_found_by_webfinger(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await bearer(chapter, "ana", source="I **paddle**.", discoverable="yes", approves_followers="yes")
    document = await chapter.get_json(ana.uri)
    assert (document["type"], document["preferredUsername"], document["name"]) == (
        "Person",
        "ana",
        "Ana from the river",
    )
    assert document["summary"] == "<p>I <strong>paddle</strong>.</p>"
    assert (document["discoverable"], document["indexable"]) == (True, False)
    assert document["manuallyApprovesFollowers"] is True
    assert document["publicKey"]["owner"] == ana.uri
    assert document["assertionMethod"][0]["controller"] == ana.uri
    assert "members" not in document
    finger = await chapter.client().get("/.well-known/webfinger?resource=acct:ana@riverside.test")
    assert finger.json()["links"][0]["href"] == ana.uri
    for name in ("outbox", "followers", "following", "featured"):
        assert (await chapter.get_json(f"{ana.uri}/{name}"))["totalItems"] == 0
    page = await chapter.client().get("/@ana", headers={"Accept": "text/html"})
    assert (page.status_code, "Ana from the river" in page.text) == (200, True)
    assert "Member ana" not in page.text


@pytest.mark.parametrize(
    "handle",
    ["riverside", "relay", "admin", "moderator", "a", "-ana", "ana-b", "anä", "ana b", "x" * 31, "_a", ""],
)
async def test_a_name_that_is_taken_reserved_or_odd_is_refused_with_a_reason(
    world: World, handle: str
) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MEMBER)
    answer = await choose_handle(client, handle)
    assert answer.status_code == 422
    assert 'href="#field-handle"' in answer.text
    assert await chapter.count("account", "handle IS NOT NULL") == 0


async def test_a_member_has_one_handle_only(world: World) -> None:
    chapter = await world.chapter()
    ana = await bearer(chapter)
    assert (await choose_handle(ana.client, "bea")).status_code == 400
    assert await chapter.count("actor", "type = 'Person'") == 1


async def test_of_two_who_want_the_same_handle_at_once_one_gets_it(each_world: World) -> None:
    chapter = await each_world.chapter()
    clients = [await chapter.signed_in(Role.MEMBER, f"Wants it {number}") for number in range(4)]
    answers = await asyncio.gather(*(choose_handle(client, "ana") for client in clients))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    assert await chapter.count("account", "handle = 'ana'") == 1
    assert await chapter.count("actor_key", "actor_uri = ?", "https://riverside.test/@ana") == 2


async def test_one_member_who_asks_twice_at_once_gets_one_handle(each_world: World) -> None:
    chapter = await each_world.chapter()
    client = await chapter.signed_in(Role.MEMBER)
    await asyncio.gather(choose_handle(client, "ana"), choose_handle(client, "bea"))
    assert await chapter.count("account", "handle IS NOT NULL") == 1
    assert await chapter.count("actor", "type = 'Person'") == 1


async def is_gone(chapter: Chapter, uri: str) -> bool:
    answer = await chapter.client().get(uri, headers={"Accept": ACTIVITY_JSON})
    return answer.status_code == 410


async def give_up(ana: Bearer) -> None:
    answer = await ana.client.post("/me/handle/give-up", data={"sure": "yes"})
    assert answer.status_code == 303, answer.text
    await ana.chapter.settle()


async def test_a_handle_that_was_given_up_is_gone_and_never_given_again(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await bearer(chapter, source="About me")
    assert (await ana.client.post("/me/handle/give-up", data={})).status_code == 422
    await give_up(ana)
    assert await is_gone(chapter, ana.uri)
    finger = await chapter.client().get("/.well-known/webfinger?resource=acct:ana@riverside.test")
    assert finger.status_code == 410
    assert await chapter.count("person") == 0
    assert await chapter.count("account", "handle IS NOT NULL") == 0
    other = await chapter.signed_in(Role.MEMBER)
    assert (await choose_handle(other, "ana")).status_code == 422
    assert (await choose_handle(ana.client, "ana")).status_code == 422
    assert (await choose_handle(ana.client, "bea")).status_code == 303
    each_world.move(days=7)
    await chapter.settle()
    assert await chapter.count("actor_key", "actor_uri = ?", ana.uri) == 0


async def test_whoever_leaves_the_chapter_takes_the_handle_along(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await bearer(chapter)
    [row] = await chapter.rows("SELECT id FROM account WHERE handle = 'ana'")
    await chapter.unit(lambda unit: leave(unit, row["id"]))
    await chapter.settle()
    assert await is_gone(chapter, ana.uri)


async def test_a_change_reaches_everybody_who_saw_the_person(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    ana = await bearer(chapter, approves_followers="")
    await ada.tell(chapter, ada.activity("Follow", ana.uri))
    await world.settle()
    changed = await ana.client.post(
        "/me/handle/profile", data={"name": "Ana R.", "source": "New", "indexable": "yes"}
    )
    assert changed.status_code == 303
    await chapter.settle()
    [update] = [activity for activity in ada.received if activity["type"] == "Update"]
    assert (update["actor"], update["object"]["name"], update["object"]["indexable"]) == (
        ana.uri,
        "Ana R.",
        True,
    )
