"""What nobody may learn from us: who voted, when and how (DESIGN §1, §4.6; decisions.md §4.3)."""

import pytest

from tests.objects.proposal.votes import answer, proposed
from tests.support.network import World

NAMES = ("Beatrix Quill", "Cemal Ozgur", "Dorothea Finch")


async def test_ballots_have_neither_time_nor_order(world: World) -> None:
    chapter = await world.chapter()
    columns = [row["name"] for row in await chapter.rows("SELECT name FROM pragma_table_info('ballot')")]
    assert sorted(columns) == ["account_id", "choice", "id", "proposal_id"]
    case = await proposed(chapter, *(f"Member {number}" for number in range(12)))
    await case.open()
    before = await chapter.rows("SELECT id, account_id FROM ballot ORDER BY rowid")
    for name in case.members:
        await case.cast(name, "no")
    after = await chapter.rows("SELECT id, account_id FROM ballot ORDER BY rowid")
    assert before == after, "voting writes no new row, so its place tells nothing"
    joined = list(case.members.values())
    assert [row["account_id"] for row in after if row["account_id"] in joined] != joined
    assert sorted(row["id"] for row in after) != [row["id"] for row in after]


async def test_no_name_and_no_choice_leaves_or_is_logged(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    case = await proposed(chapter, *NAMES)
    await case.open()
    for name, choice in zip(NAMES, ("yes", "no", "abstain"), strict=True):
        client = await case.client(name)
        assert (await client.post(f"{case.path}/vote", data={"choice": choice})).status_code == 303
    await answer(ada, case, "Abstain")
    world.move(hours=25)
    await world.settle()
    rows = await chapter.rows("SELECT body AS text FROM outbox_item")
    rows += await chapter.rows("SELECT reason AS text FROM inbox_item WHERE kind = 'vote'")
    rows += await chapter.rows("SELECT reason AS text FROM delivery")
    rows += await chapter.rows("SELECT payload AS text FROM job")
    written = capsys.readouterr()
    told = "\n".join([*(row["text"] for row in rows), written.out, written.err])
    for secret in (*NAMES, *case.members.values()):
        assert secret not in told
    reasons = await chapter.rows("SELECT reason FROM inbox_item WHERE kind = 'vote'")
    assert all("bstain" not in row["reason"] for row in reasons)


async def test_what_an_account_elsewhere_answered_is_not_kept_and_that_it_did_only_until_the_close(
    world: World,
) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    case = await proposed(chapter, "Bea")
    await case.open()
    await answer(ada, case, "Yes")
    columns = [row["name"] for row in await chapter.rows("SELECT name FROM pragma_table_info('poll_voter')")]
    assert sorted(columns) == ["actor_uri", "id", "proposal_id"]
    assert await chapter.count("poll_voter") == 1
    world.move(hours=25)
    await world.settle()
    assert await chapter.count("poll_voter") == 0
    assert await case.totals() == ((0, 0, 0), (1, 0, 0))


async def test_only_signed_in_members_see_who_voted_how(world: World) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter, *NAMES)
    await case.open()
    await case.cast(NAMES[0], "yes")
    async with chapter.client() as visitor:
        page = await visitor.get(case.path)
        assert page.status_code == 200
        assert NAMES[0] not in page.text
        assert "sign in to vote" in page.text
    member = await case.client(NAMES[1])
    page = await member.get(case.path)
    assert "see who voted how" in page.text
    assert f"{NAMES[0]}: Yes" in page.text
    assert NAMES[2] not in page.text
