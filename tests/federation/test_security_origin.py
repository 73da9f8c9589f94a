"""Whose object it is: an id speaks for its own server only, an author for itself, and nobody for us."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from fedchapter.federation.fetch import fetch_actor, fetch_document, find_or_fetch_actor
from fedchapter.objects.follow import service as following
from fedchapter.store import Known, find_known
from tests.objects.announcement.support import announce, followed_by, follows
from tests.support.network import PUBLIC, Chapter, Stranger, World
from tests.support.threads import announced, known


async def find(chapter: Chapter, uri: str) -> Known | None:
    """What the chapter knows under that URI."""
    return await chapter.run(find_known(chapter.house.database, uri))


async def refusal(chapter: Chapter, uri: str) -> str:
    """The code with which fetching that document is refused."""
    with pytest.raises(Exception) as caught:
        await chapter.run(fetch_document(chapter.house, uri))
    return str(getattr(caught.value, "code", caught.value))


def event(who: Stranger, **fields: Any) -> dict[str, Any]:
    """An Event of theirs, served at its id."""
    start = (who.clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return who.note("<p>Come</p>", type="Event", name="Picnic", startTime=start, **fields)


async def test_a5_a_document_counts_only_under_its_own_id(world: World) -> None:
    chapter, good, evil = (
        await world.chapter(),
        world.stranger("a", "good.test"),
        world.stranger("e", "evil.test"),
    )
    note = good.note("Hello")
    evil.put("https://evil.test/copy", note)
    assert await refusal(chapter, "https://evil.test/copy") == "wrong-id"
    good.put("https://good.test/@a/1", note)
    assert (await chapter.run(fetch_document(chapter.house, "https://good.test/@a/1")))["id"] == note["id"]
    good.put("https://good.test/x", {"id": "https://good.test/y"})
    good.put("https://good.test/y", {"id": "https://good.test/x"})
    assert await refusal(chapter, "https://good.test/x") == "wrong-id"
    good.put("https://good.test/none", {"type": "Note"})
    assert await refusal(chapter, "https://good.test/none") == "no-id"


async def test_a5_a_redirect_lends_nobody_another_servers_name(world: World) -> None:
    chapter, good, evil = (
        await world.chapter(),
        world.stranger("a", "good.test"),
        world.stranger("e", "evil.test"),
    )
    evil.put("https://evil.test/1", {"id": "https://good.test/go", "type": "Note", "attributedTo": good.uri})
    good.site.redirects["https://good.test/go"] = "https://evil.test/1"
    assert await refusal(chapter, "https://good.test/go") == "redirected"
    evil.put("https://evil.test/2", {"id": "https://evil.test/2", "type": "Note"})
    good.site.redirects["https://good.test/go2"] = "https://evil.test/2"
    assert await refusal(chapter, "https://good.test/go2") == "wrong-id"
    evil.site.redirects["https://evil.test/us"] = f"{chapter.settings.origin}/actor"
    assert await refusal(chapter, "https://evil.test/us") == "own-host"
    evil.put(evil.uri, evil.document(id=good.uri))
    assert await refusal(chapter, evil.uri) == "wrong-id"


async def test_a5_an_embedded_object_of_another_server_is_not_believed(world: World) -> None:
    chapter, alice = await world.chapter(), world.stranger("alice", "good.test")
    mallory = world.stranger("mallory", "evil.test")
    root = await announced(chapter)
    forged = alice.note("I resign", reply_to=root)
    state, reason = await mallory.tell(chapter, mallory.create(forged))
    assert (state, reason) == ("refused", "the object is not on its actor's server")
    asked = len(alice.site.asked)
    assert (await mallory.tell(chapter, mallory.activity("Create", forged["id"], to=[PUBLIC])))[
        0
    ] == "refused"
    assert len(alice.site.asked) == asked
    await follows(chapter, mallory)
    lie = forged | {"content": "<p>Send money</p>"}
    await mallory.tell(chapter, mallory.activity("Announce", lie, to=[PUBLIC]))
    kept = await find(chapter, forged["id"])
    assert kept is None or "money" not in kept.html


async def test_a6_only_an_activitypub_document_is_one(world: World) -> None:
    chapter, evil = await world.chapter(), world.stranger("up", "host.test")
    document = {"id": "https://host.test/media/1.json", "type": "Note"}
    for media_type in (
        "text/json",
        "application/json",
        "text/plain",
        "text/html",
        "image/png",
        "application/octet-stream",
        "application/ld+json",
        "application/activity+jsonx",
        "multipart/x; application/activity+json",
        "",
    ):
        evil.put(document["id"], document, content_type=media_type)
        assert await refusal(chapter, document["id"]) == "media-type", media_type
    for media_type in (
        "application/activity+json; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    ):
        evil.put(document["id"], document, content_type=media_type)
        assert await chapter.run(fetch_document(chapter.house, document["id"])) == document


async def test_a6_an_upload_is_never_given_as_a_document(world: World) -> None:
    chapter = await world.chapter()
    folder = chapter.settings.data / "media"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("a" * 32 + ".json", "note.json", "x.svg", "x.html"):
        (folder / name).write_text('{"id": "https://riverside.test/media/note.json"}')
    async with chapter.client() as client:
        for name in ("a" * 32 + ".json", "note.json", "x.svg", "x.html", "..%2fsecret.key", "../secret.key"):
            answer = await client.get(f"/media/{name}", headers={"Accept": "application/activity+json"})
            assert answer.status_code == 404, name
            assert "activity" not in answer.headers["content-type"]


async def test_a7_an_author_who_is_not_the_actor_is_refused(each_world: World) -> None:
    chapter, alice = await each_world.chapter(), each_world.stranger("alice", "good.test")
    bob = each_world.stranger("bob", "good.test")
    root = await announced(chapter)
    authors: tuple[Any, ...] = (
        1,
        "1",
        "admin",
        True,
        chapter.uri,
        chapter.settings.server_uri,
        [alice.uri, bob.uri],
        [bob.uri, alice.uri],
        alice.uri,
        {"id": alice.uri, "type": "Person"},
        {"type": "Person", "name": "admin"},
        "https://other.test/users/x",
    )
    for author in authors:
        note = bob.note("Hello", reply_to=root, attributedTo=author)
        for verb in ("Create", "Update"):
            state, reason = await bob.tell(chapter, bob.activity(verb, note, to=[PUBLIC]))
            assert state == "refused", (author, verb, reason)
            assert await find(chapter, note["id"]) is None
    assert await chapter.count("known_object", "kind = 'comment'") == 0


async def test_a7_a_group_of_the_same_server_may_be_the_author_as_its_server_says(each_world: World) -> None:
    """Mobilizon: a person acts, a Group is the author; the server's copy counts, not the embedded one."""
    chapter, ana = await each_world.chapter(), each_world.stranger("ana", "mobilizon.test")
    group = each_world.stranger("gardeners", "mobilizon.test", "Group")
    await follows(chapter, group)
    served = event(ana, attributedTo=group.uri)
    sent = served | {"name": "Another name", "content": "<p>Send money</p>"}
    assert (await ana.tell(chapter, ana.create(sent)))[0] == "done"
    kept = await known(chapter, served["id"])
    assert (kept.owner_uri, kept.title) == (group.uri, "Picnic")
    mallory = each_world.stranger("mallory", "evil.test")
    lie = mallory.note("x", type="Event", name="X", startTime="2027-01-01T10:00:00Z", attributedTo=group.uri)
    assert (await mallory.tell(chapter, mallory.create(lie)))[0] == "refused"
    alone = event(ana, attributedTo=group.uri)
    ana.put(alone["id"], alone | {"attributedTo": ana.uri})
    assert (await ana.tell(chapter, ana.create(alone)))[0] == "refused"


