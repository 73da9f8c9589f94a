"""Rows of an archive go into a database that has their tables, whichever engine either of them is.

The target's own column types decide how a value is written. All or nothing: on PostgreSQL one transaction, on SQLite a
file that is put in its place only afterwards (restore).
"""

import asyncio
import base64
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import msgspec

from ..errors import Refusal
from ..settings import Settings
from ..store.database import sqlite_path
from ..store.postgres import connect
from .age import damaged
from .tables import MIGRATIONS, Table, open_sqlite, postgres_tables, sqlite_tables

To = Callable[[Any], Any]
_REFERENCES = """
SELECT conrelid::regclass::text AS place, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS rule
FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""


class Loader(Protocol):
    """Where rows go."""

    rows: dict[str, int]
    cut: int

    async def load(self, table: str, part: bytes) -> None:
        """The rows of one part are in that table; raises Refusal."""


@asynccontextmanager
async def loading(settings: Settings) -> AsyncIterator[Loader]:
    """Takes parts of rows; they are there when the block ends, and none is when it raises."""
    if settings.database.startswith("sqlite:"):
        connection = await asyncio.to_thread(open_sqlite, sqlite_path(settings.database), read_only=False)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield SqliteLoader(connection, {table.name: table for table in sqlite_tables(connection)})
            await asyncio.to_thread(connection.execute, "COMMIT")
        finally:
            await asyncio.to_thread(connection.close)
        return
    postgres = await connect(settings.database)
    try:
        async with postgres.transaction():
            # Tables come by name, so a row may come before the one that it refers to.
            references = await postgres.fetch(_REFERENCES)
            for one in references:
                await postgres.execute(f"ALTER TABLE {one['place']} DROP CONSTRAINT {one['name']}")
            loader = PostgresLoader(
                postgres, {table.name: table for table in await postgres_tables(postgres)}
            )
            yield loader
            await loader.set_counters()
            for one in references:
                await postgres.execute(
                    f"ALTER TABLE {one['place']} ADD CONSTRAINT {one['name']} {one['rule']}"
                )
    finally:
        await postgres.close()


def read_rows(part: bytes) -> tuple[list[str], list[list[Any]]]:
    """The columns and the rows of a part."""
    try:
        columns, *rows = [msgspec.json.decode(line) for line in part.splitlines()]
    except (ValueError, msgspec.DecodeError) as error:
        raise damaged() from error
    return columns, rows


def _find(tables: dict[str, Table], name: str, columns: Sequence[str]) -> Table:
    table = tables.get(name)
    if table is None or set(columns) != set(table.columns):
        raise Refusal(
            "backup-tables",
            "The backup's table %(table)s is not as this version knows it. Restore with the version that made it.",
            table=name,
        )
    return table


@dataclass(slots=True)
class SqliteLoader:
    """Into an SQLite file."""

    connection: sqlite3.Connection
    tables: dict[str, Table]
    rows: dict[str, int] = field(default_factory=dict)
    cut: int = 0

    async def load(self, table: str, part: bytes) -> None:
        """The rows are written."""
        await asyncio.to_thread(self._load, table, part)

    def _load(self, name: str, part: bytes) -> None:
        columns, rows = read_rows(part)
        table = _find(self.tables, name, columns)
        converts = [_to_sqlite(table.columns[column]) for column in columns]
        names, places = ", ".join(f'"{column}"' for column in columns), ", ".join("?" * len(columns))
        written = [[to(value) for to, value in zip(converts, row, strict=True)] for row in rows]
        self.connection.executemany(f'INSERT INTO "{name}" ({names}) VALUES ({places})', written)
        self.rows[name] = self.rows.get(name, 0) + len(rows)


@dataclass(slots=True)
class PostgresLoader:
    """Into a PostgreSQL database; `cut` counts texts longer than their column, which SQLite does not mind."""

    connection: Any
    tables: dict[str, Table]
    rows: dict[str, int] = field(default_factory=dict)
    cut: int = 0

    async def load(self, table: str, part: bytes) -> None:
        """The rows are written."""
        columns, rows = read_rows(part)
        found = _find(self.tables, table, columns)
        converts = [self._to_postgres(found, column) for column in columns]
        written = [[to(value) for to, value in zip(converts, row, strict=True)] for row in rows]
        await self.connection.copy_records_to_table(table, records=written, columns=columns)
        self.rows[table] = self.rows.get(table, 0) + len(rows)

    async def set_counters(self) -> None:
        """Numbers that the database gives out go on after the highest that is there."""
        for table in self.tables.values():
            for column, kind in table.columns.items():
                if kind not in ("int8", "int4") or column not in table.key:
                    continue
                await self.connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', '{column}'), "
                    f'(SELECT coalesce(max("{column}"), 0) + 1 FROM "{table.name}"), false)'
                )

    def _to_postgres(self, table: Table, column: str) -> To:
        kind = table.columns[column]
        if kind in _POSTGRES:
            convert = _POSTGRES[kind]
            return lambda value: None if value is None else convert(value)
        length = (table.lengths or {}).get(column)

        def text(value: Any) -> Any:
            if not isinstance(value, str):
                return value
            # PostgreSQL has no text with a NUL in it.
            plain = value.replace("\x00", "")
            if length is None or len(plain) <= length:
                return plain
            self.cut += 1
            return plain[:length]

        return text


def _to_sqlite(kind: str) -> To:
    if kind.startswith(("TIMESTAMP", "DATETIME")):
        # As tortoise writes it: comparisons are of text.
        return lambda value: datetime.fromisoformat(value).isoformat(sep=" ") if value else value
    return lambda value: _bytes(value) if isinstance(value, dict) else value


def _bytes(value: dict[str, str]) -> bytes:
    return base64.b64decode(value["base64"])


_POSTGRES: dict[str, To] = {
    "timestamptz": datetime.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "date": date.fromisoformat,
    "bool": bool,
    "bytea": _bytes,
    "uuid": UUID,
    "numeric": Decimal,
    "int2": int,
    "int4": int,
    "int8": int,
    "float8": float,
    "float4": float,
}


async def is_empty(settings: Settings) -> bool:
    """Whether nobody's rows are in the database: there is no file, no table, or no row in any."""
    if settings.database.startswith("sqlite:"):
        return not sqlite_path(settings.database).exists()
    connection = await connect(settings.database)
    try:
        for table in await postgres_tables(connection, frozenset({MIGRATIONS})):
            if await connection.fetchval(f'SELECT 1 FROM "{table.name}" LIMIT 1'):
                return False
        return True
    finally:
        await connection.close()


async def wipe(settings: Settings) -> None:
    """No table is left; whoever calls this knows that what was in them is elsewhere."""
    if settings.database.startswith("sqlite:"):
        path = sqlite_path(settings.database)
        for ending in ("-wal", "-shm", ""):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        return
    connection = await connect(settings.database)
    try:
        async with connection.transaction():
            for table in await postgres_tables(connection, frozenset()):
                await connection.execute(f'DROP TABLE "{table.name}" CASCADE')
    finally:
        await connection.close()
