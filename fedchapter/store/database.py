"""One instance's database: connections, the context its models live in, units of work and reads.

Tortoise keeps its state in a ContextVar, so each Database owns a `contextvars.Context` in which its TortoiseContext is
entered once; every request and worker task runs in a copy of it (`run`, `spawn`). Entering one shared context from
concurrent tasks raises ValueError. All instances of one process use one engine (tortoise's query caches are
process-wide). Reads for pages go over a connection of their own: on SQLite a read would otherwise wait behind the
writer's lock (performance.md).
"""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.transactions import in_transaction

from ..clock import Clock
from ..errors import SettingsError
from ..settings import Settings
from . import sql, sqlite
from .choices import find_language
from .unit import Publishers, Unit

Result = TypeVar("Result")
MIGRATIONS = "fedchapter.store.migrations"
APP = "fedchapter"
# Every unit asks for the language, so it is kept that long.
LANGUAGE_KEPT_FOR = timedelta(seconds=30)


def sqlite_path(url: str) -> Path:
    """The file of a `sqlite:` URL."""
    return Path(url.removeprefix("sqlite://").removeprefix("sqlite:"))


def connections_for(url: str) -> dict[str, Any]:
    """Tortoise connection entries `default` (writes) and `reads` for a database URL of the settings."""
    if url.startswith("sqlite:"):
        path = str(sqlite_path(url))
        return {
            "default": sqlite.connection(path, read_only=False),
            "reads": sqlite.connection(path, read_only=True),
        }
    if url.startswith(("postgres://", "postgresql://")):
        wanted = "asyncpg://" + url.split("://", 1)[1]
        sized = wanted + ("&" if "?" in wanted else "?") + "minsize=1&maxsize=12"
        return {"default": sized, "reads": sized}
    raise SettingsError(f"database: {url!r} is neither sqlite:///path nor postgres://user:password@host/name")


def prepare_folder(settings: Settings) -> None:
    """The SQLite file and its folder exist, readable by us alone; nothing to do for PostgreSQL."""
    if not settings.database.startswith("sqlite:"):
        return
    path = sqlite_path(settings.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def orm_config(url: str, model_modules: Sequence[str], migrations: str = MIGRATIONS) -> dict[str, Any]:
    """The tortoise configuration for these rooms' models, migrations included."""
    app = {"models": list(model_modules), "default_connection": "default", "migrations": migrations}
    return {"connections": connections_for(url), "apps": {APP: app}, "use_tz": True, "timezone": "UTC"}


class Database:
    """Opened once per instance; `unit()` to write, `rows()` to read, `spawn()` to run anything that uses models."""

    def __init__(self, settings: Settings, clock: Clock, model_modules: Sequence[str]) -> None:
        self.settings = settings
        self.clock = clock
        self.publishers: Publishers = {}
        self.on_wake: Callable[[str], None] = lambda _loop: None
        self._models = model_modules
        self._context = contextvars.copy_context()
        self._language: tuple[datetime, str] | None = None
        self._tortoise = TortoiseContext()

    async def open(self) -> None:
        """Connections are usable; the schema is not touched."""
        prepare_folder(self.settings)
        self._context.run(self._tortoise.__enter__)
        await self.run(self._tortoise.init(config=orm_config(self.settings.database, self._models)))

    async def close(self) -> None:
        """Every connection is closed; a server that leaves one open does not exit on SIGTERM."""
        await self.run(self._tortoise.close_connections())

    def spawn(self, work: Coroutine[Any, Any, Result], name: str | None = None) -> asyncio.Task[Result]:
        """A task in which this database's models work."""
        return asyncio.create_task(work, name=name, context=self._context.copy())

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Awaits `work` in a task of its own in which this database's models work; cancelling cancels both."""
        return await self.spawn(work)

    @property
    def postgres(self) -> bool:
        """Whether this is PostgreSQL."""
        return not self.settings.database.startswith("sqlite:")

    def _connection(self, name: str) -> BaseDBAsyncClient:
        return self._tortoise.connections.get(name)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """A transaction: commits when the block returns, rolls back when it raises; then wakes the loops asked for."""
        language = await self.language()
        async with in_transaction("default") as connection:
            unit = Unit(connection, self.settings, self.clock.now(), self.publishers, language)
            yield unit
            await unit.publish_all()
        for loop in unit.wakes:
            self.on_wake(loop)

    async def rows(self, statement: str, *values: Any) -> list[sql.Row]:
        """All rows of a query, outside any unit, over the read connection."""
        return await sql.fetch_rows(self._connection("reads"), statement, values)

    async def row(self, statement: str, *values: Any) -> sql.Row | None:
        """The first row of a query, or None."""
        found = await self.rows(statement, *values)
        return found[0] if found else None

    async def language(self) -> str:
        """The language in which the chapter writes to others, as it was chosen a moment ago at most."""
        now = self.clock.now()
        if self._language is None or abs(now - self._language[0]) > LANGUAGE_KEPT_FOR:
            self._language = (now, await find_language(self, self.settings))
        return self._language[1]

    def forget_language(self) -> None:
        """It was chosen anew: the next who asks reads it."""
        self._language = None

    async def give_back(self) -> None:
        """What was erased takes no room on the disk any more, where the database can give it back in small steps.

        PostgreSQL does so by itself (autovacuum).
        """
        if not self.postgres:
            await sqlite.give_back(self._connection("default"))

    async def in_unit(self, service: Callable[[Unit], Awaitable[Result]]) -> Result:
        """Runs one service in a unit of its own."""
        async with self.unit() as unit:
            return await service(unit)