def seizures(forger: Stranger, uri: str, owner: Stranger) -> list[dict[str, Any]]:
    """Every way to say that somebody else's thing is changed or gone."""
    theirs = {"id": uri, "type": "Event", "name": "No", "content": "No", "startTime": "2030-01-01T00:00:00Z"}
    claimed = (theirs, theirs | {"attributedTo": forger.uri}, theirs | {"attributedTo": owner.uri})
    written = [forger.activity(verb, one, to=[PUBLIC]) for one in claimed for verb in ("Create", "Update")]
    featured = f"{owner.uri}/featured"
    ended = [forger.activity(verb, uri, target=featured) for verb in ("Delete", "Undo", "Add", "Remove")]
    return [*written, *ended, forger.activity("Undo", {"type": "Like", "id": uri, "object": owner.uri})]


async def test_a8_only_its_owner_changes_a_thing(each_world: World) -> None:
    chapter, alice = await each_world.chapter(), each_world.stranger("alice", "good.test")
    bob, mallory = each_world.stranger("bob", "good.test"), each_world.stranger("mallory", "evil.test")
    await follows(chapter, alice)
    root = await announced(chapter)
    post, reply, meeting = alice.note("Mine"), alice.note("Yes", reply_to=root), event(alice)
    like = alice.activity("Like", root)
    for activity in (alice.create(post), alice.create(reply), alice.create(meeting), like):
        assert (await alice.tell(chapter, activity))[0] in ("done", "held")
    before = {uri: await known(chapter, uri) for uri in (post["id"], reply["id"], meeting["id"], root)}
    for forger, uri in product((bob, mallory), (*before, like["id"])):
        for activity in seizures(forger, uri, alice):
            state, reason = await forger.tell(chapter, activity)
            assert state in ("refused", "ignored"), (activity["type"], uri, reason)
    after = {uri: await known(chapter, uri) for uri in before}
    assert after == before
    assert await chapter.count("event", "uri = ? AND title = 'Picnic'", meeting["id"]) == 1
    assert await chapter.count("reaction") == 1


