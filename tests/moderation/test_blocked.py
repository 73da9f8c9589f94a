"""Whoever is suspended is nowhere: by no way in, on no page, in no count; and comes back exactly as it was."""

import pytest

from fedchapter.policy import set_mark
from fedchapter.store import Unit, find_known
from tests.federation.test_security_privacy import get
from tests.moderation.acting import Person, newest, somebody
from tests.moderation.test_suspending import follows as follow_state
from tests.objects.announcement.support import announce, followed_by, follows
from tests.support.network import Chapter, Stranger, World
from tests.support.threads import announced, known

SCOPES = pytest.mark.parametrize("scope", ["actor", "host"])


async def trusted(chapter: Chapter, *who: Stranger) -> None:
    async def approve(unit: Unit) -> None:
        for one in who:
            await set_mark(unit, scope="actor", subject=one.uri, decision="approved")

    await chapter.unit(approve)


async def suspend(chapter: Chapter, scope: str, who: Stranger) -> Person:
    mia = await somebody(chapter, "Mia")
    await mia.act(f"suspend-{scope}", who.uri if scope == "actor" else who.host)
    return mia


async def front(chapter: Chapter, path: str = "/") -> str:
    return (await chapter.client().get(path)).text


@SCOPES
async def test_nothing_that_a_suspended_actor_sends_is_taken(world: World, scope: str) -> None:
    chapter, eve = await world.chapter(), world.stranger("eve", "evil.test")
    root = await announce(chapter, "We meet on Sunday.")
    await trusted(chapter, eve)
    await eve.tell(chapter, eve.activity("Like", root))
    await suspend(chapter, scope, eve)
    before = await known(chapter, root)
    note = eve.note("<p>hello</p>", reply_to=root)
    direct = eve.note("<p>in private</p>", public=False, to=[chapter.uri])
    messages = (
        eve.create(note),
        eve.create(direct),
        eve.activity("Follow", chapter.uri),
        eve.activity("Like", root),
        eve.activity("Announce", root, to=["https://www.w3.org/ns/activitystreams#Public"]),
        eve.activity("Join", root),
        eve.activity("QuoteRequest", root, instrument=f"https://{eve.host}/notes/quote"),
        eve.activity("Flag", root),
    )
    for message in messages:
        answer = await eve.send(chapter, message)
        assert answer.status_code == (202 if scope == "actor" else 403), message["type"]
    await chapter.settle()
    states = {state for verb, state, _ in (await chapter.log())[1:] if verb != "Flag"}
    assert states <= {"refused", "ignored"}, await chapter.log()
    after = await known(chapter, root)
    assert (after.replies, after.boosts) == (before.replies, before.boosts) == (0, 0)
    assert (
        await chapter.count("message")
        == await chapter.count("follow")
        == await chapter.count("quote_stamp")
        == 0
    )
    assert await chapter.run(find_known(chapter.house.database, str(note["id"]))) is None


@SCOPES
async def test_a_suspended_actor_cannot_fetch_what_asks_for_a_signature(world: World, scope: str) -> None:
    chapter, eve = await world.chapter(authorized_fetch=True), world.stranger("eve", "evil.test")
    await followed_by(chapter, eve)
    inner = await announce(chapter, "For followers only.", visibility="followers")
    open_ = await announce(chapter, "For everybody.")
    assert (await get(chapter, inner, eve)).status_code == 200
    await suspend(chapter, scope, eve)
    for uri in (inner, open_, chapter.uri, f"{chapter.uri}/outbox?page=1", f"{open_}/replies"):
        assert (await get(chapter, uri, eve)).status_code in (401, 404), uri


