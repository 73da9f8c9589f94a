"""Quotes: asked for, answered by the chapter's choice, stamped, withdrawn (FEP-044f)."""

from typing import Any

import pytest

from fedchapter.store.choices import choose
from tests.objects.announcement.support import actor_at, announce, followed_by, peer_message
from tests.support.network import Chapter, Stranger, World


def request_for(uri: str) -> dict[str, Any]:
    """Mastodon's request to quote that post."""
    message = peer_message("mastodon/quote-request")
    return message | {"object": uri, "instrument": message["instrument"] | {"quote": uri}}


async def asked(world: World, chapter: Chapter, choice: str = "public") -> tuple[Stranger, dict[str, Any]]:
    """Ada of Mastodon asks to quote a post, and has the answer."""
    await chapter.unit(lambda unit: choose(unit, "quotes", choice))
    uri = await announce(chapter, "Quote this")
    request = request_for(uri)
    ada = actor_at(world, request["actor"])
    await ada.tell(chapter, request)
    return ada, request


async def test_a_quote_is_accepted_with_a_stamp_that_can_be_fetched(each_world: World) -> None:
    chapter = await each_world.chapter()
    ada, request = await asked(each_world, chapter)
    [accept] = ada.received
    assert accept["type"] == "Accept" and accept["object"]["id"] == request["id"]
    assert accept["object"]["instrument"] == request["instrument"]["id"]
    stamp = await chapter.get_json(accept["result"])
    assert stamp["type"] == "QuoteAuthorization" and stamp["id"] == accept["result"]
    assert stamp["attributedTo"] == chapter.uri
    assert stamp["interactionTarget"] == request["object"]
    assert stamp["interactingObject"] == request["instrument"]["id"]


async def test_asking_again_gives_the_same_stamp(world: World) -> None:
    chapter = await world.chapter()
    ada, request = await asked(world, chapter)
    await ada.tell(chapter, request | {"id": f"{request['id']}2"})
    first, second = ada.received
    assert first["result"] == second["result"] and await chapter.count("quote_stamp") == 1


@pytest.mark.parametrize("choice", ["nobody", "followers"])
async def test_who_may_not_quote_gets_a_no(world: World, choice: str) -> None:
    chapter = await world.chapter()
    ada, request = await asked(world, chapter, choice)
    [reject] = ada.received
    assert reject["type"] == "Reject" and "result" not in reject and reject["object"]["id"] == request["id"]


async def test_a_follower_may_quote_where_followers_may(world: World) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, "quotes", "followers"))
    request = request_for(await announce(chapter, "Quote this"))
    ada = actor_at(world, request["actor"])
    await followed_by(chapter, ada)
    assert await ada.tell(chapter, request) == ("done", "may quote it")
    assert ada.received[0]["type"] == "Accept"


async def test_a_post_on_another_server_cannot_be_the_quoting_one(world: World) -> None:
    chapter = await world.chapter()
    request = request_for(await announce(chapter, "Quote this"))
    ada = actor_at(world, request["actor"])
    state, _ = await ada.tell(chapter, request | {"instrument": "https://victim.example/notes/1"})
    assert state == "refused" and ada.received == []


async def test_a_withdrawn_stamp_answers_gone_and_the_quoter_is_told(world: World) -> None:
    chapter = await world.chapter()
    ada, request = await asked(world, chapter)
    stamp_uri = ada.received[0]["result"]
    moderator = await chapter.signed_in()
    page = (await moderator.get(request["object"])).text
    assert "Quoted elsewhere" in page
    assert (await moderator.post(f"{stamp_uri}/withdraw")).status_code == 303
    await chapter.settle()
    assert ada.received[-1]["type"] == "Delete" and ada.received[-1]["object"]["id"] == stamp_uri
    async with chapter.client() as client:
        answer = await client.get(stamp_uri, headers={"Accept": "application/activity+json"})
    assert answer.status_code == 410


async def test_the_stamp_goes_with_the_quote(world: World) -> None:
    chapter = await world.chapter()
    ada, request = await asked(world, chapter)
    await ada.tell(chapter, ada.activity("Delete", request["instrument"]["id"]))
    assert await chapter.count("quote_stamp") == 0
