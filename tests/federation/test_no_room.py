"""A disk that fills up: strangers are asked to send again later, one's own people are let in longer."""

import pytest

from fedchapter.continuity.doctor import Health
from fedchapter.continuity.doctor.inside import check_room
from fedchapter.house import room
from fedchapter.members import Role
from fedchapter.store.choices import choose
from tests.objects.announcement.support import follows
from tests.support.network import Chapter, Stranger, World

MEGABYTE = 1_048_576
DISK = 100 * 1024 * MEGABYTE


def free(chapter: Chapter, megabytes: int) -> None:
    """So much is free on the disk from now on."""
    found = chapter.instance.state.inlet.room
    found.usage = lambda settings: (megabytes * MEGABYTE, DISK)
    found.look_again()


async def status(chapter: Chapter, who: Stranger) -> int:
    return (await who.send(chapter, who.activity("View", "https://elsewhere.test/1"))).status_code


async def test_strangers_wait_while_the_disk_is_nearly_full(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    assert await status(chapter, ada) == 202
    free(chapter, 511)
    answer = await ada.send(chapter, ada.activity("View", "https://elsewhere.test/2"))
    assert (answer.status_code, answer.json()["code"]) == (503, "no-room")
    assert int(answer.headers["retry-after"]) >= 600
    assert await chapter.count("inbox_item") == 1
    free(chapter, 513)
    assert await status(chapter, ada) == 202
    assert await chapter.count("inbox_item") == 2


async def test_whom_the_chapter_follows_is_let_in_until_half_of_that(world: World) -> None:
    chapter, hillside = await world.chapter(), world.stranger("hillside", "hillside.test")
    await follows(chapter, hillside)
    free(chapter, 300)
    assert await status(chapter, world.stranger("eve", "spam.test")) == 503
    assert await status(chapter, hillside) == 202
    assert await status(chapter, world.stranger("bob", "hillside.test")) == 202, "the server is known"
    free(chapter, 255)
    assert await status(chapter, hillside) == 503


async def test_whoever_claims_to_be_of_a_followed_server_is_found_out(world: World) -> None:
    chapter, hillside = await world.chapter(), world.stranger("hillside", "hillside.test")
    await follows(chapter, hillside)
    free(chapter, 300)
    eve = world.stranger("eve", "spam.test")
    answer = await eve.send(chapter, eve.activity("View", "https://elsewhere.test/2"), key_id=hillside.key_id)
    assert answer.status_code == 401
    assert await chapter.count("inbox_item", "host = 'spam.test'") == 0


@pytest.mark.parametrize(
    ("chosen", "total_mb", "floor_mb"), [("512", 102_400, 512), ("512", 4_000, 200), ("0", 4_000, 0)]
)
async def test_a_small_disk_needs_less_room(world: World, chosen: str, total_mb: int, floor_mb: int) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, room.CHOICE, chosen))
    assert (
        await chapter.run(room.find_floor(chapter.house.database, total_mb * MEGABYTE)) == floor_mb * MEGABYTE
    )


async def test_the_doctor_and_the_page_say_that_strangers_are_turned_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await world.chapter()
    for place in ("fedchapter.continuity.doctor.inside", "fedchapter.site.kept"):
        monkeypatch.setattr(f"{place}.disk_usage", lambda settings: (100 * MEGABYTE, DISK))
    finding = await chapter.run(check_room(chapter.house))
    assert finding.health is Health.FAIL and "strangers are turned away" in finding.words
    admin = await chapter.signed_in(Role.ADMIN)
    assert "Only 100 MB are free" in (await admin.get("/admin/kept")).text
