"""Sister chapters: a yes on both sides, resting on a mutual follow, ended by either and by the end of a follow."""

from typing import Any

import pytest

from fedchapter.actors import get_actor
from fedchapter.actors.sisters import find_sisters, is_sister
from fedchapter.errors import NotFound, Refusal
from fedchapter.federation.fetch import fetch_actor
from fedchapter.members import Role
from fedchapter.objects.follow import service as follow
from fedchapter.objects.sister import service
from tests.support.network import Chapter, Stranger, World


async def state(chapter: Chapter, other: str) -> str:
    rows = await chapter.rows("SELECT state FROM sister WHERE actor_uri = ?", other)
    return str(rows[0]["state"]) if rows else "none"


async def sisters(chapter: Chapter) -> list[str]:
    return await chapter.run(find_sisters(chapter.house.database, chapter.uri))


async def ask_to_follow(chapter: Chapter, uri: str) -> None:
    actor = await chapter.run(fetch_actor(chapter.house, uri))
    await chapter.unit(lambda unit: follow.ask(unit, chapter.uri, actor))


async def offer(chapter: Chapter, other: str) -> str:
    return await chapter.unit(lambda unit: _offer(unit, other))


async def _offer(unit: Any, other: str) -> str:
    return await service.offer(unit, await get_actor(unit, other))


async def befriended(world: World) -> tuple[Chapter, Chapter]:
    """Two chapters that follow each other."""
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    await ask_to_follow(riverside, hillside.uri)
    await ask_to_follow(hillside, riverside.uri)
    await world.settle()
    return riverside, hillside


async def made_sisters(world: World) -> tuple[Chapter, Chapter]:
    riverside, hillside = await befriended(world)
    await offer(riverside, hillside.uri)
    await world.settle()
    await hillside.unit(lambda unit: service.answer(unit, riverside.uri, accepted=True))
    await world.settle()
    assert (await sisters(riverside), await sisters(hillside)) == ([hillside.uri], [riverside.uri])
    return riverside, hillside


async def test_two_chapters_become_sisters_by_a_yes_on_both_sides(each_world: World) -> None:
    riverside, hillside = await befriended(each_world)
    assert await offer(riverside, hillside.uri) == "offered"
    await each_world.settle()
    assert (await state(riverside, hillside.uri), await state(hillside, riverside.uri)) == (
        "offered",
        "asked",
    )
    assert (await sisters(riverside), await sisters(hillside)) == ([], [])
    await hillside.unit(lambda unit: service.answer(unit, riverside.uri, accepted=True))
    await each_world.settle()
    assert (await sisters(riverside), await sisters(hillside)) == ([hillside.uri], [riverside.uri])
    assert await riverside.run(is_sister(riverside.house.database, riverside.uri, hillside.uri))


async def test_a_no_ends_it_and_one_may_ask_again(each_world: World) -> None:
    riverside, hillside = await befriended(each_world)
    await offer(riverside, hillside.uri)
    await each_world.settle()
    await hillside.unit(lambda unit: service.answer(unit, riverside.uri, accepted=False))
    await each_world.settle()
    assert (await state(riverside, hillside.uri), await state(hillside, riverside.uri)) == ("ended", "ended")
    await offer(riverside, hillside.uri)
    await each_world.settle()
    assert await state(hillside, riverside.uri) == "asked"


async def test_two_offers_that_cross_are_two_yeses(each_world: World) -> None:
    riverside, hillside = await befriended(each_world)
    await offer(riverside, hillside.uri)
    await offer(hillside, riverside.uri)
    await each_world.settle()
    assert (await sisters(riverside), await sisters(hillside)) == ([hillside.uri], [riverside.uri])
    await hillside.unit(lambda unit: service.end(unit, riverside.uri))
    await each_world.settle()
    assert (await state(riverside, hillside.uri), await state(hillside, riverside.uri)) == ("ended", "ended")


async def test_asking_a_chapter_that_asked_is_a_yes(world: World) -> None:
    riverside, hillside = await befriended(world)
    await offer(riverside, hillside.uri)
    await world.settle()
    assert await offer(hillside, riverside.uri) == "sisters"
    await world.settle()
    assert await sisters(riverside) == [hillside.uri]


@pytest.mark.parametrize("who", ["the one that offered", "the one that accepted"])
async def test_either_of_the_two_may_end_it(each_world: World, who: str) -> None:
    riverside, hillside = await made_sisters(each_world)
    one, other = (riverside, hillside) if who == "the one that offered" else (hillside, riverside)
    await one.unit(lambda unit: service.end(unit, other.uri))
    await each_world.settle()
    assert (await state(riverside, hillside.uri), await state(hillside, riverside.uri)) == ("ended", "ended")
    assert await other.log() != []
    with pytest.raises(NotFound):
        await one.unit(lambda unit: service.end(unit, other.uri))


@pytest.mark.parametrize("who", ["the one that offered", "the one that accepted"])
async def test_the_end_of_a_follow_is_the_end_of_sisterhood(each_world: World, who: str) -> None:
    riverside, hillside = await made_sisters(each_world)
    one, other = (riverside, hillside) if who == "the one that offered" else (hillside, riverside)
    await one.unit(lambda unit: follow.withdraw(unit, one.uri, other.uri))
    assert await sisters(one) == []
    await each_world.settle()
    assert (await state(riverside, hillside.uri), await state(hillside, riverside.uri)) == ("ended", "ended")
    await ask_to_follow(one, other.uri)
    await each_world.settle()
    assert (await sisters(one), await sisters(other)) == ([], [])


