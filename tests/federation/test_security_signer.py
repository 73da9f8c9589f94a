"""Who speaks: the signer is the actor, the key is its owner's, the body and the target are what was signed."""

from datetime import timedelta
from typing import Any

import httpx
import msgspec

from fedchapter.signatures import HttpMessage, public_to_pem, sign_cavage, sign_rfc9421
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.support.network import AS2, PUBLIC, Chapter, Stranger, World
from tests.support.threads import announced

VERBS = (
    "Create", "Update", "Delete", "Follow", "Accept", "Reject", "Undo", "Like", "Announce", "Block", "Add", "Remove",
    "Move", "Join", "Leave", "Flag", "Offer", "QuoteRequest", "EmojiReact", "TentativeAccept", "View",
)  # fmt: skip


async def post(
    chapter: Chapter, body: bytes, headers: list[tuple[str, str]], path: str = "/inbox"
) -> httpx.Response:
    """A POST with exactly those headers."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=chapter.instance)) as client:
        return await client.post(f"{chapter.settings.origin}{path}", content=body, headers=headers)


async def counts(chapter: Chapter) -> list[int]:
    """How many rows there are of what a message could leave behind."""
    tables = (
        "inbox_item",
        "known_object",
        "follow",
        "reaction",
        "tombstone",
        "outbox_item",
        "delivery",
        "mark",
    )
    return [await chapter.count(table) for table in tables]


async def meet(chapter: Chapter, *people: Stranger) -> None:
    """Their keys are known here."""
    for one in people:
        assert (await one.send(chapter, one.activity("View", one.uri))).status_code == 202
    await chapter.settle()


async def test_a1_a_valid_signature_under_another_actor_is_refused_whatever_it_says(world: World) -> None:
    chapter, alice = await world.chapter(), world.stranger("alice", "good.test")
    mallory, neighbour = world.stranger("mallory", "evil.test"), world.stranger("bob", "good.test")
    await meet(chapter, alice, mallory, neighbour)
    root = await announced(chapter)
    before = await counts(chapter)
    for verb in VERBS:
        about: Any = alice.note("Hi", reply_to=root) if verb in ("Create", "Update") else root
        activity = alice.activity(verb, about, to=[PUBLIC])
        for forger in (mallory, neighbour):
            answer = await forger.send(chapter, activity)
            assert (answer.status_code, answer.json()["code"]) == (401, "not-signer"), verb
    await chapter.settle()
    assert await counts(chapter) == before


async def test_a1_an_actor_that_can_be_read_in_two_ways_is_refused(world: World) -> None:
    chapter, alice, mallory = (
        await world.chapter(),
        world.stranger("alice"),
        world.stranger("mallory", "evil.test"),
    )
    await meet(chapter, alice, mallory)
    for actor in (
        [mallory.uri, alice.uri],
        [alice.uri, mallory.uri],
        {"id": [mallory.uri, alice.uri]},
        {"type": "Person", "url": mallory.uri},
        [],
        None,
        7,
        f" {mallory.uri}",
        mallory.username,
    ):
        answer = await mallory.send(chapter, mallory.activity("Follow", chapter.uri, actor=actor))
        assert answer.status_code == 400, actor
    for actor in (
        {"id": alice.uri, "owner": mallory.uri},
        [alice.uri],
        f"{mallory.uri}#x",
        f"{mallory.uri}/",
    ):
        follow = alice.activity("Follow", chapter.uri, actor=actor)
        if not isinstance(actor, dict | list) and actor.startswith(mallory.uri):
            follow = mallory.activity("Follow", chapter.uri, actor=actor)
        answer = await mallory.send(chapter, follow)
        assert answer.status_code == 401, actor
    assert await chapter.count("follow") == 0


async def test_a1_of_a_key_given_twice_verifier_and_reader_see_the_same_one(world: World) -> None:
    chapter, alice, mallory = (
        await world.chapter(),
        world.stranger("alice"),
        world.stranger("mallory", "evil.test"),
    )
    await meet(chapter, alice, mallory)
    follow = msgspec.json.encode(mallory.activity("Follow", chapter.uri, id=None)).decode()
    for body in (
        follow[:-1] + f',"actor":"{alice.uri}"}}',
        f'{{"actor":"{mallory.uri}",' + follow[1:].replace(mallory.uri, alice.uri),
    ):
        assert (await mallory.send(chapter, body.encode())).status_code == 401
    # A proof covers what was decoded: a second content that was not signed breaks it.
    proved = msgspec.json.encode(alice.prove(alice.activity("Follow", chapter.uri))).decode()
    doubled = proved[:-1] + f',"object":"{chapter.settings.server_uri}"}}'
    assert (await mallory.send(chapter, doubled.encode())).status_code == 401
    assert (await mallory.send(chapter, proved.encode())).status_code == 202


async def test_a1_a_proof_counts_only_when_it_is_its_actors(world: World) -> None:
    chapter, alice = await world.chapter(), world.stranger("alice", "good.test")
    mallory, neighbour = world.stranger("mallory", "evil.test"), world.stranger("bob", "good.test")
    await meet(chapter, mallory)
    for forger in (mallory, neighbour):
        forged = forger.prove(alice.activity("Follow", chapter.uri))
        assert (await mallory.send(chapter, forged)).status_code == 401
        named = forged | {"proof": forged["proof"] | {"verificationMethod": f"{alice.uri}#ed25519-key"}}
        assert (await mallory.send(chapter, named)).status_code == 401
    changed = alice.prove(alice.activity("Follow", chapter.uri)) | {"type": "Block"}
    assert (await mallory.send(chapter, changed)).status_code == 401
    assert await chapter.count("follow") == 0
    honest = alice.prove(alice.activity("Follow", chapter.uri))
    assert await mallory.tell(chapter, honest) == ("done", "accepted as a follower")


async def test_a1_a_proof_by_a_key_that_is_none_for_proofs_is_refused(world: World) -> None:
    """An RSA key in place of the Ed25519 key once ended in an error of ours."""
    chapter, alice, mallory = (
        await world.chapter(),
        world.stranger("alice"),
        world.stranger("mallory", "evil.test"),
    )
    await meet(chapter, alice, mallory)
    proved = alice.prove(alice.activity("Follow", chapter.uri))
    for proof in (
        {"verificationMethod": alice.key_id},
        {"verificationMethod": "x" * 3000},
        {"verificationMethod": f"{alice.uri}#" + "x" * 1500},
        {"verificationMethod": f"{alice.uri}#nothing"},
        {"verificationMethod": 5},
        {"proofValue": "z" + "1" * 64},
        {"created": "never"},
        {"proofPurpose": "authentication"},
    ):
        answer = await mallory.send(chapter, proved | {"proof": proved["proof"] | proof})
        assert answer.status_code in (400, 401), (proof, answer.text)
    assert (await mallory.send(chapter, proved | {"proof": [proved["proof"]] * 9})).status_code == 400


async def test_a1_who_is_suspended_here_is_refused_by_its_own_key_and_by_way_of_others(world: World) -> None:
    chapter, alice, mallory = (
        await world.chapter(),
        world.stranger("alice"),
        world.stranger("mallory", "evil.test"),
    )
    await meet(chapter, alice, mallory)

    async def suspend(unit: Any) -> None:
        await unit.execute("UPDATE actor SET state = 'suspended' WHERE uri = ?", alice.uri)

    await chapter.unit(suspend)
    chapter.instance.state.keys._held.clear()
    follow = alice.activity("Follow", chapter.uri)
    assert (await alice.send(chapter, follow)).status_code == 403
    await mallory.send(chapter, mallory.activity("View", alice.uri))
    assert (await mallory.send(chapter, alice.prove(follow))).status_code == 403


async def test_a2_what_the_signature_leaves_open_is_refused(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await meet(chapter, ada)
    url, body = f"{chapter.settings.origin}/inbox", msgspec.json.encode(ada.activity("Follow", chapter.uri))
    for sign in (False, True):
        proper = ada.signed(url, body, rfc9421=sign)
        digest = "content-digest" if sign else "digest"
        without = [(name, value) for name, value in proper if name.lower() != digest]
        assert (await post(chapter, body.replace(b"Follow", b"Fallow"), proper)).status_code == 401
        assert (await post(chapter, body, without)).status_code in (400, 401)
        doubled = [*proper, next(pair for pair in proper if pair[0].lower() == digest)]
        assert (await post(chapter, body, doubled)).status_code == 400
        other_path = await post(chapter, body, proper, path="/actor/inbox")
        assert other_path.status_code == 401
        elsewhere = ada.signed("https://hillside.test/inbox", body, rfc9421=sign)
        assert (await post(chapter, body, elsewhere)).status_code == 401
    assert await chapter.count("follow") == 0


async def test_a2_a_digest_that_is_in_the_request_but_not_signed_is_refused(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await meet(chapter, ada)
    url, body = f"{chapter.settings.origin}/inbox", msgspec.json.encode(ada.activity("Follow", chapter.uri))
    now = chapter.clock.now()
    empty = sign_cavage(HttpMessage("GET", url, ()), key_id=ada.key_id, key=ada.key, now=now)
    digest = next(pair for pair in ada.signed(url, body) if pair[0] == "Digest")
    assert (await post(chapter, body, [*empty, digest])).status_code == 401
    target_only = sign_rfc9421(HttpMessage("GET", url, ()), key_id=ada.key_id, key=ada.key, now=now)
    assert (await post(chapter, body, target_only)).status_code == 401


async def test_a3_a_key_document_that_claims_an_owner_elsewhere_is_refused(world: World) -> None:
    chapter, alice = await world.chapter(), world.stranger("alice", "good.test")
    mallory = world.stranger("mallory", "evil.test")
    pem = public_to_pem(mallory.key.public_key())
    key_id = "https://evil.test/keys/1"
    mallory.put(key_id, {"@context": AS2, "id": key_id, "owner": alice.uri, "publicKeyPem": pem})
    follow = alice.activity("Follow", chapter.uri)
    assert (await mallory.send(chapter, follow, key_id=key_id)).status_code == 401
    stub = alice.document(publicKey={"id": key_id, "owner": alice.uri, "publicKeyPem": pem})
    mallory.put(key_id, stub)
    assert (await mallory.send(chapter, follow, key_id=f"{key_id}#main-key")).status_code == 401
    assert await chapter.count("actor_key", "uri LIKE '%evil.test%'") == 0
    assert await chapter.count("follow") == 0


async def test_a3_a_key_id_that_redirects_to_another_server_is_refused(world: World) -> None:
    chapter, mallory = await world.chapter(), world.stranger("mallory", "evil.test")
    world.stranger("alice", "good.test").site.redirects["https://good.test/go"] = mallory.uri
    activity = mallory.activity("Follow", chapter.uri)
    answer = await mallory.send(chapter, activity, key_id="https://good.test/go#main-key")
    assert answer.status_code == 401, answer.text
    assert await chapter.count("actor_key", "uri LIKE '%good.test%'") == 0


async def test_a3_a_neighbours_key_cannot_be_claimed(world: World) -> None:
    chapter, alice = await world.chapter(), world.stranger("alice", "good.test")
    bob = world.stranger("bob", "good.test")
    pem = public_to_pem(bob.key.public_key())
    bob.put(bob.uri, bob.document(publicKey={"id": alice.key_id, "owner": bob.uri, "publicKeyPem": pem}))
    # Bob's server shows bob, with alice's key id as his own; alice is not known here yet.
    await bob.send(chapter, bob.activity("Follow", chapter.uri))
    assert await chapter.count("actor_key", "uri = ?", alice.key_id) == 0
    bob.put(bob.uri, bob.document())
    both = [{"id": bob.key_id, "owner": bob.uri, "publicKeyPem": pem}]
    both.append({"id": alice.key_id, "owner": alice.uri, "publicKeyPem": pem})
    bob.put(bob.uri, bob.document(publicKey=both))
    world.move(minutes=20)
    assert (await bob.send(chapter, bob.activity("Follow", chapter.uri))).status_code == 202
    assert (
        await bob.send(chapter, alice.activity("Follow", chapter.uri), key_id=alice.key_id)
    ).status_code == 401
    rows = await chapter.rows("SELECT actor_uri FROM actor_key WHERE uri = ?", alice.key_id)
    assert [row["actor_uri"] for row in rows] in ([], [alice.uri])
    assert (await alice.send(chapter, alice.activity("Follow", chapter.uri))).status_code == 202


async def test_a3_a_key_is_kept_under_its_own_id_only_and_named_by_its_actor(world: World) -> None:
    """GoToSocial's key is a path of its own; an address that merely shows the actor is no key of it."""
    chapter, ada = await world.chapter(), world.stranger()
    ada.put("https://elsewhere.test/any", ada.document())
    answer = await ada.send(chapter, ada.activity("Follow", chapter.uri), key_id="https://elsewhere.test/any")
    assert answer.status_code == 401
    keys = await chapter.rows("SELECT uri FROM actor_key WHERE actor_uri = ?", ada.uri)
    assert {row["uri"] for row in keys} <= {ada.key_id, f"{ada.uri}#ed25519-key"}
    gone = ada.document()
    del gone["publicKey"]
    ada.put(ada.uri, gone)
    world.move(minutes=20)
    assert (
        await ada.send(chapter, ada.activity("View", ada.uri), key_id=f"{ada.uri}#other")
    ).status_code == 401


