"""Letting the hourly sweep come round."""

from fedchapter.jobs.sweep import plan_sweep
from tests.support.chapter import Chapter
from tests.support.network import World


async def sweep(world: World, chapter: Chapter, **later: float) -> None:
    """So much later the sweep has come, and has ended."""
    world.move(**later)
    await chapter.unit(plan_sweep)
    world.move(hours=1)
    await chapter.settle()


async def erased(chapter: Chapter, name: str) -> int:
    """How many of that sort the last sweep erased; it has ended."""
    [row] = await chapter.rows("SELECT erased, ended_at FROM sweep WHERE name = ?", name)
    assert row["ended_at"] is not None
    return int(row["erased"])