async def test_a_removed_follower_is_no_sister(world: World) -> None:
    riverside, hillside = await made_sisters(world)
    [row] = await riverside.rows("SELECT id FROM follow WHERE follower_uri = ?", hillside.uri)
    await riverside.unit(lambda unit: follow.answer(unit, row["id"], accepted=False))
    await world.settle()
    assert (await sisters(riverside), await sisters(hillside)) == ([], [])


async def test_a_follow_that_vanished_otherwise_counts_too(world: World) -> None:
    riverside, hillside = await made_sisters(world)
    await riverside.unit(lambda unit: unit.execute("DELETE FROM follow WHERE follower_uri = ?", hillside.uri))
    assert await sisters(riverside) == []


async def test_without_a_mutual_follow_nobody_can_be_asked(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    await ask_to_follow(riverside, hillside.uri)
    await world.settle()
    with pytest.raises(Refusal, match="follow each other"):
        await offer(riverside, hillside.uri)


def offering(ada: Stranger, chapter: Chapter, **changes: Any) -> dict[str, Any]:
    """An Offer of a stranger to the chapter."""
    relationship = {
        "type": "Relationship",
        "subject": ada.uri,
        "relationship": "https://w3id.org/fedchapter/ns#sisterChapter",
        "object": chapter.uri,
    }
    return ada.activity("Offer", relationship | changes, to=[chapter.uri])


async def test_the_offer_of_somebody_whom_we_do_not_follow_is_refused(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger("ada", type_="Group")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    told = await ada.tell(chapter, offering(ada, chapter))
    assert told == ("refused", "only chapters that follow each other can be sisters")
    assert await state(chapter, ada.uri) == "none"


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "https://hillside.test/@hillside"},
        {"object": "https://hillside.test/@hillside"},
        {"relationship": "http://purl.org/vocab/relationship/friendOf"},
        {"type": "Note"},
    ],
)
async def test_an_offer_of_something_else_means_nothing(world: World, changes: dict[str, Any]) -> None:
    chapter, ada = await world.chapter(), world.stranger("ada", type_="Group")
    assert (await ada.tell(chapter, offering(ada, chapter, **changes)))[0] == "ignored"
    assert await chapter.count("sister") == 0


async def test_a9_an_answer_from_somebody_else_changes_nothing(each_world: World) -> None:
    riverside, hillside = await befriended(each_world)
    mallory = each_world.stranger("mallory", "evil.test", type_="Group")
    await offer(riverside, hillside.uri)
    [row] = await riverside.rows("SELECT our_offer_uri FROM sister")
    for forged in (
        row["our_offer_uri"],
        {"id": row["our_offer_uri"], "type": "Offer", "actor": riverside.uri},
    ):
        told = await mallory.tell(riverside, mallory.activity("Accept", forged))
        assert told == ("refused", "this answers no Offer that we made to them")
    assert await state(riverside, hillside.uri) == "offered"
    await each_world.settle()
    await hillside.unit(lambda unit: service.answer(unit, riverside.uri, accepted=True))
    await each_world.settle()
    for verb in ("Reject", "Undo"):
        assert (await mallory.tell(riverside, mallory.activity(verb, row["our_offer_uri"])))[0] != "done"
        assert (await mallory.tell(hillside, mallory.activity(verb, row["our_offer_uri"])))[0] != "done"
    assert (await sisters(riverside), await sisters(hillside)) == ([hillside.uri], [riverside.uri])


async def befriend(chapter: Chapter, ada: Stranger) -> None:
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    await ask_to_follow(chapter, ada.uri)
    await chapter.settle()
    await ada.tell(chapter, ada.activity("Accept", ada.received[-1]))


async def test_what_others_pass_on_is_no_yes(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("ada", type_="Group")
    mallory = world.stranger("mallory", "evil.test")
    await befriend(chapter, ada)
    passed_on = ada.prove(offering(ada, chapter))
    assert await mallory.tell(chapter, passed_on) == ("refused", "this counts only from the chapter itself")
    assert await chapter.count("sister") == 0


async def test_an_admin_asks_and_answers_on_a_page(each_world: World) -> None:
    riverside, hillside = await befriended(each_world)
    here, there = await riverside.signed_in(Role.ADMIN), await hillside.signed_in(Role.ADMIN)
    page = await here.get("/admin/sisters")
    assert "Ask to be sisters" in page.text
    await here.post("/admin/sisters", data={"act": "offer", "uri": hillside.uri})
    await each_world.settle()
    assert "They ask you" in (await there.get("/admin/sisters")).text
    assert "Waiting for their answer" in (await here.get("/admin/sisters")).text
    await there.post("/admin/sisters", data={"act": "yes", "uri": riverside.uri})
    await each_world.settle()
    assert "Your sister chapters" in (await here.get("/admin/sisters")).text
    async with riverside.client() as visitor:
        assert 'id="sisters"' in (await visitor.get("/about")).text
    refused = await here.post("/admin/sisters", data={"act": "offer", "uri": hillside.uri})
    assert (refused.status_code, "asked already" in refused.text) == (400, True)
    await here.post("/admin/sisters", data={"act": "end", "uri": hillside.uri})
    await each_world.settle()
    assert await sisters(hillside) == []


async def test_only_admins_decide_who_is_a_sister(world: World) -> None:
    chapter = await world.chapter()
    moderator = await chapter.signed_in(Role.MODERATOR)
    assert (await moderator.get("/admin/sisters")).status_code == 403
    assert (await moderator.post("/admin/sisters", data={"act": "offer"})).status_code == 403
