"""Who may vote, when, how often; and what others may say in the poll (operations.md §3 row E1)."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from fedchapter.errors import Forbidden, Refusal
from fedchapter.federation import Claim
from fedchapter.jobs import JobRunner
from fedchapter.objects.proposal import service
from fedchapter.store import Unit
from fedchapter.vocab.normalise import normalise
from tests.objects.proposal.votes import answer, proposed, vote_of
from tests.support.network import World

PEERS = Path(__file__).parents[2] / "peers"


async def test_a_vote_of_mastodon_is_public_opinion_and_its_body_is_erased(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("ada", "social.example")
    case = await proposed(chapter, "Bea")
    await case.open()
    text = (PEERS / "mastodon" / "vote.json").read_text().replace("THE-PROPOSAL", case.id)
    state, reason = await ada.tell(chapter, msgspec.json.decode(text), inbox=f"{chapter.uri}/inbox")
    assert (state, reason) == ("done", "an answer to our poll, counted as public opinion")
    assert await case.totals() == ((0, 0, 0), (1, 0, 0))
    [row] = await chapter.rows("SELECT body, kind FROM inbox_item")
    assert (row["body"], row["kind"]) == ("", "vote")
    assert await chapter.count("known_object", "uri LIKE '%votes%'") == 0


async def test_e1_late_duplicate_and_unknown_votes_count_nothing(each_world: World) -> None:
    chapter, ada, bob = await each_world.chapter(), each_world.stranger(), each_world.stranger("bob")
    case = await proposed(chapter)
    early = await answer(ada, case, "Yes")
    assert early[0] == "ignored"
    await case.open()
    assert (await answer(ada, case, "Maybe"))[1] == "that is not one of the poll's answers"
    assert (await answer(ada, case, "yes"))[0] == "ignored"
    assert (await answer(ada, case, "Yes"))[0] == "done"
    state, reason = await answer(ada, case, "No")
    assert state == "ignored"
    assert "first answer counts" in reason
    each_world.move(hours=24)
    # The job has not run: the closing time itself is what counts.
    state, reason = await bob.tell(chapter, vote_of(bob, case.poll, "No", chapter))
    assert state == "ignored"
    assert "too late" in reason
    assert await case.totals() == ((0, 0, 0), (1, 0, 0))


async def test_e1_a_remote_vote_never_counts_as_a_members(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    case = await proposed(chapter, "Ada")
    await case.open()
    await answer(ada, case, "Yes")
    assert await case.totals() == ((0, 0, 0), (1, 0, 0))
    world.move(hours=25)
    await world.settle()
    assert (await case.row()).outcome == "no-quorum"


async def test_e1_nobody_else_can_change_a_proposal_of_ours(world: World) -> None:
    chapter, mallory = await world.chapter(), world.stranger("mallory", "evil.test")
    case = await proposed(chapter)
    forged = await chapter.get_json(case.path) | {"fc:stage": "closed", "fc:outcome": "passed"}
    state, _ = await mallory.tell(chapter, mallory.activity("Update", forged))
    assert state == "refused"
    assert (await case.row()).stage == "discussion"


async def test_who_joins_after_the_opening_is_not_on_the_roll(world: World) -> None:
    case = await proposed(await world.chapter(), "Bea")
    await case.open()
    await case.join("Late")
    with pytest.raises(Forbidden, match="right to vote when this vote opened"):
        await case.cast("Late", "yes")
    assert (await case.row()).roll_count == 1
    assert (await case.row()).opening_document["fc:roll"]["fc:count"] == 1


async def test_no_vote_is_taken_at_the_closing_time_or_after(world: World) -> None:
    case = await proposed(await world.chapter(), "Bea", "Cem")
    await case.open(hours=1)
    closes_at = (await case.row()).closes_at
    assert closes_at is not None
    world.clock.move(closes_at - world.clock.now())
    with pytest.raises(Refusal, match="not open"):
        await case.cast("Bea", "yes")
    await world.settle()
    with pytest.raises(Refusal, match="not open"):
        await case.cast("Cem", "yes")
    assert (await case.totals())[0] == (0, 0, 0)


async def test_a_vote_closes_once_with_two_workers_and_after_a_long_sleep(each_world: World) -> None:
    chapter = await each_world.chapter()
    case = await proposed(chapter, "Bea")
    await case.open()
    await case.cast("Bea", "yes")
    each_world.move(days=9)
    house = chapter.house
    runners = [JobRunner(house.database, house.clock, house, chapter.instance.types.jobs) for _ in range(2)]
    await asyncio.gather(*(chapter.run(runner.work()) for runner in runners))
    await each_world.settle()
    assert await chapter.count("outbox_item", "kind = 'outcome'") == 1
    assert await chapter.count("outbox_item", "kind = 'poll' AND verb = 'Update'") == 1
    row = await case.row()
    assert row.result_document["fc:closedAt"] == row.opening_document["fc:closesAt"]
    assert not await chapter.unit(lambda unit: service.close(unit, case.id))


async def test_a_close_waits_for_the_vote_that_came_first_and_counts_it(each_world: World) -> None:
    case = await proposed(await each_world.chapter(), "Bea")
    await case.open()
    closing: list[asyncio.Task[bool]] = []

    async def vote(unit: Unit) -> None:
        await service.cast(unit, case.id, case.members["Bea"], "yes")
        closing.append(asyncio.create_task(case.chapter.unit(lambda other: service.close(other, case.id))))
        finished, _ = await asyncio.wait(closing, timeout=0.3)
        assert not finished, "the close must not count before this vote is in"

    await case.chapter.unit(vote)
    assert await closing[0]
    assert (await case.row()).result_document["fc:counts"]["yes"] == 1


async def test_a_vote_that_waited_for_the_close_is_refused(each_world: World) -> None:
    case = await proposed(await each_world.chapter(), "Bea")
    await case.open()
    voting: list[asyncio.Task[None]] = []

    async def close(unit: Unit) -> None:
        assert await service.close(unit, case.id)
        voting.append(asyncio.create_task(case.cast("Bea", "yes")))
        finished, _ = await asyncio.wait(voting, timeout=0.3)
        assert not finished, "the vote must wait for what the close decides"

    await case.chapter.unit(close)
    with pytest.raises(Refusal, match="not counted"):
        await voting[0]
    assert (await case.totals())[0] == (0, 0, 0)
    assert (await case.row()).result_document["fc:counts"]["yes"] == 0


async def test_only_the_vote_type_claims_a_vote(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    case = await proposed(chapter)
    activity = normalise(vote_of(ada, case.poll, "Yes", chapter))
    claim = Claim(activity, activity.embedded or {}, None, frozenset({chapter.uri}), public=False)
    assert chapter.instance.types.registry.kind_of(claim) == "vote"
    said = claim.object | {"content": "<p>Yes</p>"}
    spoken = Claim(activity, said, None, frozenset({chapter.uri}), public=False)
    assert chapter.instance.types.registry.kind_of(spoken) != "vote"


async def test_a_vote_for_something_that_is_no_poll_of_ours_is_ignored(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    case = await proposed(chapter)
    vote = vote_of(ada, f"{chapter.settings.origin}{case.path}", "Yes", chapter)
    assert await ada.tell(chapter, vote) == ("ignored", "it answers no poll of ours")
