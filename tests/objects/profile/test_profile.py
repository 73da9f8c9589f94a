"""How our chapter presents itself, and what remote actors say of themselves: changes, farewells, moves."""

import copy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fedchapter.actors import find_actor
from fedchapter.errors import PeerRefused, Refusal
from fedchapter.federation.fetch import fetch_actor
from fedchapter.objects.follow import service as follow
from fedchapter.objects.profile import service
from fedchapter.signatures import generate_rsa, public_to_pem, verify_proof
from fedchapter.store import Known, Unit, know
from tests.support.network import Chapter, Stranger, World

PEERS = Path(__file__).parents[2] / "peers"


def message(name: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode((PEERS / name).read_bytes())
    return found


async def actor(chapter: Chapter, uri: str) -> dict[str, Any]:
    [row] = await chapter.rows("SELECT * FROM actor WHERE uri = ?", uri)
    return row


async def befriend(chapter: Chapter, who: Stranger) -> None:
    """The chapter follows the stranger, who said yes."""
    row = await chapter.run(fetch_actor(chapter.house, who.uri))
    await chapter.unit(lambda unit: follow.ask(unit, chapter.uri, row))
    await chapter.settle()
    await who.tell(chapter, who.activity("Accept", who.received[-1]))


async def change(chapter: Chapter, **values: Any) -> None:
    wanted = {"name": "Riverside North", "summary": "<p>By the river</p>"} | values
    await chapter.unit(lambda unit: service.update_chapter(unit, **wanted))


async def test_followers_get_the_whole_actor_with_a_proof(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    await change(chapter, icon=f"{chapter.settings.origin}/media/one.png")
    await chapter.settle()
    update = ada.received[-1]
    served = await chapter.get_json(chapter.uri)
    assert update["type"] == "Update"
    assert update["object"] == {name: value for name, value in served.items() if name != "@context"}
    assert update["object"]["name"] == "Riverside North"
    assert update["object"]["icon"]["url"].endswith("/media/one.png")
    keys = await chapter.run(chapter.house.keyring.get(chapter.uri))
    assert verify_proof(update, keys.ed25519.public_key())


async def test_another_chapter_shows_the_new_name(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    row = await hillside.run(fetch_actor(hillside.house, riverside.uri))
    await hillside.unit(lambda unit: follow.ask(unit, hillside.uri, row))
    await each_world.settle()
    await change(riverside, approves_followers=True)
    await each_world.settle()
    assert (await hillside.log())[-1][:2] == ("Update", "done")
    stored = await actor(hillside, riverside.uri)
    assert (stored["name"], bool(stored["approves_followers"])) == ("Riverside North", True)


async def test_a_change_that_names_no_picture_keeps_the_old_one(world: World) -> None:
    chapter = await world.chapter()
    await change(chapter, icon="https://riverside.test/media/one.png")
    await change(chapter)
    assert (await actor(chapter, chapter.uri))["icon"] == "https://riverside.test/media/one.png"


@pytest.mark.parametrize(
    "values", [{"name": " "}, {"name": "x" * 101}, {"name": "a\x07b"}, {"summary": "y" * 20_001}]
)
async def test_a_name_or_text_of_no_use_is_refused(world: World, values: dict[str, str]) -> None:
    chapter = await world.chapter()
    with pytest.raises(Refusal):
        await change(chapter, **values)


async def test_an_update_from_mastodon_changes_what_we_show(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger("ada", "social.example")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    update = message("mastodon/update-person.json")
    update["object"]["publicKey"]["publicKeyPem"] = public_to_pem(ada.key.public_key())
    assert await ada.tell(chapter, update) == ("done", "@ada@social.example says this of itself now")
    stored = await actor(chapter, ada.uri)
    assert stored["name"] == "Ada of the river"
    assert stored["summary"] == "<p>Plants trees.</p>"
    assert stored["shared_inbox"] == "https://social.example/inbox"


async def test_after_an_update_with_a_new_key_only_the_new_key_counts(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    old, ada_new = ada.key, generate_rsa()
    document = ada.document()
    document["publicKey"]["publicKeyPem"] = public_to_pem(ada_new.public_key())
    ada.put(ada.uri, document)
    assert (await ada.tell(chapter, ada.activity("Update", document)))[0] == "done"
    ada.key = ada_new
    assert (
        await ada.send(chapter, ada.activity("Undo", ada.activity("Follow", chapter.uri)))
    ).status_code == 202
    ada.key = old
    assert (await ada.send(chapter, ada.activity("Follow", chapter.uri))).status_code == 401


async def test_a8_nobody_updates_or_deletes_somebody_else(world: World) -> None:
    chapter, ada, mallory = await world.chapter(), world.stranger(), world.stranger("mallory")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    forged = ada.document(name="Owned")
    state, _ = await mallory.tell(chapter, mallory.activity("Update", forged))
    assert state != "done"
    state, _ = await mallory.tell(chapter, mallory.activity("Delete", ada.uri))
    assert state != "done"
    stored = await actor(chapter, ada.uri)
    assert (stored["name"], stored["state"]) == ("Ada", "active")


async def test_an_old_update_that_somebody_sends_again_restores_nothing(world: World) -> None:
    """It carries a valid proof; but what counts is what the actor's own server says now."""
    chapter, ada, mallory = await world.chapter(), world.stranger(), world.stranger("mallory", "evil.test")
    old = ada.prove(ada.activity("Update", ada.document(name="The old name")))
    ada.put(ada.uri, ada.document(name="The new name"))
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    assert (await mallory.tell(chapter, old))[0] == "done"
    assert (await actor(chapter, ada.uri))["name"] == "The new name"


async def test_a_suspended_actor_does_not_free_itself(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    await chapter.unit(
        lambda unit: unit.execute("UPDATE actor SET state = 'suspended' WHERE uri = ?", ada.uri)
    )
    await chapter.run(fetch_actor(chapter.house, ada.uri))
    assert (await actor(chapter, ada.uri))["state"] == "suspended"
    world.move(minutes=2)
    assert (await ada.send(chapter, ada.activity("Follow", chapter.uri))).status_code == 403


async def post(unit: Unit, uri: str, owner: str) -> None:
    known = Known(uri, "comment", unit.new_id(), owner, unit.now, listed=True, html="<p>words</p>")
    await know(unit, known)


async def test_a_deleted_account_leaves_nothing_behind(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger("ada", "social.example")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    await befriend(chapter, ada)
    for number in range(service.FORGOTTEN_AT_ONCE + 5):
        await chapter.unit(lambda unit, n=number: post(unit, f"https://social.example/notes/{n}", ada.uri))  # type: ignore[misc]
    state, reason = await ada.tell(chapter, message("mastodon/delete-person.json"))
    assert (state, reason) == ("done", "the account is gone; what it posted is being forgotten")
    stored = await actor(chapter, ada.uri)
    assert (stored["state"], stored["name"]) == ("gone", "")
    assert await chapter.count("follow") == 0
    assert await chapter.count("actor_key", "actor_uri = ?", ada.uri) == 0
    assert (
        await chapter.count("known_object", "owner_uri = ? AND (state <> 'gone' OR html <> '')", ada.uri) == 0
    )
    assert await chapter.count("tombstone") == service.FORGOTTEN_AT_ONCE + 5


async def test_a_farewell_of_somebody_unknown_costs_nothing(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("ada", "social.example")
    answer = await ada.send(chapter, message("mastodon/delete-person.json"))
    assert answer.status_code == 202
    assert ada.site.asked == []
    assert await chapter.count("inbox_item") == 0


async def test_a_passed_on_farewell_counts_only_if_the_actor_is_gone(world: World) -> None:
    chapter, ada, mallory = await world.chapter(), world.stranger(), world.stranger("mallory", "evil.test")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    farewell = ada.prove(ada.activity("Delete", ada.uri))
    assert (await mallory.tell(chapter, farewell))[0] == "refused"
    assert (await actor(chapter, ada.uri))["state"] == "active"
    ada.put(ada.uri, {}, status=404)
    state = await mallory.tell(chapter, ada.prove(ada.activity("Delete", ada.uri)))
    assert state[0] == "done", state


async def test_an_actor_that_answers_410_is_gone(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    ada.put(ada.uri, {}, status=410)
    with pytest.raises(PeerRefused, match="gone"):
        await chapter.run(fetch_actor(chapter.house, ada.uri))
    await chapter.settle()
    assert (await actor(chapter, ada.uri))["state"] == "gone"
    assert await chapter.count("follow") == 0


async def test_our_follow_goes_along_with_an_actor_that_moves(each_world: World) -> None:
    chapter = await each_world.chapter()
    ada, new = each_world.stranger("ada", "social.example"), each_world.stranger("ada", "newtown.example")
    await befriend(chapter, ada)
    new.put(new.uri, new.document(alsoKnownAs=[ada.uri]))
    move = message("mastodon/move-person.json")
    assert await ada.tell(chapter, move) == ("done", "our follow goes along to @ada@newtown.example")
    assert new.received[-1]["type"] == "Follow"
    assert ada.received[-1]["type"] == "Undo"
    assert (await actor(chapter, ada.uri))["moved_to"] == new.uri


async def test_a_move_to_somebody_who_does_not_say_so_changes_nothing(world: World) -> None:
    chapter, ada, victim = (
        await world.chapter(),
        world.stranger(),
        world.stranger("victim", "elsewhere2.test"),
    )
    await befriend(chapter, ada)
    state, reason = await ada.tell(chapter, ada.activity("Move", ada.uri, target=victim.uri))
    assert (state, reason) == ("refused", f"{victim.uri} does not say that it is also known as {ada.uri}")
    assert victim.received == []


async def test_an_actor_moves_once_in_seven_days(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    places = [world.stranger("ada", f"town{number}.test") for number in (1, 2)]
    for place in places:
        place.put(place.uri, place.document(alsoKnownAs=[ada.uri]))
    await befriend(chapter, ada)
    assert (await ada.tell(chapter, ada.activity("Move", ada.uri, target=places[0].uri)))[0] == "done"
    await befriend(chapter, ada)
    again = ada.activity("Move", ada.uri, target=places[1].uri)
    assert (await ada.tell(chapter, again))[0] == "ignored"
    world.move(days=8)
    later = copy.deepcopy(again) | {"id": f"{again['id']}-again"}
    assert (await ada.tell(chapter, later))[0] == "done"
    assert places[1].received[-1]["type"] == "Follow"


async def test_a_move_of_somebody_whom_nobody_follows_asks_nobody(world: World) -> None:
    chapter, ada, new = await world.chapter(), world.stranger(), world.stranger("ada", "newtown.example")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    state, _ = await ada.tell(chapter, ada.activity("Move", ada.uri, target=new.uri))
    assert state == "ignored"
    assert new.site.asked == []
    assert await chapter.run(find_actor(chapter.house.database, new.uri)) is None
