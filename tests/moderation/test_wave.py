"""A wave of spam, played again: hardly any of it is seen, nobody whom we know is held, and one decision clears it."""

import itertools
from dataclasses import replace
from functools import partial

import pytest

from fedchapter.moderation.audit import Judge
from fedchapter.moderation.queue.deciding import Seen, refuse
from fedchapter.policy.book import find_rules, put_rule
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from tests.support.network import Chapter, World
from tests.support.spam import Post, Wave, arrive, know_authors
from tests.support.threads import announced

GENUINE = {"followed": 90, "sister": 50, "approved": 54, "stranger": 6}


async def open_doors(chapter: Chapter) -> None:
    """Strangers are shown at once here: only the wave itself can give the spam away."""
    rules = await chapter.run(find_rules(chapter.house.database))

    async def switch(unit: Unit) -> None:
        await choose(unit, "hold_first_replies", "no")
        [links] = [rule for rule in rules if rule.key == "first-links"]
        await put_rule(unit, replace(links, on=False))

    await chapter.unit(switch)


async def states(chapter: Chapter) -> dict[str, str]:
    rows = await chapter.rows("SELECT uri, state FROM known_object WHERE local = false")
    return {row["uri"]: row["state"] for row in rows}


async def play(world: World, chapter: Chapter, wave: Wave) -> float:
    """The hour passes minute by minute; returns how many minutes spam was on the page, summed over its posts."""
    spam, shown_minutes = set(wave.uris("spam")), 0
    minutes: dict[int, list[Post]] = {
        minute: list(posts) for minute, posts in itertools.groupby(wave.posts, key=lambda post: post.minute)
    }
    for minute in range(60):
        await arrive(chapter, minutes.get(minute, []))
        now = await states(chapter)
        shown_minutes += sum(1 for uri in spam if now.get(uri) == "shown")
        world.move(minutes=1)
    return shown_minutes


async def clear(chapter: Chapter) -> int:
    """A moderator decides group by group, the biggest first, and looks at what it says; returns how many decisions."""
    for decisions in range(20):
        rows = await chapter.rows(
            "SELECT group_key, count(*) AS total, max(opened_at) AS last_at FROM desk_item WHERE state = 'open' "
            "GROUP BY group_key ORDER BY count(*) DESC LIMIT 1"
        )
        if not rows:
            return decisions
        await chapter.unit(partial(_refuse, chapter, rows[0]["group_key"]))
    raise AssertionError("the queue does not end")


async def _refuse(chapter: Chapter, group_key: str, unit: Unit) -> None:
    await refuse(unit, chapter.house, Seen(group_key, chapter.clock.now()), Judge("", "spam"))


@pytest.mark.parametrize("doors", ["open", "usual"])
async def test_a_wave_of_spam_is_one_group_and_nobody_whom_we_know_is_held(world: World, doors: str) -> None:
    chapter = await world.chapter()
    if doors == "open":
        await open_doors(chapter)
    sizes = (
        {"spam": 3000, "hosts": 400, "texts": 60}
        if doors == "open"
        else {"spam": 500, "hosts": 100, "texts": 20}
    )
    wave = Wave(29256, await announced(chapter), genuine=GENUINE, **sizes)
    await know_authors(chapter, wave)
    shown_minutes = await play(world, chapter, wave)
    after = await states(chapter)
    assert len(after) == len(wave.posts)
    still = [uri for uri in wave.uris("spam") if after[uri] == "shown"]
    print(f"{len(still)} of {sizes['spam']} still shown; shown for {shown_minutes} minutes in all")
    assert len(still) <= sizes["spam"] / 100
    assert shown_minutes <= sizes["spam"] / 10
    assert {after[uri] for uri in wave.uris("followed", "sister", "approved")} == {"shown"}
    groups = await chapter.rows(
        "SELECT DISTINCT group_key FROM desk_item WHERE group_key LIKE 'wave:%' AND state = 'open'"
    )
    assert len(groups) == 1
    assert await clear(chapter) < 10
    assert "held" not in (await states(chapter)).values()
