"""A proposal of one chapter as a chapter that follows it sees it: for reading; voted on at home."""

from typing import Any

from fedchapter.evidence import check_result
from fedchapter.federation.fetch import fetch_actor, fetch_document
from fedchapter.objects.follow import service as following
from fedchapter.objects.proposal import service
from tests.objects.proposal.votes import Case, proposed
from tests.support.network import Chapter, Stranger, World


async def follow(chapter: Chapter, other_uri: str, world: World) -> None:
    actor = await chapter.run(fetch_actor(chapter.house, other_uri))
    await chapter.unit(lambda unit: following.ask(unit, chapter.uri, actor))
    await world.settle()


async def seen(chapter: Chapter) -> list[dict[str, Any]]:
    return await chapter.rows("SELECT * FROM remote_proposal")


async def two(world: World) -> tuple[Chapter, Chapter, Case]:
    """Hillside follows Riverside, which has a proposal."""
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    await follow(hillside, riverside.uri, world)
    case = await proposed(riverside, "Bea", "Cem")
    await world.settle()
    return riverside, hillside, case


async def test_a_chapter_that_follows_sees_discussion_vote_and_outcome(each_world: World) -> None:
    _, hillside, case = await two(each_world)
    [row] = await seen(hillside)
    assert (row["stage"], row["uri"]) == ("discussion", (await case.row()).uri)
    async with hillside.client() as visitor:
        assert "Rent the old depot" in (await visitor.get("/proposals")).text
    await case.open()
    await case.cast("Bea", "yes")
    each_world.move(minutes=4)
    await each_world.settle()
    [row] = await seen(hillside)
    assert (row["stage"], row["deadline_at"]) == ("voting", (await case.row()).closes_at)
    each_world.move(hours=25)
    await each_world.settle()
    [row] = await seen(hillside)
    assert (row["stage"], row["outcome"]) == ("closed", "passed")
    async with hillside.client() as visitor:
        page = (await visitor.get(f"/proposals/{row['id']}")).text
    assert "Riverside decides this" in page
    assert 'href="https://riverside.test/proposals/' in page
    result = await hillside.run(fetch_document(hillside.house, row["result_uri"]))
    opening = await hillside.run(fetch_document(hillside.house, result["fc:opening"]))
    check_result(result, opening)
    refused = [line for line in await hillside.log() if line[1] in ("refused", "failed")]
    assert refused == []


async def test_a_poll_that_comes_before_its_proposal_brings_it_along(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    case = await proposed(riverside, "Bea")
    await world.settle()
    await follow(hillside, riverside.uri, world)
    await case.open()
    await riverside.unit(
        lambda unit: unit.execute(
            "DELETE FROM delivery WHERE outbox_id IN (SELECT id FROM outbox_item WHERE kind = 'proposal')"
        )
    )
    await world.settle()
    [row] = await seen(hillside)
    assert row["stage"] == "voting"
    assert row["totals"]


def article(author: Stranger, **changes: Any) -> dict[str, Any]:
    return author.note("<p>Text</p>", type="Article", name="Theirs", **{"fc:stage": "voting", **changes})


async def test_a_proposal_of_somebody_we_do_not_follow_is_ignored(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    state, reason = await ada.tell(chapter, ada.create(article(ada)))
    assert (state, reason) == ("ignored", "a proposal of a chapter that we do not follow")
    assert await seen(chapter) == []


async def _followed(chapter: Chapter, author: Stranger, world: World) -> None:
    await follow(chapter, author.uri, world)
    [asked] = [one for one in author.received if one["type"] == "Follow"]
    assert (await author.tell(chapter, author.activity("Accept", asked)))[0] == "done"


async def test_e1_an_update_of_a_closed_proposal_is_ignored(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("club", type_="Group")
    await _followed(chapter, ada, world)
    note = article(ada, **{"fc:stage": "closed", "fc:outcome": "not-passed"})
    assert (await ada.tell(chapter, ada.create(note)))[0] == "done"
    world.move(hours=1)
    later = note | {"fc:outcome": "passed", "updated": world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")}
    state, reason = await ada.tell(chapter, ada.activity("Update", later))
    assert state == "ignored"
    assert "does not change any more" in reason
    assert (await seen(chapter))[0]["outcome"] == "not-passed"


async def test_what_arrives_after_its_delete_is_ignored(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("club", type_="Group")
    await _followed(chapter, ada, world)
    note = article(ada)
    assert (await ada.tell(chapter, ada.create(note)))[0] == "done"
    assert (await ada.tell(chapter, ada.activity("Delete", note["id"])))[0] == "done"
    assert await seen(chapter) == []
    await ada.tell(chapter, ada.create(note))
    assert await seen(chapter) == []


async def test_html_of_another_chapter_is_cleaned_and_foreign_addresses_dropped(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("club", type_="Group")
    await _followed(chapter, ada, world)
    note = article(ada, **{"fc:poll": "https://evil.test/poll", "fc:result": "https://evil.test/r"})
    note["content"] = "<p onclick='x()'>Text<script>alert(1)</script></p>"
    assert (await ada.tell(chapter, ada.create(note)))[0] == "done"
    [row] = await seen(chapter)
    assert (row["poll_uri"], row["result_uri"]) == ("", "")
    [known] = await chapter.rows("SELECT html FROM known_object WHERE kind = 'proposal'")
    assert "script" not in known["html"]
    assert "onclick" not in known["html"]


async def test_a_question_of_another_server_is_not_a_proposal(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    question = ada.note("<p>Tea or soup?</p>", type="Question", oneOf=[{"type": "Note", "name": "Tea"}])
    await ada.tell(chapter, ada.create(question))
    assert await chapter.count("inbox_item", "kind IN ('poll', 'proposal')") == 0
    assert not await chapter.unit(lambda unit: service.find_remote(unit, question["id"]))
