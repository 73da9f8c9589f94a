"""Several real chapters in one process, and strangers that sign like other servers, joined by wires that can be cut.

Each chapter is a whole Instance with its own database. `Network` is the transport between them: it hands a request to
the ASGI application of the host it names, and can cut, slow, refuse or lose what it carries. Strangers hold real keys
and send real signatures; what they serve is whatever a test puts at an address.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from fedchapter.app import create_instance
from fedchapter.app.founding import found
from fedchapter.clock import MovedClock
from fedchapter.settings import settings_from
from tests.support.chapter import Chapter
from tests.support.stranger import AS2, PUBLIC, Site, Stranger
from tests.support.wires import Network

__all__ = ["AS2", "PUBLIC", "Chapter", "Network", "Site", "Stranger", "World", "open_world"]


class World:
    """A network with chapters and strangers on it, sharing one clock."""

    def __init__(self, folder: Path, new_database: Callable[[str], Awaitable[str]], seed: int = 1) -> None:
        self.network = Network(seed)
        self.clock = MovedClock()
        self._folder, self._new_database = folder, new_database
        self.chapters: list[Chapter] = []

    async def chapter(self, name: str = "riverside", **changes: Any) -> Chapter:
        """A new chapter at https://<name>.test, founded and open, its workers not running: call settle()."""
        values = {
            "domain": f"{name}.test",
            "name": name.title(),
            "data": str(self._folder / name),
            "database": await self._new_database(name),
        }
        settings = settings_from(values | changes)
        instance = create_instance(settings, clock=self.clock, transport=self.network, limits_scale=1000)
        await instance.open()
        await found(instance)
        self.network.apps[settings.domain] = instance
        chapter = Chapter(instance, self.clock)
        self.chapters.append(chapter)
        return chapter

    def stranger(
        self, username: str = "ada", host: str = "elsewhere.test", type_: str = "Person"
    ) -> Stranger:
        """A new actor on a server of strangers."""
        return Stranger(self.network, self.clock, username, host, type_)

    def move(self, **by: float) -> None:
        """The clock of everybody moves: move(hours=1)."""
        self.clock.move(timedelta(**by))

    async def settle(self) -> None:
        """All chapters have worked off everything, until nothing moves any more."""
        for _ in range(20):
            before = len(self.network.log)
            for chapter in self.chapters:
                await chapter.settle()
            if len(self.network.log) == before:
                return
        raise AssertionError("the chapters never came to rest")

    async def close(self) -> None:
        """Everything is closed."""
        for chapter in self.chapters:
            await chapter.close()


@asynccontextmanager
async def open_world(
    folder: Path, new_database: Callable[[str], Awaitable[str]], seed: int = 1
) -> AsyncIterator[World]:
    """A world that is closed at the end."""
    world = World(folder, new_database, seed)
    try:
        yield world
    finally:
        await world.close()
