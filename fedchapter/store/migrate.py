"""Bringing a database to the current schema, or back, with tortoise's own executor.

performance.md: on SQLite the executor rebuilds tables with foreign keys on, which cascades deletes; so migrations run
over a connection with foreign_keys=OFF, and `foreign_key_check` must find nothing afterwards. We declare no foreign
keys in models for the same reason, but a later migration may. Several servers may start at once, so one migrates under
a lock while the others wait, and then find nothing to do.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from ..errors import FedchapterError, Refusal
from ..settings import Settings
from .database import APP, MIGRATIONS, orm_config, prepare_folder, sqlite_path
from .lock import one_at_a_time
from .picture import Executor
from .postgres import check_reachable

Result = TypeVar("Result")
LATEST, NOTHING = "__latest__", "__first__"
# Any number that nothing else in the database uses: "fedch" in ASCII.
_LOCK = 0x6665646368


class MigrationError(FedchapterError):
    """A migration left the database inconsistent; it was not committed as done."""


def _config(settings: Settings, models: Sequence[str], package: str) -> dict[str, Any]:
    config = orm_config(settings.database, models, package)
    del config["connections"]["reads"]
    default = config["connections"]["default"]
    if isinstance(default, dict):
        default["credentials"]["foreign_keys"] = "OFF"
    return config


async def migrate(
    settings: Settings,
    models: Sequence[str],
    *,
    target: str = LATEST,
    progress: Callable[[str], None] | None = None,
    package: str = MIGRATIONS,
) -> list[str]:
    """The schema is at `target` (a migration's name, `__first__` for an empty database); returns the steps taken.

    `progress` is told each step (`+ name` or `- name`) before it begins; `package` holds the migrations. Raises Refusal
    for an unknown target.
    """
    prepare_folder(settings)

    async def work(executor: MigrationExecutor, connection: BaseDBAsyncClient) -> list[str]:
        wanted = [MigrationTarget(APP, target)]
        steps = await _plan(executor, target)

        def tell(event: str, _app: str, name: str) -> None:
            if progress is not None and event.endswith("_start"):
                progress(f"{'-' if event.startswith('rollback') else '+'} {name}")

        await executor.migrate(wanted, progress=tell)
        if not settings.database.startswith("postgres"):
            broken = await connection.execute_query_dict("PRAGMA foreign_key_check")
            if broken:
                raise MigrationError(f"rows point to rows that are not there: {broken[:3]}")
        return steps

    # On SQLite the folder is locked, which is there whatever state the database is in.
    folder = (
        sqlite_path(settings.database).parent if settings.database.startswith("sqlite:") else settings.data
    )
    async with one_at_a_time(settings, path=folder, number=_LOCK):
        return await _apart(settings, models, work, package)


async def plan_migrations(
    settings: Settings, models: Sequence[str], *, target: str = LATEST, package: str = MIGRATIONS
) -> list[str]:
    """The steps that `migrate` would take, `+ name` or `- name`; nothing is changed."""
    prepare_folder(settings)
    await check_reachable(settings.database)
    return await _apart(settings, models, lambda executor, _connection: _plan(executor, target), package)


async def _plan(executor: MigrationExecutor, target: str) -> list[str]:
    try:
        steps = await executor.plan([MigrationTarget(APP, target)])
    except ValueError as error:
        raise Refusal("no-migration", "There is no migration called %(name)s.", name=target) from error
    return [f"{'-' if step.backward else '+'} {step.migration.name}" for step in steps]


async def _apart(
    settings: Settings,
    models: Sequence[str],
    work: Callable[[MigrationExecutor, BaseDBAsyncClient], Awaitable[Result]],
    package: str = MIGRATIONS,
) -> Result:
    """`work` with an executor of its own, in a context of its own."""

    async def inner() -> Result:
        async with TortoiseContext() as tortoise:
            config = _config(settings, models, package)
            await tortoise.init(config=config)
            connection = tortoise.db("default")
            return await work(Executor(connection, config["apps"]), connection)

    return await asyncio.create_task(inner(), context=contextvars.copy_context())