@SCOPES
async def test_nobody_brings_a_suspended_actor_back_by_a_share_a_proof_or_a_mention(
    world: World, scope: str
) -> None:
    chapter, eve, bob = (
        await world.chapter(),
        world.stranger("eve", "evil.test"),
        world.stranger("bob", "far.test"),
    )
    await follows(chapter, bob)
    before = eve.note("<p>an early word of eve</p>")
    await bob.tell(
        chapter, bob.activity("Announce", before["id"], to=["https://www.w3.org/ns/activitystreams#Public"])
    )
    assert "an early word of eve" in await front(chapter)
    mia = await suspend(chapter, scope, eve)
    assert "an early word of eve" not in await front(chapter)
    note = eve.note("<p>a late word of eve</p>")
    for one in (before, note):
        share = bob.activity("Announce", one["id"], to=["https://www.w3.org/ns/activitystreams#Public"])
        await bob.tell(chapter, share)
    relayed = await bob.send(chapter, eve.prove(eve.create(note)))
    assert relayed.status_code in (202, 403)
    await chapter.settle()
    mention = bob.note(
        f'<p>See <a href="{note["id"]}">what eve says</a></p>',
        tag=[{"type": "Mention", "href": eve.uri, "name": "@eve@evil.test"}],
    )
    await bob.tell(chapter, bob.create(mention))
    page = await front(chapter)
    assert "word of eve" not in page and "See" in page
    await mia.undo((await newest(chapter, f"suspend-{scope}"))["id"])
    assert "an early word of eve" in await front(chapter)


@SCOPES
async def test_what_was_shown_is_on_no_page_and_in_no_count_and_comes_back(
    each_world: World, scope: str
) -> None:
    chapter, eve = await each_world.chapter(), each_world.stranger("eve", "evil.test")
    root = await announced(chapter)
    await trusted(chapter, eve)
    await follows(chapter, eve)
    await followed_by(chapter, eve)
    note = eve.note("<p>what eve says</p>")
    await eve.tell(chapter, eve.create(note))
    reply = eve.note("<p>what eve answers</p>", reply_to=root)
    await eve.tell(chapter, eve.create(reply))
    await eve.tell(chapter, eve.activity("Like", root))
    await eve.tell(
        chapter, eve.activity("Announce", root, to=["https://www.w3.org/ns/activitystreams#Public"])
    )
    was = await known(chapter, root)
    assert (was.replies, was.likes, was.boosts) == (1, 1, 1)
    path = root.removeprefix(chapter.settings.origin)
    post = f"/posts/{(await known(chapter, str(note['id']))).ref}"
    assert (await chapter.client().get(post)).status_code == 200
    mia = await suspend(chapter, scope, eve)
    now = await known(chapter, root)
    assert (now.replies, now.likes, now.boosts) == (0, 0, 0)
    for page in ("/", path, "/feed.xml", "/about"):
        assert "what eve" not in await front(chapter, page), page
    assert (await chapter.client().get(post)).status_code == 404
    assert (await chapter.get_json(f"{root}/replies"))["totalItems"] == 0
    assert (await chapter.get_json(f"{root}/likes"))["totalItems"] == 0
    assert (await chapter.get_json(f"{chapter.uri}/followers"))["totalItems"] == 0
    received = len(eve.received)
    await announce(chapter, "Not for eve.")
    assert len(eve.received) == received, "nothing is sent there"
    await mia.undo((await newest(chapter, f"suspend-{scope}"))["id"])
    assert await known(chapter, root) == was
    assert "what eve says" in await front(chapter)
    assert await follow_state(chapter, eve) == "accepted"
    await eve.tell(chapter, eve.activity("Undo", eve.activity("Like", root)))
    assert (await known(chapter, root)).likes == 0


async def test_a_like_taken_back_while_suspended_counts_once(world: World) -> None:
    chapter, eve, bob = await world.chapter(), world.stranger("eve", "evil.test"), world.stranger("bob")
    root = await announced(chapter)
    like = eve.activity("Like", root)
    await eve.tell(chapter, like)
    await bob.tell(chapter, bob.activity("Like", root))
    mia = await suspend(chapter, "actor", eve)
    await eve.tell(chapter, eve.activity("Undo", like))
    assert (await known(chapter, root)).likes == 1
    await mia.undo((await newest(chapter, "suspend-actor"))["id"])
    assert (await known(chapter, root)).likes == 1


