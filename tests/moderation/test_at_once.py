"""Two moderators decide at the same moment: one of them does, the other reads who it was, and nothing is half done."""

import asyncio

import httpx
import pytest

from fedchapter.members import Role
from fedchapter.policy import find_mark
from tests.moderation.test_queue import of, says, seen
from tests.support.network import Chapter, World
from tests.support.threads import announced


async def two(chapter: Chapter) -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
    return await chapter.signed_in(Role.MODERATOR, "Rosa"), await chapter.signed_in(Role.MODERATOR, "Tomás")


async def states(chapter: Chapter) -> set[str]:
    rows = await chapter.rows("SELECT DISTINCT state FROM known_object WHERE kind = 'comment'")
    return {row["state"] for row in rows}


@pytest.mark.parametrize("other", ["refuse", "refuse-wait", "refuse-suspend", "fine"])
async def test_one_decides_and_the_other_reads_who_it_was(each_world: World, other: str) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    for number in range(5):
        await says(chapter, ada, f"post {number}", root)
    rosa, tomas = await two(chapter)
    answers = await asyncio.gather(
        rosa.post(of(ada), data=seen(chapter, "approve")), tomas.post(of(ada), data=seen(chapter, other))
    )
    assert [one.status_code for one in answers] == [303, 303]
    said = [(await one.get("/admin/queue")).text for one in (rosa, tomas)]
    assert sum("has decided this a moment before you" in one for one in said) == 1
    rosa_first = "has decided this" not in said[0]
    assert ("Rosa has decided" in said[1]) is rosa_first
    shown = rosa_first or other == "fine"
    assert await states(chapter) == {"shown" if shown else "hidden"}
    mark = await chapter.run(find_mark(chapter.house.database, scope="actor", subject=ada.uri))
    wanted = {"refuse": None, "fine": None, "refuse-wait": "hold", "refuse-suspend": "refuse"}[other]
    assert mark == ("approved" if rosa_first else wanted)
    assert (
        await chapter.count("decision", "target_uri LIKE '%/notes/%' OR what IN ('approve', 'refuse')") == 5
    )
    assert await chapter.count("desk_item", "state = 'open'") == 0


async def test_several_groups_are_decided_at_once(each_world: World) -> None:
    chapter = await each_world.chapter()
    root = await announced(chapter)
    who = [each_world.stranger(f"s{number}", f"h{number}.test") for number in range(4)]
    words = ("See you on Sunday", "Who brings the soup?", "I cannot come, sorry", "Where is the hall?")
    for one, text in zip(who, words, strict=True):
        await says(chapter, one, text, root)
    clients = [await chapter.signed_in(Role.MODERATOR) for _ in who]
    answers = await asyncio.gather(
        *(
            client.post(of(one), data=seen(chapter, act))
            for client, one, act in zip(clients, who, ("approve", "refuse", "approve", "fine"), strict=True)
        )
    )
    assert {one.status_code for one in answers} == {303}
    assert await chapter.count("desk_item", "state = 'open'") == 0


async def test_two_undo_the_same_and_one_of_them_does(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    for number in range(3):
        await says(chapter, ada, f"post {number}", root)
    rosa, tomas = await two(chapter)
    await rosa.post(of(ada), data=seen(chapter, "approve"))
    [row] = await chapter.rows("SELECT DISTINCT batch FROM decision")
    path = f"/admin/decisions/batch/{row['batch']}/undo"
    answers = await asyncio.gather(rosa.post(path), tomas.post(path))
    assert sorted(one.status_code for one in answers) == [303, 400]
    assert await states(chapter) == {"held"}
    assert await chapter.count("known_object", "replies > 0") == 0
    assert await chapter.count("decision", "undo_of <> ''") == 4
    assert await chapter.run(find_mark(chapter.house.database, scope="actor", subject=ada.uri)) is None


async def test_who_claims_first_has_it(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    await says(chapter, ada, "one", root)
    rosa, tomas = await two(chapter)
    await asyncio.gather(*(one.post(of(ada), data={"act": "claim"}) for one in (rosa, tomas)))
    said = [(await one.get("/admin/queue")).text for one in (rosa, tomas)]
    assert sum("looks at this already." in one for one in said) == 1
    assert await chapter.count("desk_claim") == 1
