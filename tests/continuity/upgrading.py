"""An upgrade in a process of its own that is killed (-9) at a named moment; run by test_upgrade.

    python -m tests.continuity.upgrading DATA DATABASE MOMENT [works|fails]

It goes from the first of tests/store/future_migrations to the last, and prints how it ended.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fedchapter.clock import SystemClock
from fedchapter.continuity import upgrade as room
from fedchapter.settings import Settings, settings_from

FUTURE, MODELS = "tests.store.future_migrations", ["tests.store.future_models"]
# moment → the function of the room after (or, with "-", before) which the process is killed.
MOMENTS = {
    "copied": "_prepare_way_back",
    "migrating": "-migrate",
    "migrated": "migrate",
    "back-begun": "-_copy_back",
    "back-put": "_copy_back",
    "loading": "-loading",
    "loaded": "_load_again",
}


def settings_for(data: Path, database: str) -> Settings:
    values = {"domain": "riverside.test", "name": "Riverside", "data": str(data)}
    return settings_from(values | ({"database": database} if database else {}))


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    async def slow(*given: Any, **named: Any) -> None:
        await function(*given, **named)
        die()

    def quick(*given: Any, **named: Any) -> None:
        function(*given, **named)
        die()

    return slow if asyncio.iscoroutinefunction(function) else quick


def set_trap(moment: str) -> None:
    name = MOMENTS.get(moment)
    if name is None:
        return
    if name.startswith("-"):
        setattr(room, name[1:], die)
    else:
        setattr(room, name, after(getattr(room, name)))


def job_for(settings: Settings, *, works: bool, moment: str = "") -> room.Upgrade:
    async def check() -> None:
        if moment == "checking":
            die()
        if not works:
            raise RuntimeError("a page does not open")

    return room.Upgrade(settings, MODELS, SystemClock(), check, print, package=FUTURE)


async def main(data: str, database: str, moment: str, how: str) -> None:
    set_trap(moment)
    try:
        steps = await room.upgrade(
            job_for(settings_for(Path(data), database), works=how == "works", moment=moment)
        )
    except room.RolledBack as error:
        print(f"rolled back: {error}")
    else:
        print(f"done: {steps}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
