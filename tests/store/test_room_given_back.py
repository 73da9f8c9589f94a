"""What was erased takes no room on the disk any more."""

import asyncio
from pathlib import Path

from fedchapter.store.database import sqlite_path
from tests.support.network import Chapter, World

MEGABYTE = 1_048_576


async def pragma(chapter: Chapter, name: str) -> int:
    [row] = await chapter.unit(lambda unit: unit.rows(f"PRAGMA {name}"))
    return int(next(iter(row.values())))


def size_of(chapter: Chapter) -> int:
    path: Path = sqlite_path(chapter.settings.database)
    return path.stat().st_size


async def fill(chapter: Chapter) -> None:
    """Twelve megabytes, written into the file itself."""
    for number in range(12):
        await chapter.unit(
            lambda unit, number=number: unit.execute(
                "INSERT INTO choice (name, value, changed_at) VALUES (?, ?, ?)",
                f"x{number}",
                "x" * MEGABYTE,
                unit.now,
            )
        )
    await chapter.run(chapter.house.database.give_back())


async def test_a_file_of_sqlite_grows_small_again(world: World) -> None:
    chapter = await world.chapter()
    assert await pragma(chapter, "auto_vacuum") == 2
    await fill(chapter)
    full = size_of(chapter)
    assert full > 12 * MEGABYTE
    await chapter.unit(lambda unit: unit.execute("DELETE FROM choice WHERE name LIKE 'x%'"))
    await chapter.run(chapter.house.database.give_back())
    assert await pragma(chapter, "freelist_count") == 0
    assert size_of(chapter) < full - 11 * MEGABYTE


async def test_a_postgres_server_needs_no_help(each_world: World) -> None:
    chapter = await each_world.chapter()
    await chapter.run(chapter.house.database.give_back())
    assert (await chapter.run(chapter.house.database.row("SELECT 1 AS yes"))) == {"yes": 1}


async def test_giving_back_waits_for_nobody_and_stops_nobody(world: World) -> None:
    """A reader that has the file open keeps it from shrinking for now, and nothing fails."""
    chapter = await world.chapter()
    await fill(chapter)
    await chapter.unit(lambda unit: unit.execute("DELETE FROM choice WHERE name LIKE 'x%'"))
    rows, _ = await _together(chapter)
    assert rows == {"yes": 1}


async def _together(chapter: Chapter) -> tuple[object, None]:
    database = chapter.house.database
    return await asyncio.gather(
        chapter.run(database.row("SELECT 1 AS yes")), chapter.run(database.give_back())
    )
