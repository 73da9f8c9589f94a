"""Supporting proposals of other chapters and answering their polls, under a public handle."""

from datetime import timedelta
from typing import Any

from fedchapter.members import Role
from fedchapter.objects.proposal import service
from fedchapter.objects.proposal.draft import ProposalDraft, VoteDraft
from fedchapter.tally import Quorum, Ratio, Rules
from tests.support.network import Chapter, World
from tests.support.persons import Bearer, bearer

RULES = Rules(Ratio(1, 2), True, "votes", Quorum(Ratio(0, 1), False, 1))


async def follow(riverside: Chapter, hillside: Chapter) -> None:
    client = await riverside.signed_in(Role.ADMIN)
    await client.post("/admin/following", data={"handle": "@hillside@hillside.test"})
    for chapter in (riverside, hillside, riverside):
        await chapter.settle()


async def proposed(riverside: Chapter, hillside: Chapter, *, vote: bool = False) -> tuple[str, str]:
    """A proposal of Hillside that Riverside follows: its id, and its path here."""
    await follow(riverside, hillside)
    await hillside.signed_in(Role.MEMBER)
    draft = ProposalDraft("Benches", "Three benches at the weir.")
    [account] = await hillside.rows("SELECT id FROM account LIMIT 1")
    id_ = await hillside.unit(lambda unit: service.create(unit, draft, account["id"]))
    await hillside.unit(lambda unit: service.publish(unit, id_))
    if vote:
        until_at = hillside.clock.now() + timedelta(days=2)
        await hillside.unit(lambda unit: service.open_vote(unit, id_, VoteDraft(until_at, RULES)))
    for chapter in (hillside, riverside):
        await chapter.settle()
    [row] = await riverside.rows("SELECT id, uri FROM remote_proposal")
    return str(row["uri"]), f"/proposals/{row['id']}"


async def likes(chapter: Chapter, uri: str) -> int:
    [row] = await chapter.rows("SELECT likes FROM known_object WHERE uri = ?", uri)
    return int(row["likes"])


async def supports(ana: Bearer, uri: str, **fields: str) -> int:
    return (await ana.client.post("/support", data={"uri": uri} | fields)).status_code


async def test_support_travels_is_counted_once_and_can_be_taken_back(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    uri, path = await proposed(riverside, hillside)
    ana = await bearer(riverside)
    assert "Support this" in (await ana.client.get(path)).text
    for _ in range(2):
        assert await supports(ana, uri) == 303
    await each_world.settle()
    assert (await likes(hillside, uri), await likes(riverside, uri)) == (1, 1)
    assert "You support this" in (await ana.client.get(path)).text
    assert "ana@riverside.test" not in (await hillside.client().get(uri)).text
    assert await supports(ana, uri, act="end") == 303
    await each_world.settle()
    assert (await likes(hillside, uri), await likes(riverside, uri)) == (0, 0)
    assert await supports(ana, uri) == 303
    await each_world.settle()
    assert await likes(hillside, uri) == 1
    await ana.client.post("/me/handle/give-up", data={"sure": "yes"})
    await each_world.settle()
    assert await riverside.count("reaction") == 0


async def test_support_needs_a_handle_and_something_that_takes_it(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    uri, path = await proposed(riverside, hillside)
    client = await riverside.signed_in(Role.MEMBER)
    assert "Support this" not in (await client.get(path)).text
    assert (await client.post("/support", data={"uri": uri})).status_code == 403
    ana = await bearer(riverside)
    assert await supports(ana, "https://hillside.test/nothing") == 404
    assert await riverside.count("reaction") == 0


async def opinions(chapter: Chapter) -> dict[str, int]:
    rows = await chapter.rows("SELECT choice, votes FROM public_opinion")
    return {row["choice"]: row["votes"] for row in rows}


async def answers(ana: Bearer, path: str, choice: str) -> Any:
    return await ana.client.post(f"{path}/opinion", data={"choice": choice})


async def test_an_answer_to_another_chapters_poll_is_public_opinion_there_once(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    _, path = await proposed(riverside, hillside, vote=True)
    ana = await bearer(riverside)
    page = (await ana.client.get(path)).text
    assert "It is counted there as public opinion" in page
    assert (await answers(ana, path, "perhaps")).status_code == 400
    assert (await answers(ana, path, "no")).status_code == 303
    assert (await answers(ana, path, "yes")).status_code == 400
    await each_world.settle()
    assert await opinions(hillside) == {"yes": 0, "no": 1, "abstain": 0}
    assert "You have answered their poll" in (await ana.client.get(path)).text
    each_world.move(hours=2)
    await each_world.settle()
    votes = await riverside.rows("SELECT body FROM outbox_item WHERE kind = 'vote'")
    assert [row["body"] for row in votes] == [""]
    assert await riverside.count("poll_voter") == 1
    each_world.move(days=3)
    await each_world.settle()
    assert await riverside.count("poll_voter") == 0
    assert (await answers(ana, path, "yes")).status_code == 400


async def test_a_chapter_of_another_language_gets_the_answer_in_its_own_words(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside", language="es")
    _, path = await proposed(riverside, hillside, vote=True)
    ana = await bearer(riverside)
    assert (await answers(ana, path, "yes")).status_code == 303
    await world.settle()
    assert await opinions(hillside) == {"yes": 1, "no": 0, "abstain": 0}
