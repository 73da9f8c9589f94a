"""Talk between a chapter and Fedify: replies that wait, likes and boosts that count, answers and messages."""

from typing import Any

import msgspec

from fedchapter.actors import find_actor
from fedchapter.federation.fetch import CAVAGE, signing
from fedchapter.members import Role
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.message import service as messages
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.fedify.steps import announce, counts, followed_by, follows, known
from tests.support.fedify import FedifyPeer
from tests.support.on_tcp import OpenChapter, Street

REPLY = "<p>I will bring chairs.</p>"


async def page(chapter: OpenChapter, uri: str) -> str:
    """What a visitor reads there."""
    async with chapter.client() as visitor:
        return (await visitor.get(uri)).text


async def approve(chapter: OpenChapter, uri: str) -> None:
    """A moderator shows what was held."""
    async with await chapter.signed_in(Role.MODERATOR) as moderator:
        assert "bring chairs" in (await moderator.get("/admin/queue")).text
        answer = await moderator.post("/admin/queue", data={"act": "approve", "uri": uri})
        assert answer.status_code == 303, answer.text


async def test_a_reply_waits_is_approved_edited_and_deleted(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    await followed_by(chapter, fedify)
    root = await announce(chapter, "We meet on Sunday.")
    reply = await fedify.reply(root, REPLY)
    [call] = await chapter.hears()
    assert (call.scheme, call.status) == ("rfc9421", 202)
    assert (await chapter.log())[-1][:2] == ("Create", "held")
    assert "bring chairs" not in await page(chapter, root)
    assert await counts(chapter, root) == (0, 0, 0)
    await approve(chapter, reply)
    assert "bring chairs" in await page(chapter, root)
    assert await counts(chapter, root) == (1, 0, 0)
    await fedify.edit(reply, "<p>I will bring tables.</p>", to=chapter.uri)
    await chapter.hears()
    assert "bring tables" in await page(chapter, root)
    second = await fedify.reply(root, "<p>And cake.</p>")
    await chapter.hears()
    assert "And cake" in await page(chapter, root), "approval remembers the actor"
    await fedify.remove(reply, to=chapter.uri)
    await chapter.hears()
    assert "bring" not in await page(chapter, root)
    assert await counts(chapter, root) == (1, 0, 0)
    assert (await known(chapter, second)).state == "shown"


async def test_likes_and_boosts_count_until_they_are_undone(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    await fedify.settings(first_knock="cavage")
    root = await announce(chapter, "We meet on Sunday.")
    like, boost = await fedify.like(root), await fedify.announce(root)
    calls = await chapter.hears(2)
    assert [(call.scheme, call.status) for call in calls] == [("cavage", 202)] * 2
    assert await counts(chapter, root) == (0, 1, 1)
    await fedify.undo(like, to=chapter.uri)
    await chapter.hears()
    assert await counts(chapter, root) == (0, 0, 1)
    await fedify.undo(boost, to=chapter.uri)
    await chapter.hears()
    assert await counts(chapter, root) == (0, 0, 0)


async def test_an_answer_of_the_chapter_mentions_dan_and_reaches_him(
    fedify: FedifyPeer, chapter: OpenChapter
) -> None:
    root = await announce(chapter, "We meet on Sunday.")
    reply = await fedify.reply(root, REPLY)
    await chapter.hears()
    await approve(chapter, reply)
    async with await chapter.signed_in(Role.MODERATOR) as moderator:
        posted = await moderator.post("/comments", data={"reply_to": reply, "text": "Thank **you**"})
        assert posted.status_code == 303, posted.text
    await chapter.settle()
    [create] = await fedify.wait_for("Create")
    assert (create.verified, create.proof, create.status) == (True, True, 202)
    note = create.body["object"]
    assert (note["inReplyTo"], note["content"]) == (reply, "<p>Thank <strong>you</strong></p>")
    assert note["tag"] == [{"type": "Mention", "href": fedify.actor_uri, "name": fedify.handle}]
    found = await fedify.lookup(note["id"])
    assert (found["id"], found["inReplyTo"]) == (note["id"], reply)
    assert await fedify.reply(note["id"], "<p>See you.</p>")
    await chapter.hears()
    assert (await counts(chapter, root))[0] == 3


async def test_the_chapter_shares_a_post_and_takes_that_back(
    fedify: FedifyPeer, chapter: OpenChapter
) -> None:
    await follows(chapter, fedify)
    await chapter.hears()
    note = await fedify.post("<p>The library stays open.</p>", to=chapter.uri)
    await chapter.hears()
    await chapter.unit(lambda unit: announcements.share(unit, note))
    await chapter.settle()
    [boost] = await fedify.wait_for("Announce")
    assert (boost.verified, boost.status, boost.body["object"]) == (True, 202, note)
    assert (await fedify.lookup(boost.body["id"]))["object"] == note
    await chapter.unit(lambda unit: announcements.unshare(unit, note))
    await chapter.settle()
    [undo] = await fedify.wait_for("Undo")
    assert (undo.verified, undo.body["object"]["id"]) == (True, boost.body["id"])


async def test_messages_go_both_ways_and_stay_private(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    await fedify.post("<p>My landlord has a list.</p>", to=chapter.uri, is_public=False)
    await chapter.hears()
    assert (await chapter.log())[-1][:2] == ("Create", "held")
    dan = await chapter.run(find_actor(chapter.house.database, fedify.actor_uri))
    assert dan is not None
    async with await chapter.signed_in(Role.MODERATOR) as moderator:
        await moderator.post(f"/admin/messages/{dan.id}/decide", data={"act": "accept"})
        assert "has a list" in (await moderator.get(f"/admin/messages/{dan.id}")).text
    assert "has a list" not in await page(chapter, "/")
    id_ = await chapter.unit(lambda unit: messages.send(unit, dan, "Come by on Friday.", account_id=""))
    await chapter.settle()
    [create] = await fedify.wait_for("Create")
    assert create.verified
    assert create.body["to"] == create.body["object"]["to"] == [fedify.actor_uri]
    assert "cc" not in create.body
    uri = chapter.settings.uri("messages", id_)
    assert (await fedify.lookup(uri))["id"] == uri, "whom it was written to may read it"
    assert (await fedify.get(uri, signed=False)).status == 404


async def forward(through: OpenChapter, to: OpenChapter, activity: dict[str, Any]) -> int:
    """One chapter passes on what somebody else said, under its own signature; the answer's status."""
    sign = await through.run(signing(through.house, through.uri, CAVAGE))
    body = msgspec.json.encode(activity)
    answer = await through.house.net.post(f"{to.uri}/inbox", body, content_type=ACTIVITY_JSON, sign=sign)
    return answer.status


async def test_what_dan_proved_counts_whoever_passes_it_on(fedify: FedifyPeer, street: Street) -> None:
    chapter, hillside = await street.chapter(), await street.chapter("hillside")
    await follows(chapter, fedify)
    await chapter.hears()
    note = await fedify.post("<p>The library stays open.</p>", to=hillside.uri)
    await hillside.hears()
    [row] = await hillside.rows("SELECT body FROM inbox_item WHERE verb = 'Create'")
    create = msgspec.json.decode(row["body"])
    assert {"proof", "signature"} <= create.keys(), "Fedify adds a proof and an LD signature"
    forged = create | {"object": create["object"] | {"content": "<p>The library closes.</p>"}}
    bare = {name: value for name, value in create.items() if name != "proof"}
    assert await forward(hillside, chapter, forged) == 401
    assert await forward(hillside, chapter, bare) == 401
    assert await forward(hillside, chapter, create) == 202
    await chapter.hears(3)
    [log] = await chapter.rows("SELECT state, signed_by FROM inbox_item WHERE verb = 'Create'")
    assert (log["state"], log["signed_by"].partition("#")[0]) == ("done", f"proof:{fedify.actor_uri}")
    assert (await known(chapter, note)).owner_uri == fedify.actor_uri
    assert "The library stays open." in await page(chapter, "/")