async def test_a8_a_neighbours_delete_counts_when_their_server_says_gone(world: World) -> None:
    chapter, alice = await world.chapter(), world.stranger("alice", "good.test")
    bob, root = world.stranger("bob", "good.test"), await announced(chapter)
    note = alice.note("Yes", reply_to=root)
    await alice.tell(chapter, alice.create(note))
    assert (await bob.tell(chapter, bob.activity("Delete", note["id"])))[0] == "refused"
    assert (await known(chapter, note["id"])).state in ("shown", "held")
    alice.put(note["id"], {"id": note["id"], "type": "Tombstone"}, status=410)
    assert (await bob.tell(chapter, bob.activity("Delete", note["id"])))[0] == "done"
    assert (await known(chapter, note["id"])).state == "gone"


async def test_a8_nobody_deletes_in_advance_what_others_will_write(each_world: World) -> None:
    """An Undo or Delete of an address elsewhere was once remembered, and silenced what came from there later."""
    chapter, alice = await each_world.chapter(), each_world.stranger("alice", "good.test")
    mallory, bob = each_world.stranger("mallory", "evil.test"), each_world.stranger("bob", "good.test")
    await follows(chapter, alice)
    post, meeting = alice.note("Mine"), event(alice)
    ours = f"{chapter.settings.origin}/announcements/01m7x8r4yq4c3m6a1x2z3v4b5n"
    kinds = ("Like", "Announce", "Follow", "Event", "Note", "Join", "Tombstone")
    for uri, forger, inner in product((post["id"], meeting["id"], ours), (mallory, bob), kinds):
        for verb in ("Undo", "Delete"):
            await forger.tell(chapter, forger.activity(verb, {"type": inner, "id": uri, "object": ours}))
    assert (await alice.tell(chapter, alice.create(post)))[0] == "done"
    assert (await alice.tell(chapter, alice.create(meeting)))[0] == "done"
    async with chapter.client() as client:
        assert (await client.get(ours)).status_code == 404


async def test_a8_a_move_needs_the_new_actor_to_name_the_old_one(world: World) -> None:
    chapter, alice, eve = await world.chapter(), world.stranger("alice"), world.stranger("eve", "evil.test")
    await follows(chapter, alice)
    for target in (eve.uri, chapter.uri, chapter.settings.server_uri, alice.uri, "https://nowhere.test/x"):
        await alice.tell(chapter, alice.activity("Move", alice.uri, target=target))
    await eve.tell(chapter, eve.activity("Move", alice.uri, target=eve.uri))
    rows = await chapter.rows("SELECT followed_uri FROM follow WHERE follower_uri = ?", chapter.uri)
    assert [row["followed_uri"] for row in rows] == [alice.uri]


