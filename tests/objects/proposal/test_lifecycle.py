"""A proposal from draft to outcome, and what leaves the server on its way."""

import msgspec
import pytest

from fedchapter.actors.wire import from_document
from fedchapter.errors import Refusal
from fedchapter.evidence import check_opening, check_result, content_hash, recompute, verify, version_hash
from fedchapter.objects.proposal import service
from fedchapter.objects.proposal.draft import ProposalDraft
from fedchapter.objects.proposal.service.rows import find_versions
from fedchapter.signatures import multikey_decode, verify_proof
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.objects.proposal.votes import answer, proposed, sent
from tests.support.network import World


async def test_a_vote_runs_from_discussion_to_a_signed_outcome(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    case = await proposed(chapter, "Bea", "Cem", "Dora")
    await case.open()
    await case.cast("Bea", "yes")
    await case.cast("Cem", "no")
    await case.cast("Cem", "yes")
    await case.cast("Dora", "no")
    assert (await answer(ada, case, "No"))[0] == "done"
    assert await case.totals() == ((2, 1, 0), (0, 1, 0))
    each_world.move(hours=25)
    await each_world.settle()
    row = await case.row()
    assert (row.stage, row.outcome) == ("closed", "passed")
    kinds = [(one["type"], one["object"]["type"]) for one in ada.received if one["type"] != "Accept"]
    assert kinds[:3] == [("Create", "Article"), ("Update", "Article"), ("Create", "Question")]
    assert set(kinds[3:]) == {("Update", "Question"), ("Update", "Article"), ("Create", "Note")}
    [note] = await sent(chapter, "Create", "Note")
    assert "Passed: Rent the old depot" in note["content"]
    assert "2 yes, 1 no and 0 abstain" in note["content"]


async def test_the_signed_statements_hold_with_the_published_key(world: World) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter, "Bea", "Cem")
    await case.open()
    await case.cast("Bea", "yes")
    world.move(hours=25)
    await world.settle()
    actor = await chapter.get_json(chapter.uri)
    [method] = actor["assertionMethod"]
    key = multikey_decode(method["publicKeyMultibase"])
    opening = await chapter.get_json(f"{case.path}/opening")
    result = await chapter.get_json(f"{case.path}/result")
    check_opening(opening)
    check_result(result, opening)
    assert recompute(result).passed
    for document in (opening, result):
        assert document["proof"]["verificationMethod"] == method["id"]
        assert verify(document, key)  # type: ignore[arg-type]
        assert not verify(document | {"fc:version": "sha256:" + "0" * 64}, key)  # type: ignore[arg-type]
    assert result["fc:openingHash"] == content_hash(opening)
    for path in (case.path, f"{case.path}/outcome"):
        assert verify_proof(await chapter.get_json(path), key)  # type: ignore[arg-type]
    assert from_document(actor, chapter.uri).uri == chapter.uri


async def test_every_edit_is_a_version_with_its_parent(world: World) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter)
    world.move(minutes=5)
    text = "We rent the old depot for one year.\n\nThe rent is 900 a month.\n\nThere will be a bar."
    await chapter.unit(lambda unit: service.edit(unit, case.id, ProposalDraft("Rent the old depot", text)))
    rows = await chapter.run(find_versions(chapter.house.database, case.id))
    newer, older = (msgspec.json.decode(row["document"]) for row in rows)
    assert [row["number"] for row in rows] == [2, 1]
    assert version_hash(newer) == rows[0]["hash"] == (await case.row()).version_hash
    assert newer["fc:parent"] == rows[1]["hash"]
    assert older["fc:parent"] is None
    assert [one["fc:id"] for one in newer["fc:paragraphs"]] == ["p1", "p2", "p3"]
    [article] = await sent(chapter, "Update", "Article")
    assert article["fc:versionHash"] == rows[0]["hash"]
    assert article["updated"] > article["published"]


async def test_the_text_is_fixed_once_the_vote_has_opened(world: World) -> None:
    case = await proposed(await world.chapter())
    await case.open()
    for work in (
        lambda unit: service.edit(unit, case.id, ProposalDraft("Another", "text")),
        lambda unit: service.withdraw(unit, case.id),
        lambda unit: service.delete(unit, case.id),
    ):
        with pytest.raises(Refusal):
            await case.chapter.unit(work)
    assert (await case.row()).opening_document["fc:version"] == (await case.row()).version_hash


async def test_a_deleted_proposal_is_gone_for_good(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    case = await proposed(chapter)
    await world.settle()
    await chapter.unit(lambda unit: service.delete(unit, case.id))
    await world.settle()
    assert ada.received[-1]["type"] == "Delete"
    async with chapter.client() as client:
        answered = await client.get(case.path, headers={"Accept": ACTIVITY_JSON})
        assert answered.status_code == 410
        assert answered.json()["formerType"] == "Article"
        assert (await client.get(case.path)).status_code == 410


async def test_a_withdrawn_proposal_stays_readable_and_says_so(world: World) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter)
    await chapter.unit(lambda unit: service.withdraw(unit, case.id))
    article = await chapter.get_json(case.path)
    assert article["fc:stage"] == "withdrawn"
    assert "withdrawn" in article["summary"]
    with pytest.raises(Refusal):
        await case.open()


async def test_a_draft_is_for_moderators_only_and_goes_nowhere(world: World) -> None:
    chapter = await world.chapter()
    made = await chapter.unit(lambda unit: service.create(unit, ProposalDraft("Secret plan", "Text"), "me"))
    async with chapter.client() as client:
        for path in (f"/proposals/{made}", f"/proposals/{made}/versions", f"/proposals/{made}/opening"):
            assert (await client.get(path)).status_code == 404
            assert (await client.get(path, headers={"Accept": ACTIVITY_JSON})).status_code == 404
        assert "Secret plan" not in (await client.get("/proposals")).text
    moderator = await chapter.signed_in()
    assert "Secret plan" in (await moderator.get("/proposals")).text
    assert await chapter.count("outbox_item") == 0


async def test_the_summary_changes_at_every_transition(world: World) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter, "Bea")
    said = [(await chapter.get_json(case.path))["summary"]]
    await case.open()
    said.append((await chapter.get_json(case.path))["summary"])
    world.move(hours=25)
    await world.settle()
    said.append((await chapter.get_json(case.path))["summary"])
    assert "under discussion" in said[0]
    assert "Vote open until" in said[1]
    assert "(UTC)" in said[1]
    assert "No quorum: 0 yes" in said[2]