async def test_a3_a_changed_key_is_looked_up_once_in_five_minutes(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await meet(chapter, ada)
    mallory = world.stranger("mallory", "evil.test")
    ada.site.asked.clear()
    chapter.house.limits = type(chapter.house.limits)(1)
    for _ in range(5):
        body = msgspec.json.encode(ada.activity("Follow", chapter.uri))
        forged = mallory.signed(f"{chapter.settings.origin}/inbox", body, key_id=ada.key_id)
        assert (await post(chapter, body, forged)).status_code == 401
    assert len(ada.site.asked) == 1
    assert (await ada.send(chapter, ada.activity("Follow", chapter.uri))).status_code == 202


async def test_a4_a_message_sent_again_is_one_message(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    create = ada.create(ada.note("Hello", reply_to=root))
    url, body = f"{chapter.settings.origin}/inbox", msgspec.json.encode(create)
    headers = ada.signed(url, body)
    for _ in range(3):
        assert (await post(chapter, body, headers)).status_code == 202
    spaced = body.replace(b'":', b'" : ')
    assert (await post(chapter, spaced, ada.signed(url, spaced))).status_code == 202
    relay = each_world.stranger("relay", "relay.test")
    assert (await relay.send(chapter, ada.prove(create))).status_code in (202, 401)
    await chapter.settle()
    assert await chapter.count("known_object", "kind = 'comment'") == 1
    assert await chapter.count("inbox_item", "body = ?", body.decode()) == 1


async def test_a4_an_old_date_and_one_far_ahead_are_refused(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await meet(chapter, ada)
    url, body = f"{chapter.settings.origin}/inbox", msgspec.json.encode(ada.activity("Follow", chapter.uri))
    now = world.clock.now()
    for sign in (sign_cavage, sign_rfc9421):
        for off in (timedelta(hours=-2), timedelta(days=-400), timedelta(hours=2)):
            message = HttpMessage("POST", url, (("Content-Type", ACTIVITY_JSON),), body)
            headers = sign(message, key_id=ada.key_id, key=ada.key, now=now + off)
            assert (await post(chapter, body, [("Content-Type", ACTIVITY_JSON), *headers])).status_code == 401
    assert await chapter.count("follow") == 0


async def test_a4_a_delete_wins_over_a_create_that_comes_late(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    note = ada.note("Hello", reply_to=root)
    await ada.tell(chapter, ada.activity("Delete", {"id": note["id"], "type": "Tombstone"}))
    state, reason = await ada.tell(chapter, ada.create(note))
    assert (state, reason) == ("ignored", "it was deleted before it arrived")
    assert await chapter.count("known_object", "kind = 'comment'") == 0


async def test_a4_an_update_may_carry_the_id_of_its_create(world: World) -> None:
    """Mobilizon gives both the same id."""
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    create = ada.create(ada.note("Hello", reply_to=root))
    await ada.tell(chapter, create)
    edited = create | {"type": "Update", "object": create["object"] | {"content": "<p>Better</p>"}}
    assert (await ada.tell(chapter, edited))[0] == "done"
    rows = await chapter.rows("SELECT html FROM known_object WHERE kind = 'comment'")
    assert rows == [{"html": "<p>Better</p>"}]


async def test_a4_an_old_proof_brings_nothing_back(world: World) -> None:
    chapter, alice, relay = (
        await world.chapter(),
        world.stranger("alice"),
        world.stranger("relay", "relay.test"),
    )
    follow, late = (alice.prove(alice.activity("Follow", chapter.uri)) for _ in range(2))
    assert (await relay.tell(chapter, follow))[0] == "done"
    assert (await alice.tell(chapter, alice.activity("Undo", follow)))[0] == "done"
    assert (await relay.send(chapter, follow)).status_code == 202
    world.move(days=8)
    answer = await relay.send(chapter, late)
    assert (answer.status_code, answer.json()["code"]) == (400, "old-proof")
    await chapter.settle()
    assert await chapter.count("follow") == 0