async def test_an_answer_to_our_follow_waits_with_the_follow(world: World) -> None:
    chapter, eve = await world.chapter(), world.stranger("eve", "evil.test")
    await follows(chapter, eve)
    mia = await suspend(chapter, "actor", eve)
    asked = [one for one in eve.received if one["type"] == "Follow"][-1]
    await eve.tell(chapter, eve.activity("Accept", asked))
    [row] = await chapter.rows("SELECT state FROM follow WHERE followed_uri = ?", eve.uri)
    assert row["state"] == "paused"
    await mia.undo((await newest(chapter, "suspend-actor"))["id"])
    [row] = await chapter.rows("SELECT state FROM follow WHERE followed_uri = ?", eve.uri)
    assert row["state"] == "accepted"


async def test_a_suspended_actor_does_not_take_our_follow_along_to_another_account(world: World) -> None:
    chapter, eve = await world.chapter(), world.stranger("eve", "evil.test")
    new = world.stranger("eve2", "elsewhere.test")
    new.put(new.uri, new.document(alsoKnownAs=[eve.uri]))
    await follows(chapter, eve)
    await suspend(chapter, "actor", eve)
    state, _ = await eve.tell(chapter, eve.activity("Move", eve.uri, target=new.uri))
    assert state in ("ignored", "refused")
    assert await chapter.count("follow", "followed_uri = ?", new.uri) == 0


@SCOPES
async def test_thirty_days_later_the_copies_are_erased_and_the_follows_have_ended(
    each_world: World, scope: str
) -> None:
    chapter, eve = await each_world.chapter(), each_world.stranger("eve", "evil.test")
    root = await announced(chapter)
    await trusted(chapter, eve)
    await follows(chapter, eve)
    await followed_by(chapter, eve)
    note, reply = eve.note("<p>what eve says</p>"), eve.note("<p>what eve answers</p>", reply_to=root)
    await eve.tell(chapter, eve.create(note))
    await eve.tell(chapter, eve.create(reply))
    await suspend(chapter, scope, eve)
    each_world.move(days=29)
    await chapter.settle()
    assert await chapter.count("known_object", "html LIKE '%what eve%'") == 2
    each_world.move(days=2)
    await chapter.settle()
    assert await chapter.count("known_object", "html LIKE '%what eve%'") == 0
    assert await chapter.count("announcement", "html LIKE '%what eve%'") == 0
    assert await chapter.count("follow") == await chapter.count("pause") == 0
    assert await chapter.count("decision", "what = 'purge'") == 1
    if scope == "actor":
        sent = {one["type"] for one in eve.received}
        assert {"Undo", "Reject"} <= sent, "its server still listens, and is told"


@SCOPES
async def test_a_limit_takes_from_every_public_list_what_was_there_and_what_comes_and_gives_it_back(
    each_world: World, scope: str
) -> None:
    chapter, eve = await each_world.chapter(), each_world.stranger("eve", "evil.test")
    await follows(chapter, eve)
    note, later = eve.note("<p>what eve says</p>"), eve.note("<p>what eve says later</p>")
    await eve.tell(chapter, eve.create(note))
    assert "what eve says" in await front(chapter)
    mia = await somebody(chapter, "Mia")
    await mia.act(f"limit-{scope}", eve.uri if scope == "actor" else eve.host)
    assert "what eve" not in await front(chapter)
    await eve.tell(chapter, eve.create(later))
    assert "what eve" not in await front(chapter)
    post = f"/posts/{(await known(chapter, str(note['id']))).ref}"
    assert (await chapter.client().get(post)).status_code == 200, "whoever has its address reads it"
    await mia.undo((await newest(chapter, f"limit-{scope}"))["id"])
    page = await front(chapter)
    assert "what eve says" in page and "what eve says later" in page
    assert await chapter.count("pause") == 0
