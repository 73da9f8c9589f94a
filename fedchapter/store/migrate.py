"""Bringing a database to the current schema, or back, with tortoise's own executor.

performance.md: on SQLite the executor rebuilds tables with foreign keys on, which cascades deletes; so migrations run
over a connection with foreign_keys=OFF, and `foreign_key_check` must find nothing afterwards. We declare no foreign
keys in models for the same reason, but a later migration may.
"""

import asyncio
import contextvars
from collections.abc import Sequence
from typing import Any

from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from ..errors import FedchapterError
from ..settings import Settings
from .database import APP, orm_config, prepare_folder


class MigrationError(FedchapterError):
    """A migration left the database inconsistent; it was not committed as done."""


def _config(settings: Settings, models: Sequence[str]) -> dict[str, Any]:
    config = orm_config(settings.database, models)
    del config["connections"]["reads"]
    default = config["connections"]["default"]
    if isinstance(default, dict):
        default["credentials"]["foreign_keys"] = "OFF"
    return config


async def migrate(settings: Settings, models: Sequence[str], *, target: str = "__latest__") -> list[str]:
    """The schema is at `target` (a migration's name, `__first__` for an empty database); returns the steps taken."""
    prepare_folder(settings)
    return await asyncio.create_task(_migrate(settings, models, target), context=contextvars.copy_context())


async def _migrate(settings: Settings, models: Sequence[str], target: str) -> list[str]:
    async with TortoiseContext() as tortoise:
        config = _config(settings, models)
        await tortoise.init(config=config)
        connection = tortoise.db("default")
        executor = MigrationExecutor(connection, config["apps"])
        steps = await executor.plan([MigrationTarget(APP, target)])
        await executor.migrate([MigrationTarget(APP, target)])
        if not settings.database.startswith("postgres"):
            broken = await connection.execute_query_dict("PRAGMA foreign_key_check")
            if broken:
                raise MigrationError(f"rows point to rows that are not there: {broken[:3]}")
        return [f"{'-' if step.backward else '+'} {step.migration.name}" for step in steps]
