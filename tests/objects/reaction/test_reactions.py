"""Likes and shares: each counted once, taken back by whose they are, never by name."""

import pytest

from fedchapter.policy import set_mark
from fedchapter.store.kinds import change
from tests.support.network import Chapter, World
from tests.support.threads import announced, known


async def counts(chapter: Chapter, uri: str) -> tuple[int, int]:
    found = await known(chapter, uri)
    return found.likes, found.boosts


async def test_likes_and_shares_are_counted_once_each(each_world: World) -> None:
    chapter, ada, bob = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("bob", "far.test"),
    )
    root = await announced(chapter)
    assert await ada.tell(chapter, ada.activity("Like", root)) == ("done", "counted")
    assert (await ada.tell(chapter, ada.activity("Like", root)))[0] == "ignored"
    assert await ada.tell(chapter, ada.activity("Announce", root)) == ("done", "counted as a share")
    await bob.tell(chapter, bob.activity("EmojiReact", root, content="🌊"))
    assert await counts(chapter, root) == (2, 1)
    likes = await chapter.get_json(f"{root}/likes")
    assert (likes["totalItems"], (await chapter.get_json(likes["first"]))["orderedItems"]) == (2, [])
    assert (await chapter.get_json(f"{root}/shares"))["totalItems"] == 1
    assert ada.uri not in str(likes)


@pytest.mark.parametrize("shape", ["bare", "embedded", "without id", "in a Delete"])
@pytest.mark.parametrize("verb", ["Like", "EmojiReact", "Announce"])
async def test_an_undo_of_any_shape_takes_it_back(world: World, verb: str, shape: str) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    reaction = ada.activity(verb, root)
    await ada.tell(chapter, reaction)
    assert sum(await counts(chapter, root)) == 1
    nameless = {name: value for name, value in reaction.items() if name != "id"}
    undo = {
        "bare": ada.activity("Undo", reaction["id"]),
        "embedded": ada.activity("Undo", reaction),
        "without id": ada.activity("Undo", nameless),
        "in a Delete": ada.activity("Delete", reaction["id"]),
    }[shape]
    assert await ada.tell(chapter, undo) == ("done", "taken back")
    assert await counts(chapter, root) == (0, 0)
    again = ada.activity(verb, root)
    assert (await ada.tell(chapter, again))[0] == "done"


async def test_an_undo_that_comes_first_is_remembered_for_hours(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    like = ada.activity("Like", root)
    assert (await ada.tell(chapter, ada.activity("Undo", like)))[0] == "ignored"
    assert (await ada.tell(chapter, like))[0] == "ignored"
    assert await counts(chapter, root) == (0, 0)
    each_world.move(hours=7)
    assert (await ada.tell(chapter, like | {"published": "2026-12-01T00:00:00Z"}))[0] == "done"


async def test_a8_nobody_takes_back_what_is_not_theirs(world: World) -> None:
    chapter, ada, mallory = await world.chapter(), world.stranger(), world.stranger("mallory")
    root = await announced(chapter)
    like = ada.activity("Like", root)
    await ada.tell(chapter, like)
    for stolen in (like["id"], like, like | {"actor": mallory.uri}):
        assert (await mallory.tell(chapter, mallory.activity("Undo", stolen)))[0] == "refused"
    without_id = {"type": "Like", "actor": ada.uri, "object": root}
    assert (await mallory.tell(chapter, mallory.activity("Undo", without_id)))[0] == "ignored"
    assert await counts(chapter, root) == (1, 0)


async def test_a_dislike_is_noted_and_counted_nowhere(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    dislike = ada.activity("Dislike", root)
    assert (await ada.tell(chapter, dislike))[0] == "done"
    assert await counts(chapter, root) == (0, 0)
    assert (await ada.tell(chapter, ada.activity("Undo", dislike)))[0] == "done"


async def test_who_is_held_or_refused_is_not_counted(world: World) -> None:
    chapter, ada, bob = await world.chapter(), world.stranger(), world.stranger("bob", "far.test")
    root = await announced(chapter)
    for who, decision, state in ((ada, "hold", "ignored"), (bob, "refuse", "refused")):
        await who.tell(chapter, who.activity("Follow", chapter.uri))
        await chapter.unit(
            lambda unit, who=who, decision=decision: set_mark(
                unit, scope="actor", subject=who.uri, decision=decision
            )
        )
        assert (await who.tell(chapter, who.activity("Like", root)))[0] == state
    assert await counts(chapter, root) == (0, 0)


async def test_c3_what_is_hidden_takes_no_reactions_and_tells_no_number(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    await chapter.unit(lambda unit: change(unit, root, state="hidden"))
    unknown = f"{chapter.settings.origin}/announcements/unknown"
    hidden = await ada.tell(chapter, ada.activity("Like", root))
    assert hidden == await ada.tell(chapter, ada.activity("Like", unknown))
    for uri in (root, unknown):
        answer = await chapter.client().get(f"{uri}/likes", headers={"Accept": "application/activity+json"})
        assert answer.status_code == 404


async def test_a_follow_cannot_be_liked(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    follow = ada.activity("Follow", chapter.uri)
    await ada.tell(chapter, follow)
    assert (await ada.tell(chapter, ada.activity("Like", follow["id"])))[0] == "ignored"


async def test_b5_a_share_of_something_unknown_fetches_nothing(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    asked = len(ada.site.asked)
    for verb in ("Like", "Announce"):
        assert (await ada.tell(chapter, ada.activity(verb, "https://far.test/notes/9")))[0] == "ignored"
    assert len(ada.site.asked) == asked
