"""A chapter as Fedify sees it: found, followed, verified in both schemes and by its proofs."""

import pytest

from tests.fedify.steps import announce, followed_by
from tests.support.fedify import FedifyPeer, Scheme
from tests.support.on_tcp import OpenChapter, Street


async def test_fedify_finds_the_chapter_by_its_handle_and_follows(
    fedify: FedifyPeer, chapter: OpenChapter
) -> None:
    found = await fedify.lookup(chapter.handle)
    assert (found["id"], found["type"]) == (chapter.uri, "Group")
    follow = await fedify.follow(chapter.handle)
    [call] = await chapter.hears()
    assert (call.scheme, call.status) == ("rfc9421", 202)
    [accept] = await fedify.wait_for("Accept")
    assert (accept.scheme, accept.verified, accept.status) == ("cavage", True, 202)
    assert accept.key_id == f"{chapter.uri}#main-key"
    assert accept.body["object"]["id"] == follow
    assert await chapter.log() == [("Follow", "done", "accepted as a follower")]


@pytest.mark.parametrize("only", ["cavage", "rfc9421"])
async def test_an_announcement_arrives_once_and_is_verified(
    fedify: FedifyPeer, chapter: OpenChapter, only: Scheme
) -> None:
    await fedify.settings(only_scheme=only, first_knock=only)
    await followed_by(chapter, fedify)
    uri = await announce(chapter, "We meet on **Sunday**.", title="Meeting")
    [create] = await fedify.wait_for("Create")
    assert (create.scheme, create.verified, create.status) == (only, True, 202)
    assert (create.body["object"]["id"], create.body["object"]["type"]) == (uri, "Article")
    assert True in (create.proof, create.object_proof)
    assert False not in (create.proof, create.object_proof)
