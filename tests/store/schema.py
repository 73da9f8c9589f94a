"""A database seen from outside: its tables' columns and indexes, whatever they are called, and rows for all of them."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from tortoise import Model, fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext

from fedchapter.store import APP, orm_config

Result = TypeVar("Result")
Schema = dict[str, set[Any]]
Inside = Callable[[TortoiseContext, BaseDBAsyncClient], Awaitable[Result]]
ROWS = 3
_PG_COLUMNS = """
SELECT column_name, data_type, is_nullable, column_default, character_maximum_length FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = '{table}'
"""
_PG_INDEXES = """
SELECT split_part(indexdef, ' USING ', 2) AS shape, indexdef LIKE 'CREATE UNIQUE%' AS sole FROM pg_indexes
WHERE schemaname = 'public' AND tablename = '{table}'
"""


async def inside(url: str, models: Sequence[str], work: Inside[Result]) -> Result:
    """`work` with these models on that database, in a context of its own; nothing is made or changed before."""

    async def run() -> Result:
        async with TortoiseContext() as tortoise:
            config = orm_config(url, models)
            del config["connections"]["reads"]
            await tortoise.init(config=config)
            return await work(tortoise, tortoise.db("default"))

    return await asyncio.create_task(run(), context=contextvars.copy_context())


async def generate(tortoise: TortoiseContext, _connection: BaseDBAsyncClient) -> None:
    """The schema is made straight from the models."""
    await tortoise.generate_schemas(safe=False)


async def read_schema(_tortoise: TortoiseContext, connection: BaseDBAsyncClient) -> Schema:
    """Columns and indexes of each table, without the names of indexes."""
    postgres = connection.capabilities.dialect == "postgres"
    listed = (
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        if postgres
        else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    names = {row["name"] for row in await connection.execute_query_dict(listed)} - {"tortoise_migrations"}
    read = _postgres_table if postgres else _sqlite_table
    return {name: await read(connection, name) for name in sorted(names)}


async def _postgres_table(connection: BaseDBAsyncClient, table: str) -> set[Any]:
    columns = await connection.execute_query_dict(_PG_COLUMNS.format(table=table))
    indexes = await connection.execute_query_dict(_PG_INDEXES.format(table=table))
    return {tuple(row.values()) for row in columns} | {
        ("index", row["shape"], row["sole"]) for row in indexes
    }


async def _sqlite_table(connection: BaseDBAsyncClient, table: str) -> set[Any]:
    found: set[Any] = set()
    for row in await connection.execute_query_dict(f'PRAGMA table_info("{table}")'):
        found.add((row["name"], row["type"], row["notnull"], row["dflt_value"], row["pk"]))
    for index in await connection.execute_query_dict(f'PRAGMA index_list("{table}")'):
        columns = await connection.execute_query_dict(f'PRAGMA index_info("{index["name"]}")')
        found.add(("index", tuple(column["name"] for column in columns), index["unique"]))
    return found


def differences(one: Schema, two: Schema) -> list[str]:
    """What only one of the two has."""
    return [
        f"{table}: {sorted(map(str, one.get(table, set()) ^ two.get(table, set())))}"
        for table in sorted(one.keys() | two.keys())
        if one.get(table) != two.get(table)
    ]


def _apps(tortoise: TortoiseContext) -> dict[str, type[Model]]:
    assert tortoise.apps is not None
    return tortoise.apps[APP]


async def fill(tortoise: TortoiseContext, connection: BaseDBAsyncClient) -> None:
    """Every table has rows."""
    for model in _apps(tortoise).values():
        rows = [_row(model, number) for number in range(1, ROWS + 1)]
        await model.bulk_create(rows, using_db=connection)


async def count_rows(tortoise: TortoiseContext, connection: BaseDBAsyncClient) -> dict[str, int]:
    """How many rows each model's table has."""
    models = _apps(tortoise).values()
    return {model._meta.db_table: await model.all().using_db(connection).count() for model in models}


def _row(model: type[Model], number: int) -> Model:
    values = {
        name: _value(field, number)
        for name, field in model._meta.fields_map.items()
        if field.has_db_field and not (field.pk and field.generated)
    }
    return model(**values)


def _value(field: fields.Field[Any], number: int) -> Any:
    moment = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if isinstance(field, fields.BooleanField):
        return bool(number % 2)
    if isinstance(field, (fields.IntField, fields.BigIntField, fields.SmallIntField)):
        return number
    if isinstance(field, fields.DatetimeField):
        return moment
    if isinstance(field, fields.DateField):
        return date(2027, 1, number)
    if isinstance(field, fields.BinaryField):
        return b"bytes %d" % number
    if isinstance(field, (fields.CharField, fields.TextField)):
        return f"{number}"
    raise AssertionError(f"a value for {field!r}?")
