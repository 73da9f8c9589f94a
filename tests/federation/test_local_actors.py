"""Other actors of ours than the chapter: found, followed, signing for themselves, and gone for good."""

from fedchapter.actors import Keyring, close_actor, create_actor, find_own
from fedchapter.actors.keyring import make_keys
from fedchapter.actors.names import check_free
from fedchapter.errors import Refusal
from fedchapter.federation import Audience, publish
from fedchapter.federation.publish import actor_keys
from fedchapter.objects.profile.draft import ActorClosed
from fedchapter.store import Unit
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.support.chapter import Chapter
from tests.support.network import World

JSON = {"Accept": ACTIVITY_JSON}


async def make(chapter: Chapter, name: str = "gardeners", *, approves: bool = False) -> str:
    uri = chapter.settings.uri(f"@{name}")
    keys = await make_keys(uri)

    async def work(unit: Unit) -> bool:
        return await create_actor(
            unit, keys, type_="Group", username=name, name=name.title(), approves_followers=approves
        )

    assert await chapter.unit(work)
    return uri


async def test_another_actor_of_ours_is_found_by_its_handle_and_followed(world: World) -> None:
    riverside = await world.chapter()
    uri, ada = await make(riverside), world.stranger()
    found = await riverside.client().get(
        "/.well-known/webfinger", params={"resource": "acct:gardeners@riverside.test"}
    )
    assert found.json()["links"][0]["href"] == uri
    follow = ada.activity("Follow", uri)
    assert (await ada.tell(riverside, follow, inbox=f"{uri}/inbox"))[0] == "done"
    assert ada.received[-1]["type"] == "Accept" and ada.received[-1]["actor"] == uri
    assert (await riverside.get_json(f"{uri}/followers"))["totalItems"] == 1
    assert (await riverside.get_json(f"{riverside.uri}/followers"))["totalItems"] == 0


async def test_an_actor_that_decides_about_its_followers_lets_them_wait(world: World) -> None:
    riverside = await world.chapter()
    uri, ada = await make(riverside, approves=True), world.stranger()
    state, reason = await ada.tell(riverside, ada.activity("Follow", uri))
    assert (state, reason) == ("done", "waits for an admin's approval")
    assert not ada.received


async def test_what_it_sends_is_signed_by_its_own_key_and_goes_to_its_own_followers(world: World) -> None:
    riverside = await world.chapter()
    uri = await make(riverside)
    ada, bob = world.stranger(), world.stranger("bob", "other.test")
    await ada.tell(riverside, ada.activity("Follow", uri))
    await bob.tell(riverside, bob.activity("Follow", riverside.uri))

    async def say(unit: Unit) -> str:
        activity = {"type": "Announce", "actor": uri, "object": "https://elsewhere.test/notes/1"}
        keys = await actor_keys(unit, uri)
        return await publish(unit, activity, Audience("public"), kind="boost", keys=keys)

    await riverside.unit(say)
    await world.settle()
    assert ada.received[-1]["proof"]["verificationMethod"] == f"{uri}#ed25519-key"
    assert [one["type"] for one in bob.received] == ["Accept"]
    keys = await riverside.run(Keyring(riverside.house.database).get(uri))
    assert keys.rsa_id == f"{uri}#main-key"


async def test_a_closed_actor_is_gone_for_everybody_it_ever_wrote_to(world: World) -> None:
    riverside = await world.chapter()
    uri = await make(riverside)
    ada, bob = world.stranger(), world.stranger("bob", "other.test")
    await ada.tell(riverside, ada.activity("Follow", uri))
    await bob.tell(riverside, bob.activity("Follow", riverside.uri))

    async def say(unit: Unit) -> None:
        activity = {"type": "Announce", "actor": uri, "object": "https://other.test/notes/1"}
        await publish(unit, activity, Audience("public", (bob.uri,)), kind="boost")

    async def close(unit: Unit) -> None:
        assert await close_actor(unit, uri, "Group")
        unit.record(ActorClosed(uri))

    await riverside.unit(say)
    await world.settle()
    await riverside.unit(close)
    await world.settle()
    for one in (ada, bob):
        assert (one.received[-1]["type"], one.received[-1]["object"]) == ("Delete", uri)
    client = riverside.client()
    assert (await client.get("/@gardeners", headers=JSON)).status_code == 410
    assert (await client.get("/@gardeners")).status_code == 410
    assert (await client.get("/@gardeners/outbox", headers=JSON)).status_code == 404
    asked = {"resource": "acct:gardeners@riverside.test"}
    assert (await client.get("/.well-known/webfinger", params=asked)).status_code == 410
    assert (await ada.send(riverside, ada.activity("Like", uri), inbox=f"{uri}/inbox")).status_code == 410
    assert (await ada.tell(riverside, ada.activity("Follow", uri)))[0] == "ignored"
    assert await riverside.count("follow", "followed_uri = ?", uri) == 0


async def test_the_name_of_a_closed_actor_is_never_given_again(world: World) -> None:
    riverside = await world.chapter()
    uri = await make(riverside)

    async def close(unit: Unit) -> None:
        await close_actor(unit, uri, "Group")

    await riverside.unit(close)
    database = riverside.house.database
    assert await riverside.run(find_own(database, uri)) is None
    for name, code in (("gardeners", "name-taken"), ("relay", "name-reserved"), ("chapter", "name-reserved")):
        try:
            await riverside.run(check_free(database, riverside.settings, name))
        except Refusal as error:
            assert error.code == code
        else:
            raise AssertionError(f"{name} is free")
