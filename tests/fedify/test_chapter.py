"""A chapter as Fedify sees it: found, followed, verified in both schemes and by its proofs."""

from datetime import timedelta

import pytest

from fedchapter.members import Role
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from tests.fedify.steps import announce, followed_by, follows
from tests.support.fedify import FedifyPeer, Scheme
from tests.support.on_tcp import OpenChapter, Street

_MINUTE = timedelta(minutes=1)
SCHEMES: tuple[Scheme, ...] = ("cavage", "rfc9421")


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


@pytest.mark.parametrize("only", SCHEMES)
async def test_an_announcement_arrives_once_and_is_verified(
    fedify: FedifyPeer, chapter: OpenChapter, only: Scheme
) -> None:
    await fedify.settings(only_scheme=only, first_knock=only)
    await followed_by(chapter, fedify)
    uri = await announce(chapter, "We meet on **Sunday**.", title="Meeting")
    [create] = await fedify.wait_for("Create")
    assert (create.scheme, create.verified, create.status) == (only, True, 202)
    assert (create.body["object"]["id"], create.body["object"]["type"]) == (uri, "Article")
    assert create.proof is True, "the Ed25519 proof verifies by Fedify's own hand"
    assert create.path == "/inbox", "the shared inbox was used"
    await chapter.settle()
    assert len(await fedify.received("Create")) == 1


async def test_after_a_second_knock_the_scheme_is_remembered(
    fedify: FedifyPeer, chapter: OpenChapter
) -> None:
    await fedify.settings(only_scheme="rfc9421")
    await followed_by(chapter, fedify)
    await announce(chapter, "one")
    await announce(chapter, "two")
    posts = await fedify.received("Create")
    assert [(post.scheme, post.status) for post in posts] == [("rfc9421", 202)] * 2
    rows = await chapter.rows("SELECT scheme FROM peer WHERE host = ?", fedify.origin.removeprefix("http://"))
    assert [row["scheme"] for row in rows] == ["rfc9421"]


async def test_an_edit_and_a_deletion_reach_fedify(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    await followed_by(chapter, fedify)
    uri = await announce(chapter, "We meet on Sunday.")
    id_ = uri.rpartition("/")[2]
    chapter.clock.move(_MINUTE)
    await chapter.unit(lambda unit: announcements.edit(unit, id_, Draft("We meet on Monday.")))
    await chapter.settle()
    [update] = await fedify.wait_for("Update")
    assert (update.verified, update.proof) == (True, True)
    assert "Monday" in update.body["object"]["content"]
    assert "updated" in update.body["object"]
    assert "Monday" in (await fedify.lookup(uri))["content"]
    await chapter.unit(lambda unit: announcements.delete(unit, id_))
    await chapter.settle()
    [delete] = await fedify.wait_for("Delete")
    assert (delete.verified, delete.proof) == (True, True)
    assert (delete.body["object"]["id"], delete.body["object"]["type"]) == (uri, "Tombstone")
    gone = await fedify.get(uri)
    assert gone.status == 410
    assert '"Tombstone"' in gone.text


@pytest.mark.parametrize("only", SCHEMES)
async def test_documents_behind_signed_gets_are_read(
    fedify: FedifyPeer, chapter: OpenChapter, only: Scheme
) -> None:
    await fedify.settings(signed_gets=True, only_scheme=only, first_knock=only)
    await follows(chapter, fedify)
    read = [one for one in await fedify.received(method="GET") if one.path == "/users/dan"]
    assert (read[-1].scheme, read[-1].verified, read[-1].status) == (only, True, 200)
    assert read[-1].key_id == f"{chapter.settings.server_uri}#main-key"
    [follow] = await fedify.wait_for("Follow")
    assert (follow.scheme, follow.verified, follow.status) == (only, True, 202)


async def test_a_chapter_with_authorized_fetch_is_followed(fedify: FedifyPeer, street: Street) -> None:
    chapter = await street.chapter(authorized_fetch=True)
    assert (await fedify.get(chapter.uri, signed=False)).status == 401
    # Both sides ask for signatures: the server actor, which anybody may read, ends the circle.
    await fedify.settings(signed_gets=True)
    await followed_by(chapter, fedify)
    uri = await announce(chapter, "For readers with a name.")
    [create] = await fedify.wait_for("Create")
    assert create.verified
    assert (await fedify.lookup(uri))["id"] == uri
    assert (await fedify.get(uri, signed=False)).status == 401


async def test_the_chapter_follows_and_shows_posts_on_its_home_page(
    fedify: FedifyPeer, chapter: OpenChapter
) -> None:
    await follows(chapter, fedify)
    await chapter.hears()
    assert await fedify.followers() == [chapter.uri]
    [row] = await chapter.rows("SELECT state FROM follow WHERE followed_uri = ?", fedify.actor_uri)
    assert row["state"] == "accepted"
    note = await fedify.post("<p>The library stays open.</p>", to=chapter.uri)
    await chapter.hears()
    async with chapter.client() as visitor:
        assert "The library stays open." in (await visitor.get("/")).text
    await fedify.edit(note, "<p>The library is saved.</p>", to=chapter.uri)
    await chapter.hears()
    async with chapter.client() as visitor:
        assert "The library is saved." in (await visitor.get("/")).text
    await fedify.remove(note, to=chapter.uri)
    await chapter.hears()
    async with chapter.client() as visitor:
        assert "The library" not in (await visitor.get("/")).text


async def test_an_admin_follows_dan_by_his_handle(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    async with await chapter.signed_in(Role.ADMIN) as admin:
        answer = await admin.post("/admin/following", data={"handle": fedify.handle})
        assert answer.status_code == 303, answer.text
    await chapter.settle()
    await chapter.hears()
    assert await fedify.followers() == [chapter.uri]
