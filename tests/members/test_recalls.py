"""A recall: asked by members, decided by members, hidden, and carried out at once."""

from typing import Any

import pytest

from fedchapter.errors import Refusal
from fedchapter.members import AccountRow, Role, find_roles, give_role
from fedchapter.members.leaving import leave
from fedchapter.members.offices import end_office
from fedchapter.members.recalls import ask_recall, support_recall, vote_recall
from tests.members.test_offices import told
from tests.members.test_removals import code_of
from tests.site.people import member
from tests.support.network import Chapter, World


async def chapter_of_twelve(world: World) -> tuple[Chapter, list[AccountRow], str]:
    """The only admin first, eleven members, and the admin's office."""
    chapter = await world.chapter()
    people = [await member(chapter, "Ines", role=Role.ADMIN)]
    people += [await member(chapter, f"Member {number}") for number in range(11)]
    [office] = await chapter.rows("SELECT id FROM office")
    return chapter, people, office["id"]


async def opened(chapter: Chapter, people: list[AccountRow], office: str) -> str:
    """A recall with enough supporters."""
    recall: str = await chapter.unit(lambda unit: ask_recall(unit, office, people[1].id, "Why", people[2].id))
    await chapter.unit(lambda unit: support_recall(unit, recall, people[2].id))
    return recall


async def vote(chapter: Chapter, recall: str, voters: list[AccountRow], choice: str) -> None:
    for one in voters:
        await chapter.unit(lambda unit, one=one: vote_recall(unit, recall, one.id, choice))  # type: ignore[misc]


async def row(chapter: Chapter, recall: str) -> dict[str, Any]:
    [found] = await chapter.rows("SELECT state, roll, yes, no, abstain FROM recall WHERE id = ?", recall)
    return found


async def test_a_vote_that_passes_ends_the_role_and_makes_the_successor(each_world: World) -> None:
    chapter, people, office = await chapter_of_twelve(each_world)
    recall = await opened(chapter, people, office)
    await vote(chapter, recall, people[1:4], "yes")
    await vote(chapter, recall, people[4:5], "no")
    await vote(chapter, recall, people[5:7], "abstain")
    each_world.move(days=7)
    await each_world.settle()
    assert await row(chapter, recall) == {"state": "passed", "roll": 12, "yes": 3, "no": 1, "abstain": 2}
    now = each_world.clock.now()
    assert await chapter.run(find_roles(chapter.house.database, people[0].id, now)) == frozenset()
    assert await chapter.run(find_roles(chapter.house.database, people[2].id, now)) == {Role.ADMIN}
    said = " ".join(await told(chapter))
    for words in ("Members ask for a vote", "Vote: shall", "The members voted", "recalled as"):
        assert words in said


async def test_a_tie_or_too_few_voters_change_nothing(world: World) -> None:
    chapter, people, office = await chapter_of_twelve(world)
    for yes, no in ((2, 2), (2, 0)):
        recall = await opened(chapter, people, office)
        await vote(chapter, recall, people[1 : 1 + yes], "yes")
        await vote(chapter, recall, people[5 : 5 + no], "no")
        world.move(days=7)
        await world.settle()
        assert (await row(chapter, recall))["state"] == "failed"
    assert await chapter.count("office", "ended_at IS NULL") == 1


async def test_nothing_links_a_ballot_to_its_voter_and_all_is_erased_after_the_count(world: World) -> None:
    chapter, people, office = await chapter_of_twelve(world)
    recall = await opened(chapter, people, office)
    await vote(chapter, recall, people[1:4], "yes")
    ballots = await chapter.rows("SELECT * FROM recall_ballot")
    assert {tuple(sorted(one)) for one in ballots} == {("choice", "id", "recall_id")}
    voters = {one["id"] for one in await chapter.rows("SELECT id FROM recall_voice WHERE part = 'voted'")}
    assert voters.isdisjoint(one["id"] for one in ballots)
    world.move(days=7)
    await world.settle()
    assert await chapter.count("recall_voice") + await chapter.count("recall_ballot") == 0


async def test_one_votes_once_in_time_and_only_when_on_the_roll(world: World) -> None:
    chapter, people, office = await chapter_of_twelve(world)
    recall = await opened(chapter, people, office)
    late = await member(chapter, "Late")
    await vote(chapter, recall, people[1:2], "yes")
    assert await code_of(chapter, lambda unit: vote_recall(unit, recall, people[1].id, "no")) == "voted"
    assert await code_of(chapter, lambda unit: vote_recall(unit, recall, late.id, "no")) == "not-on-roll"
    assert await code_of(chapter, lambda unit: vote_recall(unit, recall, people[2].id, "maybe")) == "choice"
    world.move(days=7)
    assert await code_of(chapter, lambda unit: vote_recall(unit, recall, people[2].id, "no")) == "vote-over"


