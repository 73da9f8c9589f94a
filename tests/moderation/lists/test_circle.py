"""The circle and what sister chapters decided: told by choice, signed, believed one step deep, never applied."""

from functools import partial
from typing import Any

import pytest

from fedchapter.errors import PeerRefused
from fedchapter.house import House
from fedchapter.moderation.actions import set_host
from fedchapter.moderation.audit import Judge
from fedchapter.moderation.lists import applying, circle, sisters
from fedchapter.policy import Marking, set_mark
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from tests.support.network import Chapter, World
from tests.support.vouching import become_sisters

JUDGE = Judge("", "seen it")


async def two(world: World) -> tuple[Chapter, Chapter]:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    await become_sisters(world, riverside, hillside)
    return riverside, hillside


async def asks(chapter: Chapter) -> None:
    await chapter.unit(lambda unit: sisters.plan_round(unit, at_once=True))
    await chapter.settle()
    await chapter.run(chapter.house.policy.refresh(chapter.house.database, chapter.clock.now()))


async def chooses(chapter: Chapter, name: str, value: str) -> None:
    await chapter.unit(lambda unit: choose(unit, name, value))


@pytest.mark.parametrize("who", ["sisters", "everybody"])
async def test_whom_a_sister_vouches_for_is_in_our_circle(each_world: World, who: str) -> None:
    riverside, hillside = await two(each_world)
    await hillside.unit(lambda unit: circle.vouch(unit, "good.example", JUDGE))
    await chooses(hillside, circle.CHOICE, who)
    await asks(riverside)
    assert {"good.example", riverside.host} & riverside.house.policy.circle == {"good.example"}
    await hillside.unit(lambda unit: circle.stop_vouching(unit, "good.example", JUDGE))
    await asks(riverside)
    assert "good.example" not in riverside.house.policy.circle


async def test_nobody_else_reads_a_circle_told_to_sisters_alone(world: World) -> None:
    riverside, hillside = await two(world)
    third = await world.chapter("third")
    await chooses(hillside, circle.CHOICE, circle.SISTERS_ONLY)
    await chooses(hillside, sisters.CHOICE, "yes")
    for reader in (third,):
        with pytest.raises(PeerRefused):
            await reader.run(circle.fetch_circle(reader.house, hillside.uri))
    client = hillside.client()
    for path in ("/circle", "/circle/decisions"):
        assert (await client.get(path, headers={"Accept": "application/activity+json"})).status_code == 404
    await riverside.run(circle.fetch_circle(riverside.house, hillside.uri))


async def test_a_chapter_tells_nothing_unless_it_chose_to(world: World) -> None:
    riverside, hillside = await two(world)
    await hillside.unit(lambda unit: circle.vouch(unit, "good.example", JUDGE))
    await asks(riverside)
    assert riverside.house.policy.circle == frozenset()
    assert await riverside.count("host_list") == 0


async def test_a_circle_counts_only_with_the_chapters_own_proof(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    riverside, hillside = await two(world)
    await chooses(hillside, circle.CHOICE, circle.EVERYBODY)
    genuine = await hillside.get_json("/circle")
    assert genuine["orderedItems"] == [riverside.uri]

    async def forged(house: Any, uri: str) -> dict[str, Any]:
        return documents[uri]

    monkeypatch.setattr(circle, "fetch_json", forged)
    uri = str(genuine["id"])
    unsigned = {name: value for name, value in genuine.items() if name != "proof"}
    for document in (unsigned, {**genuine, "fc:circleHosts": ["evil.example"]}, {**genuine, "id": f"{uri}2"}):
        documents = {uri: document}
        with pytest.raises(PeerRefused):
            await riverside.run(circle.fetch_circle(riverside.house, hillside.uri))
    documents = {uri: genuine}
    await riverside.run(circle.fetch_circle(riverside.house, hillside.uri))


async def test_a_sisters_end_takes_her_circle_along(world: World) -> None:
    riverside, hillside = await two(world)
    await hillside.unit(lambda unit: circle.vouch(unit, "good.example", JUDGE))
    await chooses(hillside, circle.CHOICE, circle.SISTERS_ONLY)
    await asks(riverside)
    await riverside.unit(_end)
    found = await riverside.run(circle.find_circle(riverside.house.database, riverside.uri))
    assert found == frozenset()
    await asks(riverside)
    assert await riverside.count("circle_entry") == 0


async def _end(unit: Unit) -> None:
    await unit.execute("UPDATE sister SET state = 'none'")


async def test_what_sisters_decided_is_proposed_with_their_reasons(each_world: World) -> None:
    riverside, hillside = await two(each_world)
    third = await each_world.chapter("third")
    await become_sisters(each_world, riverside, third)
    for chapter, reason in ((hillside, "spam"), (third, "threats")):
        await chooses(chapter, sisters.CHOICE, "yes")
        marking = Marking("refuse", public_reason=reason, reason="for staff alone")
        house = chapter.house
        await chapter.unit(partial(_suspend, house, marking))
    # Held, allowed, or adopted from a list: not told.
    await hillside.unit(lambda unit: set_mark(unit, scope="host", subject="held.example", decision="hold"))
    adopted = Marking("refuse", source="list:x")
    await hillside.unit(lambda unit: set_host(unit, hillside.house, "copied.example", adopted, JUDGE))
    await asks(riverside)
    house = riverside.house
    review = await riverside.run(sisters.find_sister_review(house.database, house.marks, riverside.uri))
    (draft,) = review.drafts
    assert (draft.host, len(draft.said_by), draft.state) == ("bad.example", 2, "new")
    assert "spam" in draft.comment and "threats" in draft.comment and "staff" not in draft.comment
    assert await riverside.count("mark") == 0
    said = await riverside.run(sisters.said_by_sisters(house.database, riverside.uri, "sub.bad.example"))
    assert {one["comment"] for one in said} == {"spam", "threats"}
    applied = await riverside.run(
        applying.apply_some(house, sisters.SISTERS, ["bad.example"], Judge("", batch="b"))
    )
    assert (applied.done, house.marks.decision("bad.example")) == (1, "refuse")


async def _suspend(house: House, marking: Marking, unit: Unit) -> str:
    return await set_host(unit, house, "bad.example", marking, JUDGE)


async def test_a_sister_cannot_make_us_suspend_another_sister_alone(world: World) -> None:
    riverside, hillside = await two(world)
    third = await world.chapter("third")
    await become_sisters(world, riverside, third)
    await chooses(hillside, sisters.CHOICE, "yes")
    marking = Marking("refuse", public_reason="a quarrel")
    await hillside.unit(lambda unit: set_host(unit, hillside.house, third.host, marking, JUDGE))
    await asks(riverside)
    house = riverside.house
    review = await riverside.run(sisters.find_sister_review(house.database, house.marks, riverside.uri))
    assert [(draft.host, draft.is_ticked) for draft in review.drafts] == [(third.host, False)]
    applied = await riverside.run(
        applying.apply_some(house, sisters.SISTERS, [third.host], Judge("", batch="b"))
    )
    assert (applied.done, applied.two) == (0, (third.host,))
