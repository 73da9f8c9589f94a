"""The peer is a sound witness: two of them federate, and each tells good signatures and proofs from bad."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.fedify import FedifyPeer, PeerSays, Scheme, drive, run_program


@pytest.fixture(scope="module")
def other_port() -> Iterator[int]:
    with run_program() as port:
        yield port


@pytest.fixture
async def other(other_port: int) -> AsyncIterator[FedifyPeer]:
    async with drive(other_port) as peer:
        yield peer


pytestmark = pytest.mark.xdist_group("two-peers")


async def test_two_peers_follow_answer_and_take_back(fedify: FedifyPeer, other: FedifyPeer) -> None:
    follow = await fedify.follow(other.actor_uri)
    [accept] = await fedify.wait_for("Accept")
    assert accept.body["object"]["id"] == follow
    assert await other.followers() == [fedify.actor_uri]

    note = await other.post("<p>Hello.</p>", to=fedify.actor_uri)
    [create] = await fedify.wait_for("Create")
    assert (create.body["object"]["id"], create.status) == (note, 202)

    answer = await fedify.reply(note, "<p>Good to hear.</p>")
    [create] = await other.wait_for("Create")
    assert create.body["object"] | {"inReplyTo": note, "id": answer} == create.body["object"]

    like = await fedify.like(note)
    await fedify.undo(like, to=other.actor_uri)
    [undo] = await other.wait_for("Undo")
    assert undo.body["object"]["id"] == like

    await fedify.undo(follow, to=other.actor_uri)
    await other.wait_for("Undo", count=2)
    await other.block(fedify.actor_uri)
    await fedify.wait_for("Block")


@pytest.mark.parametrize("scheme", ["cavage", "rfc9421"])
async def test_a_peer_says_which_scheme_it_verified(
    fedify: FedifyPeer, other: FedifyPeer, scheme: Scheme
) -> None:
    await fedify.settings(first_knock=scheme)
    await fedify.follow(other.actor_uri)
    [follow] = await other.wait_for("Follow")
    assert (follow.scheme, follow.verified, follow.proof) == (scheme, True, True)
    assert follow.key_id == f"{fedify.actor_uri}#main-key"


async def test_a_peer_refuses_what_nobody_signed(fedify: FedifyPeer, other: FedifyPeer) -> None:
    activity = _like(fedify, other)
    answer = await fedify.send(f"{other.actor_uri}/inbox", activity, scheme=None)
    assert answer.status == 401
    [like] = await other.wait_for("Like")
    assert (like.scheme, like.verified, like.reason, like.proof) == (None, False, "noSignature", None)


async def test_a_peer_sees_that_a_proof_does_not_fit(fedify: FedifyPeer, other: FedifyPeer) -> None:
    await fedify.post("<p>True words.</p>", to=other.actor_uri)
    [create] = await other.wait_for("Create")
    assert create.proof is True
    forged = create.body | {"object": create.body["object"] | {"content": "<p>False words.</p>"}}
    await fedify.send(f"{other.actor_uri}/inbox", forged)
    _true, false = await other.wait_for("Create", count=2)
    assert (false.verified, false.proof) == (True, False)


async def test_a_peer_can_ask_for_signed_gets(fedify: FedifyPeer, other: FedifyPeer) -> None:
    await other.settings(signed_gets=True)
    assert (await fedify.get(other.actor_uri, signed=False)).status == 401
    assert (await fedify.get(other.actor_uri)).status == 200


async def test_a_peer_is_found_by_its_handle(fedify: FedifyPeer, other: FedifyPeer) -> None:
    found = await fedify.lookup(other.handle)
    assert found["id"] == other.actor_uri
    answer = await fedify.webfinger(f"acct:{other.handle[1:]}")
    assert answer is not None
    assert answer["links"][0]["href"] == other.actor_uri


async def test_a_peer_reaches_no_other_machine(fedify: FedifyPeer) -> None:
    with pytest.raises(PeerSays, match="nothing found"):
        await fedify.lookup("https://chapter.example/actor")


def _like(fedify: FedifyPeer, other: FedifyPeer) -> dict[str, str]:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{fedify.origin}/likes/1",
        "type": "Like",
        "actor": fedify.actor_uri,
        "object": other.actor_uri,
    }