async def test_a_petition_needs_a_reason_a_successor_and_supporters(world: World) -> None:
    chapter, people, office = await chapter_of_twelve(world)
    ana = people[1].id
    assert await code_of(chapter, lambda unit: ask_recall(unit, office, ana, " ")) == "reason"
    assert await code_of(chapter, lambda unit: ask_recall(unit, office, ana, "Why")) == "successor"
    recall = await chapter.unit(lambda unit: ask_recall(unit, office, ana, "Why", people[2].id))
    assert (
        await code_of(chapter, lambda unit: ask_recall(unit, office, ana, "Why", people[2].id))
        == "asked-already"
    )
    await chapter.unit(lambda unit: support_recall(unit, recall, ana))
    assert (await row(chapter, recall))["state"] == "asked", "one's own support counts once"
    world.move(days=31)
    await world.settle()
    assert (await row(chapter, recall))["state"] == "failed"


async def test_whoever_may_not_vote_yet_cannot_ask(world: World) -> None:
    chapter, people, office = await chapter_of_twelve(world)
    later = chapter.clock.now().replace(year=chapter.clock.now().year + 1)
    await chapter.unit(
        lambda unit: unit.execute("UPDATE account SET votes_from_at = ? WHERE id = ?", later, people[1].id)
    )
    with pytest.raises(Refusal, match="may vote"):
        await chapter.unit(lambda unit: ask_recall(unit, office, people[1].id, "Why", people[2].id))


async def test_a_member_walks_through_it_on_the_pages(world: World) -> None:
    chapter, people, office = await chapter_of_twelve(world)
    ana, bea = await chapter.signed_in(Role.MEMBER, "Ana"), await chapter.signed_in(Role.MEMBER, "Bea")
    wrong = await ana.post("/roles/recalls/new", data={"office": office, "reason": "Never there"})
    assert (wrong.status_code, "who becomes admin" in wrong.text, "Never there" in wrong.text) == (
        400,
        True,
        True,
    )
    form = {"office": office, "reason": "Never there", "successor": people[3].id}
    asked = await ana.post("/roles/recalls/new", data=form)
    page = asked.headers["location"]
    await bea.post(page, data={})
    assert "Hidden from members" in (await bea.get(page)).text
    for client in (ana, bea):
        await client.post(page, data={"choice": "yes"})
    await vote(chapter, page.rpartition("/")[2], people[1:3], "yes")
    world.move(days=7)
    await world.settle()
    done = (await ana.get(page)).text
    assert "Passed: the role has ended." in done and "14 members took part" in done


async def test_a_recall_of_one_of_two_admins_stands_when_the_other_resigns_meanwhile(
    each_world: World,
) -> None:
    chapter, people, office = await chapter_of_twelve(each_world)
    other = await chapter.unit(lambda unit: give_role(unit, people[3].id, Role.ADMIN))
    recall: str = await chapter.unit(lambda unit: ask_recall(unit, office, people[1].id, "Why"))
    await chapter.unit(lambda unit: support_recall(unit, recall, people[2].id))
    await vote(chapter, recall, people[1:6], "yes")
    await chapter.unit(lambda unit: end_office(unit, other, ended_by=people[3].id, why="resigned"))
    each_world.move(days=7)
    await each_world.settle()
    assert (await row(chapter, recall))["state"] == "passed"
    now = each_world.clock.now()
    assert await chapter.run(find_roles(chapter.house.database, people[0].id, now)) == frozenset()
    assert await chapter.run(find_roles(chapter.house.database, people[1].id, now)) == {Role.ADMIN}


async def test_a_successor_who_left_is_no_shield_for_the_recalled(world: World) -> None:
    chapter, people, office = await chapter_of_twelve(world)
    recall = await opened(chapter, people, office)
    await vote(chapter, recall, people[1:6], "yes")
    await chapter.unit(lambda unit: leave(unit, people[2].id))
    world.move(days=7)
    await world.settle()
    assert (await row(chapter, recall))["state"] == "passed"
    now = world.clock.now()
    assert await chapter.run(find_roles(chapter.house.database, people[0].id, now)) == frozenset()
    assert await chapter.run(find_roles(chapter.house.database, people[1].id, now)) == {Role.ADMIN}


async def test_with_nobody_left_to_follow_the_recalled_stays_only_until_there_is_another_admin(
    world: World,
) -> None:
    chapter, people, office = await chapter_of_twelve(world)
    recall = await opened(chapter, people, office)
    await vote(chapter, recall, people[1:6], "yes")
    for gone in people[1:3]:
        await chapter.unit(lambda unit, gone=gone: leave(unit, gone.id))  # type: ignore[misc]
    world.move(days=7)
    await world.settle()
    assert (await row(chapter, recall))["state"] == "passed"
    now = world.clock.now()
    assert await chapter.run(find_roles(chapter.house.database, people[0].id, now)) == {Role.ADMIN}
    await chapter.unit(lambda unit: give_role(unit, people[4].id, Role.ADMIN))
    assert await chapter.run(find_roles(chapter.house.database, people[0].id, now)) == frozenset()
