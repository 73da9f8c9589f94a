"""Chapters over wires that lose, double, hold back and mix up: in the end everybody sees the same, and once.

Each seed is another sequence of faults; a seed that ever failed stays in the list.
"""

import re
from collections import Counter

import pytest

from fedchapter.federation.fetch import find_or_fetch_actor
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.comment import service as comments
from fedchapter.objects.comment.draft import CommentDraft
from fedchapter.objects.follow import service as following
from fedchapter.store.choices import choose
from tests.objects.announcement.support import id_in
from tests.support.network import Chapter, World

# Days of retries: minutes on a busy machine.
pytestmark = pytest.mark.timeout(400)
SEEDS = (1, 2, 3)
Seen = dict[str, tuple[str, str]]


async def three_chapters(world: World) -> list[Chapter]:
    """Everybody follows everybody else."""
    chapters = [await world.chapter(name) for name in ("riverside", "hillside", "harbor")]
    for one in chapters:
        await one.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
        for other in chapters:
            if other is not one:
                await follow(one, other)
    await world.settle()
    return chapters


async def follow(one: Chapter, other: Chapter) -> None:
    actor = await one.run(find_or_fetch_actor(one.house, other.uri))
    await one.unit(lambda unit: following.ask(unit, one.uri, actor))


def disturb(world: World, seed: int) -> None:
    """From now on a third of all POSTs come twice, a third of the answers are lost, a third come late."""
    world.network.random.seed(seed)
    world.network.duplicates = world.network.losses = world.network.reorders = 0.34


async def calm(world: World) -> None:
    """What was held back comes in any order, the wires are good again, and enough time passes for every retry."""
    for _ in range(3):
        await world.settle()
        await world.network.release()
    world.network.duplicates = world.network.losses = world.network.reorders = 0.0
    for chapter in world.chapters:
        world.network.mend(chapter.host)
    for _ in range(8):
        world.move(hours=6)
        await world.settle()


async def announce(chapter: Chapter, text: str) -> str:
    id_ = await chapter.unit(lambda unit: announcements.write(unit, Draft(text)))
    return chapter.settings.uri("announcements", id_)


async def answer(chapter: Chapter, uri: str, text: str) -> str:
    known = await chapter.unit(lambda unit: comments.write(unit, CommentDraft(uri, text)))
    return known.uri


async def edit(chapter: Chapter, uri: str, text: str) -> None:
    await chapter.unit(lambda unit: announcements.edit(unit, id_in(uri), Draft(text)))


async def delete(chapter: Chapter, uri: str) -> None:
    await chapter.unit(lambda unit: announcements.delete(unit, id_in(uri)))


async def seen_at(chapter: Chapter) -> Seen:
    """What can be read there: kind and words by URI."""
    rows = await chapter.rows(
        "SELECT uri, kind, html FROM known_object WHERE state = 'shown' AND kind IN ('announcement', 'comment')"
    )
    return {row["uri"]: (row["kind"], words(row["html"])) for row in rows}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


async def replies_at(chapter: Chapter, uri: str) -> int:
    [row] = await chapter.rows("SELECT replies FROM known_object WHERE uri = ?", uri)
    return int(row["replies"])


async def follows_at(chapter: Chapter) -> set[tuple[str, str, str]]:
    rows = await chapter.rows("SELECT follower_uri, followed_uri, state FROM follow")
    return {(row["follower_uri"], row["followed_uri"], row["state"]) for row in rows}


async def check_log(chapter: Chapter) -> None:
    """Nothing waits, nothing failed, and no activity stands there twice."""
    items = await chapter.rows("SELECT activity_uri, verb, state, reason FROM inbox_item")
    assert [row for row in items if row["state"] in ("new", "failed")] == []
    doubled = [uri for uri, times in Counter(row["activity_uri"] for row in items).items() if times > 1]
    assert doubled == []
    deliveries = await chapter.rows(
        "SELECT state, reason, inbox FROM delivery WHERE state NOT IN ('done', 'stopped')"
    )
    assert deliveries == []


async def everything_happens(world: World, seed: int) -> None:
    riverside, hillside, _harbor = await three_chapters(world)
    disturb(world, seed)
    first = await announce(riverside, "We meet on Sunday.")
    quick = await announce(riverside, "We meat at six.")
    await edit(riverside, quick, "We meet at six.")
    never = await announce(hillside, "This was a mistake.")
    await delete(hillside, never)
    await calm(world)
    expected = {
        first: ("announcement", "We meet on Sunday."),
        quick: ("announcement", "We meet at six."),
    }
    for chapter in world.chapters:
        assert await seen_at(chapter) == expected, chapter.host
    await answers_and_second_thoughts(world, seed + 1000, first, quick)


async def answers_and_second_thoughts(world: World, seed: int, first: str, quick: str) -> None:
    riverside, hillside, harbor = world.chapters
    disturb(world, seed)
    world.network.cut(harbor.host)
    yes = await answer(hillside, first, "We bring soup.")
    gone = await answer(hillside, first, "And bread.")
    await hillside.unit(lambda unit: announcements.share(unit, first))
    await world.settle()
    await world.network.release()
    await hillside.unit(
        lambda unit: comments.edit(unit, id_in(yes), "We bring hot soup.", owners=(hillside.uri,))
    )
    await hillside.unit(lambda unit: comments.delete(unit, id_in(gone), owners=(hillside.uri,)))
    await hillside.unit(lambda unit: announcements.unshare(unit, first))
    await edit(riverside, first, "We meet on Saturday.")
    await delete(riverside, quick)
    await harbor.unit(lambda unit: following.withdraw(unit, harbor.uri, riverside.uri))
    await follow(harbor, riverside)
    await riverside.unit(lambda unit: following.withdraw(unit, riverside.uri, harbor.uri))
    await calm(world)
    expected = {first: ("announcement", "We meet on Saturday."), yes: ("comment", "We bring hot soup.")}
    for chapter in world.chapters:
        assert await seen_at(chapter) == expected, chapter.host
        assert await replies_at(chapter, first) == 1, chapter.host
        await check_log(chapter)
    [counts] = await riverside.rows("SELECT boosts, likes FROM known_object WHERE uri = ?", first)
    assert (counts["boosts"], counts["likes"]) == (0, 0)
    ours = (riverside.uri, hillside.uri), (hillside.uri, riverside.uri), (harbor.uri, riverside.uri)
    follows = {(*pair, "accepted") for pair in ours}
    assert await follows_at(riverside) == follows
    both = (hillside.uri, harbor.uri, "accepted"), (harbor.uri, hillside.uri, "accepted")
    assert await follows_at(harbor) == {(harbor.uri, riverside.uri, "accepted"), *both}


@pytest.mark.parametrize("seed", SEEDS)
async def test_chapters_end_up_seeing_the_same(world: World, seed: int) -> None:
    await everything_happens(world, seed)


async def test_chapters_on_either_database_end_up_seeing_the_same(each_world: World) -> None:
    await everything_happens(each_world, 4)
