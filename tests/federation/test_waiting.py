"""Deliveries that wait or failed, as admins see them, and trying them again."""

from fedchapter.federation.waiting import count_by_state, find_failed, find_waiting, retry_now
from fedchapter.store import Unit
from tests.support.network import Chapter, Stranger, World

HOST = "elsewhere.test"


async def followed(world: World) -> tuple[Chapter, Stranger]:
    """A chapter that owes Ada an Accept, and cannot reach her server."""
    chapter, ada = await world.chapter("riverside"), world.stranger("ada", HOST)
    # Her key has been read before the wire is cut.
    await ada.tell(chapter, ada.activity("Like", chapter.uri))
    world.network.cut(HOST)
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    return chapter, ada


async def states(chapter: Chapter) -> dict[str, int]:
    return await chapter.run(count_by_state(chapter.house.database))


async def test_what_waits_is_listed_with_the_reason(each_world: World) -> None:
    chapter, _ada = await followed(each_world)
    rows = await chapter.run(find_waiting(chapter.house.database, 10))
    assert [(row["host"], row["verb"], row["kind"], row["attempts"]) for row in rows] == [
        (HOST, "Accept", "follow", 1)
    ]
    assert rows[0]["reason"] != ""


async def test_what_was_given_up_can_be_tried_again_and_arrives(each_world: World) -> None:
    chapter, ada = await followed(each_world)
    for _ in range(20):
        each_world.move(hours=13)
        await chapter.settle()
    assert await states(chapter) == {"gave-up": 1}
    assert len(await chapter.run(find_failed(chapter.house.database, 10))) == 1
    each_world.network.mend(HOST)

    async def elsewhere(unit: Unit) -> int:
        return await retry_now(unit, "other.test")

    async def here(unit: Unit) -> int:
        return await retry_now(unit, HOST)

    assert await chapter.unit(elsewhere) == 0
    assert await chapter.unit(here) == 1
    await chapter.settle()
    assert await states(chapter) == {"done": 1}
    assert ada.received[-1]["type"] == "Accept"


async def test_what_may_be_under_way_is_not_sent_a_second_time(each_world: World) -> None:
    chapter, _ada = await followed(each_world)
    # The next attempt is near: within a lease one cannot tell whether another worker has it.
    assert await chapter.unit(retry_now) == 0
