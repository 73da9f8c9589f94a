"""What takes two moderators: sanctions around an open vote, and suspending a sister chapter."""

import pytest

from fedchapter.errors import Refusal
from fedchapter.members import Role
from fedchapter.members.offices import give_role
from fedchapter.policy import find_marking
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from tests.moderation.acting import Person, newest, somebody
from tests.objects.proposal.votes import Case, proposed
from tests.support.network import Chapter, Stranger, World
from tests.support.persons import bearer
from tests.support.threads import known


async def voting(chapter: Chapter, *members: str) -> Case:
    """An open vote with these members on its roll."""
    case = await proposed(chapter, *members)
    await case.open()
    return case


async def waiting(chapter: Chapter) -> list[str]:
    """The ids of what waits for a second moderator."""
    rows = await chapter.rows("SELECT id FROM asked_action WHERE state = 'waiting' ORDER BY id")
    return [row["id"] for row in rows]


async def agree(person: Person, asked_id: str, act: str = "agree") -> int:
    """The form on the page; returns the status."""
    answer = await person.client.post(f"/admin/seconds/{asked_id}", data={"act": act})
    return answer.status_code


async def test_while_a_vote_is_open_whoever_may_vote_in_it_is_sanctioned_by_two_and_all_members_read_why(
    each_world: World,
) -> None:
    chapter = await each_world.chapter()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    case = await voting(chapter, "Ana")
    await case.cast("Ana", "yes")
    said = await mia.act("limit-member", case.members["Ana"], "insults in every answer")
    assert "takes two moderators" in said
    assert await chapter.count("strike") == 0, "nothing has happened"
    [asked] = await waiting(chapter)
    assert "Mia" in (await noor.client.get("/admin/seconds")).text
    assert await agree(mia, asked) == 403, "whoever asked cannot agree"
    assert await agree(noor, asked) == 303
    assert await chapter.count("strike") == 1
    line = await newest(chapter, "limit-member")
    assert (line["made_by"], line["agreed_by"], bool(line["public"])) == (mia.id, noor.id, True)
    assert line["evidence"] == case.path
    told = await (await case.client("Ana")).get("/moderation/decisions")
    assert "insults in every answer" in told.text
    assert "Mia" not in told.text and "Noor" not in told.text and "Ana" not in told.text.partition("<main")[2]
    assert (await case.totals())[0] == (1, 0, 0), "the vote is theirs"
    await case.cast("Ana", "no")
    assert (await case.totals())[0] == (0, 1, 0), "and they can still vote"
    assert await agree(noor, asked) == 404, "once"


async def test_hiding_a_comment_on_the_proposal_takes_two_and_other_comments_one(world: World) -> None:
    chapter = await world.chapter()
    ana, outsider = await bearer(chapter, "ana"), world.stranger()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    case = await voting(chapter)
    uri = (await case.row()).uri
    comment = await ana.comment(uri, "The depot is too dear")
    note = outsider.note("<p>buy watches</p>", reply_to=uri)
    await outsider.tell(chapter, outsider.create(note))
    await mia.act("hide", str(note["id"]))
    assert (await known(chapter, str(note["id"]))).state == "hidden", "a stranger is on no roll"
    await mia.act("hide", comment)
    assert (await known(chapter, comment)).state == "shown"
    with pytest.raises(Refusal, match="asked for this already"):
        await noor.act("hide", comment)
    [asked] = await waiting(chapter)
    assert await agree(noor, asked) == 303
    assert (await known(chapter, comment)).state == "hidden"
    line = await newest(chapter, "hide")
    assert bool(line["public"]) and line["reason"] == "it must not go on"
    for path in ("/admin/queue",):
        answer = await mia.client.post(path, data={"act": "refuse", "uri": comment})
        assert answer.status_code == 400


async def test_after_the_vote_one_is_enough_again(world: World) -> None:
    chapter = await world.chapter()
    mia = await somebody(chapter, "Mia")
    case = await voting(chapter, "Ana")
    with pytest.raises(Refusal, match="nobody else here could agree"):
        await mia.act("warn-member", case.members["Ana"])
    world.move(hours=25)
    await chapter.settle()
    await mia.act("warn-member", case.members["Ana"])
    assert await chapter.count("strike") == 1
    assert not (await newest(chapter, "warn-member"))["public"]


async def test_an_account_elsewhere_with_which_a_member_signs_in_is_covered_with_its_server(
    world: World,
) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    case = await voting(chapter, "Ana")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))

    async def link(unit: Unit) -> None:
        await unit.execute(
            "INSERT INTO identity (id, account_id, actor_uri, handle, host, moved_to_uri, linked_at) "
            "VALUES (?, ?, ?, ?, ?, '', ?)",
            *(unit.new_id(), case.members["Ana"], ada.uri, "@ada@elsewhere.test", ada.host, unit.now),
        )

    await chapter.unit(link)
    for name, target in (("suspend-actor", ada.uri), ("suspend-host", ada.host), ("limit-host", "test")):
        assert "takes two moderators" in await mia.act(name, target), name
    assert await chapter.count("mark") == 0
    assert len(await waiting(chapter)) == 3
    await mia.act("note-actor", ada.uri)
    assert await agree(noor, (await waiting(chapter))[0]) == 303
    assert await chapter.count("mark") == 1


