"""Follow, Accept, Reject, Undo and Block between real chapters and strangers."""

from fedchapter.federation.fetch import fetch_actor
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.follow import service
from fedchapter.policy import set_mark
from tests.support.network import Chapter, World


async def follows(chapter: Chapter, who: str) -> str:
    rows = await chapter.rows("SELECT state FROM follow WHERE followed_uri = ?", who)
    return str(rows[0]["state"]) if rows else "none"


async def ask(chapter: Chapter, uri: str) -> None:
    actor = await chapter.run(fetch_actor(chapter.house, uri))
    await chapter.unit(lambda unit: service.ask(unit, chapter.uri, actor))


async def test_two_chapters_follow_each_other(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    await ask(riverside, hillside.uri)
    assert await follows(riverside, hillside.uri) == "requested"
    await each_world.settle()
    assert await follows(riverside, hillside.uri) == "accepted"
    assert await follows(hillside, hillside.uri) == "accepted"
    await riverside.unit(lambda unit: service.withdraw(unit, riverside.uri, hillside.uri))
    await each_world.settle()
    assert await follows(hillside, hillside.uri) == "none"


async def test_a_stranger_is_accepted_and_told_so(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    follow = ada.activity("Follow", chapter.uri)
    assert (await ada.tell(chapter, follow))[0] == "done"
    [accept] = ada.received
    assert accept["type"] == "Accept"
    assert accept["object"]["id"] == follow["id"]
    assert await chapter.get_json(accept["id"])


async def test_a9_an_accept_from_somebody_else_changes_nothing(world: World) -> None:
    riverside, ada, mallory = await world.chapter(), world.stranger(), world.stranger("mallory", "evil.test")
    await ask(riverside, ada.uri)
    await riverside.settle()
    [follow] = ada.received
    state, _ = await mallory.tell(riverside, mallory.activity("Accept", follow["id"]))
    assert state == "refused"
    assert await follows(riverside, ada.uri) == "requested"
    assert (await ada.tell(riverside, ada.activity("Accept", follow)))[0] == "done"
    assert await follows(riverside, ada.uri) == "accepted"


async def test_a_block_ends_follows_both_ways(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    assert await follows(chapter, chapter.uri) == "accepted"
    assert (await ada.tell(chapter, ada.activity("Block", chapter.uri)))[0] == "done"
    assert await follows(chapter, chapter.uri) == "none"


async def test_an_undo_by_bare_id_is_understood(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    follow = ada.activity("Follow", chapter.uri)
    await ada.tell(chapter, follow)
    assert await ada.tell(chapter, ada.activity("Undo", follow["id"])) == ("done", "follows no longer")


async def test_a_refused_actor_follows_in_vain_and_gets_nothing(each_world: World) -> None:
    chapter, ada, bob = await each_world.chapter(), each_world.stranger(), each_world.stranger("bob")
    for one in (ada, bob):
        await one.tell(chapter, one.activity("Follow", chapter.uri))
        one.received.clear()
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=ada.uri, decision="refuse"))
    await chapter.unit(lambda unit: announcements.write(unit, Draft("We meet on Sunday.")))
    await chapter.settle()
    assert (len(ada.received), len(bob.received)) == (0, 1)
    state, reason = await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    assert state == "refused"
    assert "an admin refused this actor" in reason
    assert ada.received == []