async def test_a9_a_follow_is_answered_by_the_followed_alone(world: World) -> None:
    chapter, alice = await world.chapter(), world.stranger("alice", "good.test")
    bob, mallory = world.stranger("bob", "good.test"), world.stranger("mallory", "evil.test")
    actor = await chapter.run(find_or_fetch_actor(chapter.house, alice.uri))
    await chapter.unit(lambda unit: following.ask(unit, chapter.uri, actor))
    await chapter.settle()
    [asked] = [one for one in alice.received if one["type"] == "Follow"]
    for forger in (bob, mallory):
        for about in (
            asked,
            asked["id"],
            asked | {"object": forger.uri},
            {"type": "Follow", "actor": chapter.uri},
        ):
            for verb in ("Accept", "Reject"):
                assert (await forger.tell(chapter, forger.activity(verb, about)))[0] in ("refused", "ignored")
    assert await chapter.rows("SELECT state FROM follow") == [{"state": "requested"}]
    invented = {"id": f"{chapter.settings.origin}/activities/1", "type": "Follow", "actor": chapter.uri}
    assert (await alice.tell(chapter, alice.activity("Accept", invented | {"object": alice.uri})))[
        0
    ] == "refused"
    post = await announced(chapter)
    assert (await alice.tell(chapter, alice.activity("Accept", post)))[0] == "ignored"
    assert await chapter.rows("SELECT state FROM follow") == [{"state": "requested"}]
    assert (await alice.tell(chapter, alice.activity("Accept", asked)))[0] == "done"


async def test_c2_nothing_from_elsewhere_defines_what_is_on_our_server(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await follows(chapter, ada)
    root = await announced(chapter)
    before = await known(chapter, root)
    origin = chapter.settings.origin
    for uri in (
        f"{origin}/notes/1",
        f"{origin.upper()}/x",
        f"{origin}:443/x",
        f"{origin}./x",
        root,
        chapter.uri,
    ):
        for type_ in ("Note", "Event", "Article", "Question", "Person"):
            document = ada.note("Ours", type=type_, name="X", startTime="2030-01-01T00:00:00Z", reply_to=root)
            document |= {"id": uri}
            for verb in ("Create", "Update"):
                state, reason = await ada.tell(chapter, ada.activity(verb, document, to=[PUBLIC]))
                assert state == "refused", (uri, type_, reason)
    assert await known(chapter, root) == before
    assert await chapter.count("known_object", "NOT local AND uri LIKE ?", f"{origin}%") == 0
    answer = await ada.send(chapter, ada.activity("View", root, id=f"{origin}/activities/9"))
    assert (answer.status_code, answer.json()["code"]) == (400, "foreign-id")


async def test_c2_an_actor_document_cannot_claim_our_server(world: World) -> None:
    chapter, eve = await world.chapter(), world.stranger("eve", "evil.test")
    before = await chapter.rows("SELECT uri, inbox, name FROM actor ORDER BY uri")
    claims: list[dict[str, Any]] = [{"id": chapter.uri}, {"id": f"{chapter.settings.origin}/@eve"}]
    for claim in claims:
        eve.put(eve.uri, eve.document(**claim))
        with pytest.raises(Exception, match=r"claims to be|says that its id"):
            await chapter.run(fetch_actor(chapter.house, eve.uri))
    ours = f"{chapter.settings.origin}/inbox"
    eve.put(eve.uri, eve.document(inbox=ours))
    with pytest.raises(Exception, match="no inbox on its own server"):
        await chapter.run(fetch_actor(chapter.house, eve.uri))
    for name in (f"riverside@{chapter.host}", "river side", "a/b", "a@b", "\u202eecila", "x" * 256, ""):
        eve.put(eve.uri, eve.document(preferredUsername=name))
        with pytest.raises(Exception, match="preferredUsername"):
            await chapter.run(fetch_actor(chapter.house, eve.uri))
    eve.put(eve.uri, eve.document(endpoints={"sharedInbox": ours}, followers=f"{chapter.uri}/followers"))
    actor = await chapter.run(fetch_actor(chapter.house, eve.uri))
    assert (actor.shared_inbox, actor.followers, actor.host) == ("", "", "evil.test")
    after = await chapter.rows("SELECT uri, inbox, name FROM actor WHERE uri <> ? ORDER BY uri", eve.uri)
    assert after == before


async def test_c2_our_own_messages_sent_back_to_us_are_refused(world: World) -> None:
    """They carry proofs of our key, so whoever got one could pass it on to us."""
    chapter, ada = await world.chapter(), world.stranger()
    await followed_by(chapter, ada)
    await announce(chapter, "We meet on Sunday.")
    [ours] = [one for one in ada.received if one["type"] == "Create"]
    assert ours["proof"]["verificationMethod"].startswith(chapter.uri)
    for message in (ours, ours | {"type": "Delete"}):
        answer = await ada.send(chapter, message)
        assert (answer.status_code, answer.json()["code"]) == (400, "local-actor")