async def test_what_nobody_agrees_to_within_two_days_is_over(each_world: World) -> None:
    chapter = await each_world.chapter()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    case = await proposed(chapter, "Ana")
    await case.open(hours=200)
    await mia.act("warn-member", case.members["Ana"])
    [asked] = await waiting(chapter)
    each_world.move(hours=49)
    await chapter.settle()
    assert await waiting(chapter) == []
    assert await agree(noor, asked) == 404
    await noor.act("warn-member", case.members["Ana"])
    [again] = await waiting(chapter)
    assert await agree(mia, again, "refuse") == 303
    assert await chapter.count("strike") == 0


async def test_a_moderator_who_lost_the_role_since_does_not_count(world: World) -> None:
    chapter = await world.chapter()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    case = await voting(chapter, "Ana")
    await mia.act("warn-member", case.members["Ana"])
    await chapter.unit(
        lambda unit: unit.execute("UPDATE office SET ended_at = ? WHERE account_id = ?", unit.now, mia.id)
    )
    [asked] = await waiting(chapter)
    assert await agree(noor, asked) == 403


async def be_sisters(chapter: Chapter, other: Stranger) -> None:
    """That actor and the chapter are sister chapters."""
    await other.tell(chapter, other.activity("Follow", chapter.uri))

    async def write(unit: Unit) -> None:
        await unit.execute(
            "INSERT INTO follow (id, uri, follower_uri, followed_uri, state, created_at) "
            "VALUES (?, ?, ?, ?, 'accepted', ?)",
            *(unit.new_id(), f"{chapter.uri}/follows/1", chapter.uri, other.uri, unit.now),
        )
        await unit.execute(
            "INSERT INTO sister (actor_uri, id, state, our_offer_uri, their_offer_uri, changed_at) "
            "VALUES (?, ?, 'sisters', '', '', ?)",
            *(other.uri, unit.new_id(), unit.now),
        )

    await chapter.unit(write)


@pytest.mark.parametrize("scope", ["host", "actor"])
async def test_suspending_a_sister_chapter_takes_two_unless_the_chapter_chose_otherwise(
    world: World, scope: str
) -> None:
    chapter, hill = await world.chapter(), world.stranger("hill", "hill.sister.test", "Group")
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor", Role.ADMIN)
    await be_sisters(chapter, hill)
    target = hill.uri if scope == "actor" else "sister.test"
    assert "sister chapter" in await mia.act(f"suspend-{scope}", target)
    assert await chapter.count("mark") == 0
    await mia.act(f"limit-{scope}", target)
    assert await chapter.count("mark") == 1, "a limit takes one"
    [asked] = await waiting(chapter)
    assert await agree(noor, asked) == 303
    marking = await chapter.run(find_marking(chapter.house.database, scope=scope, subject=target))
    assert marking is not None and marking.decision == "refuse"
    await mia.act(f"lift-{scope}", target)
    await chapter.unit(lambda unit: choose(unit, "two_for_sisters", "no"))
    await mia.act(f"suspend-{scope}", target)
    assert await chapter.count("follow", "state = 'paused'") == 2


async def test_undoing_a_lift_does_not_suspend_a_sister_chapter_by_one(world: World) -> None:
    chapter, hill = await world.chapter(), world.stranger("hill", "hill.test", "Group")
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    await be_sisters(chapter, hill)
    await mia.act("suspend-host", "hill.test")
    [asked] = await waiting(chapter)
    await agree(noor, asked)
    await mia.act("lift-host", "hill.test")
    with pytest.raises(Refusal, match="takes two moderators"):
        await mia.undo((await newest(chapter))["id"])


async def test_in_a_closed_network_ending_an_allowance_is_suspending(world: World) -> None:
    chapter, hill = await world.chapter(), world.stranger("hill", "hill.test", "Group")
    mia = await somebody(chapter, "Mia")
    await somebody(chapter, "Noor")
    await be_sisters(chapter, hill)
    await mia.act("allow-host", "hill.test")
    await chapter.unit(lambda unit: choose(unit, "closed_network", "yes"))
    assert "sister chapter" in await mia.act("lift-host", "hill.test")
    with pytest.raises(Refusal, match="takes two moderators"):
        await mia.undo((await newest(chapter, "allow-host"))["id"])
    assert await chapter.count("mark") == 1


async def test_ending_what_excepts_a_server_from_its_domains_suspension_is_suspending_it(
    world: World,
) -> None:
    chapter, hill = await world.chapter(), world.stranger("hill", "hill.sister.test", "Group")
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    await be_sisters(chapter, hill)
    await mia.act("allow-host", "hill.sister.test")
    await mia.act("suspend-host", "sister.test")
    [asked] = await waiting(chapter)
    assert await agree(noor, asked) == 303
    assert "sister chapter" in await mia.act("lift-host", "hill.sister.test")
    assert await chapter.count("mark", "subject = 'hill.sister.test'") == 1


async def test_a_puppet_made_a_moment_ago_is_no_second_moderator(world: World) -> None:
    chapter = await world.chapter()
    eve, puppet = await somebody(chapter, "Eve", Role.ADMIN), await somebody(chapter, "Puppet", Role.MEMBER)
    await chapter.unit(lambda unit: give_role(unit, puppet.id, Role.MODERATOR, given_by=eve.id))
    case = await proposed(chapter, "Ana")
    await case.open(hours=400)
    await eve.act("limit-member", case.members["Ana"])
    [asked] = await waiting(chapter)
    assert await agree(puppet, asked) == 400
    assert await chapter.count("strike") == 0
    world.move(days=8)
    await chapter.settle()
    await eve.act("limit-member", case.members["Ana"])
    [asked] = await waiting(chapter)
    assert await agree(puppet, asked) == 303
