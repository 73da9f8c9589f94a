"""All rows of a database at one moment, whichever engine it is, in one spelling.

SQLite: a read transaction sees one snapshot (sqlite.org/isolation.html). PostgreSQL: REPEATABLE READ. Tables are found
by asking the database, not the models, because an upgrade backs up what an older version made. Times are ISO 8601 in
UTC, truth values 0 and 1, bytes `{"base64": …}`: so an archive does not show which engine it came from.
"""

import asyncio
import base64
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from ..settings import Settings
from ..store.database import sqlite_path
from ..store.postgres import connect

MIGRATIONS = "tortoise_migrations"
# Sessions and links under way: over after a restore anyway, and nobody should find them in a backup.
LEFT_OUT = frozenset({MIGRATIONS, "session", "ticket"})
_ROWS = 20
_APPLIED = f"SELECT name FROM {MIGRATIONS} WHERE app = 'fedchapter' ORDER BY id"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns with the types the engine gives them (and lengths), and its primary key."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...] = ()
    lengths: dict[str, int] | None = None


class Snapshot(Protocol):
    """One moment of a database."""

    async def tables(self) -> list[Table]:
        """Every table with rows of the chapter, by name."""

    async def migrations(self) -> list[str]:
        """The migrations that were applied, in order; none in an empty database."""

    async def count(self, table: Table) -> int:
        """How many rows a table has."""

    def rows(self, table: Table) -> AsyncIterator[list[list[Any]]]:
        """All rows of a table, a few at a time, in the order of its key, in the archive's spelling."""


@asynccontextmanager
async def snapshot(settings: Settings) -> AsyncIterator[Snapshot]:
    """The database as it is now, however it changes meanwhile."""
    if settings.database.startswith("sqlite:"):
        connection = await asyncio.to_thread(open_sqlite, sqlite_path(settings.database), read_only=True)
        try:
            await asyncio.to_thread(connection.execute, "BEGIN")
            yield SqliteSnapshot(connection)
        finally:
            await asyncio.to_thread(connection.close)
        return
    postgres = await connect(settings.database)
    try:
        async with postgres.transaction(isolation="repeatable_read", readonly=True):
            yield PostgresSnapshot(postgres)
    finally:
        await postgres.close()


def open_sqlite(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection of its own, in no transaction, usable from any thread in turn."""
    mode = "ro" if read_only else "rwc"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=30,
    )


class SqliteSnapshot:
    """A snapshot of an SQLite file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def tables(self) -> list[Table]:
        """Every table, by name."""
        return await asyncio.to_thread(sqlite_tables, self._connection)

    async def migrations(self) -> list[str]:
        """Those applied."""
        if not await asyncio.to_thread(_has_sqlite_table, self._connection, MIGRATIONS):
            return []
        return [row[0] for row in await asyncio.to_thread(_all, self._connection, _APPLIED)]

    async def count(self, table: Table) -> int:
        """How many rows."""
        rows = await asyncio.to_thread(_all, self._connection, f'SELECT count(*) FROM "{table.name}"')
        return int(rows[0][0])

    async def rows(self, table: Table) -> AsyncIterator[list[list[Any]]]:
        """All rows, a few at a time."""
        times = [_is_time(kind) for kind in table.columns.values()]
        cursor = await asyncio.to_thread(self._connection.execute, select(table))
        while batch := await asyncio.to_thread(cursor.fetchmany, _ROWS):
            yield [
                [_from_sqlite(value, time) for value, time in zip(row, times, strict=True)] for row in batch
            ]


def sqlite_tables(connection: sqlite3.Connection) -> list[Table]:
    """Every table of the file but SQLite's own and those left out."""
    names = _all(
        connection,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    found = []
    for name in sorted(row[0] for row in names if row[0] not in LEFT_OUT):
        described = _all(connection, f'PRAGMA table_info("{name}")')
        keys = sorted((row[5], row[1]) for row in described if row[5])
        columns = {row[1]: row[2].upper() for row in described}
        found.append(Table(name, columns, tuple(column for _, column in keys)))
    return found


def _has_sqlite_table(connection: sqlite3.Connection, name: str) -> bool:
    asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(asked, (name,)).fetchone() is not None


def _all(connection: sqlite3.Connection, statement: str) -> list[Any]:
    return connection.execute(statement).fetchall()


def select(table: Table) -> str:
    """Every column of every row. By key: the order in which ballots were cast is nobody's business."""
    names = ", ".join(f'"{column}"' for column in table.columns)
    order = ", ".join(f'"{column}"' for column in table.key) or "1"
    return f'SELECT {names} FROM "{table.name}" ORDER BY {order}'


class PostgresSnapshot:
    """A snapshot of a PostgreSQL database: the tables of its current schema that no extension owns."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def tables(self) -> list[Table]:
        """Every table, by name."""
        return await postgres_tables(self._connection)

    async def migrations(self) -> list[str]:
        """Those applied."""
        if await self._connection.fetchval("SELECT to_regclass($1)", MIGRATIONS) is None:
            return []
        return [row[0] for row in await self._connection.fetch(_APPLIED)]

    async def count(self, table: Table) -> int:
        """How many rows."""
        return int(await self._connection.fetchval(f'SELECT count(*) FROM "{table.name}"'))

    async def rows(self, table: Table) -> AsyncIterator[list[list[Any]]]:
        """All rows, a few at a time."""
        batch: list[list[Any]] = []
        async for row in self._connection.cursor(select(table), prefetch=_ROWS):
            batch.append([_from_postgres(value) for value in row])
            if len(batch) == _ROWS:
                yield batch
                batch = []
        if batch:
            yield batch


_POSTGRES_COLUMNS = """
SELECT c.relname AS name, a.attname AS column, t.typname AS type,
    CASE WHEN t.typname = 'varchar' AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS length,
    array_position(i.indkey::int2[], a.attnum) AS key
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relkind = 'r'
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname, a.attnum
"""


async def postgres_tables(connection: Any, left_out: frozenset[str] = LEFT_OUT) -> list[Table]:
    """Every table of the current schema but those left out."""
    described: dict[str, list[Any]] = {}
    for row in await connection.fetch(_POSTGRES_COLUMNS):
        described.setdefault(row["name"], []).append(row)
    return [_postgres_table(name, rows) for name, rows in described.items() if name not in left_out]


def _postgres_table(name: str, rows: Sequence[Any]) -> Table:
    keys = sorted((row["key"], row["column"]) for row in rows if row["key"] is not None)
    lengths = {row["column"]: row["length"] for row in rows if row["length"] is not None}
    columns = {row["column"]: row["type"] for row in rows}
    return Table(name, columns, tuple(column for _, column in keys), lengths)


def _is_time(kind: str) -> bool:
    return kind.startswith(("TIMESTAMP", "DATETIME"))


def _from_sqlite(value: Any, time: bool) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if time and isinstance(value, str):
        return to_text(datetime.fromisoformat(value))
    return value


def _from_postgres(value: Any) -> Any:
    for kind, spell in _SPELLED.items():
        if isinstance(value, kind):
            return spell(value)
    return value


def to_text(moment: datetime) -> str:
    """A time as archives have it; one without a zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()


# In this order: a datetime is a date too, and a bool an int.
_SPELLED: dict[type, Callable[[Any], Any]] = {
    bool: int,
    datetime: to_text,
    date: date.isoformat,
    bytes: lambda value: {"base64": base64.b64encode(value).decode()},
    UUID: str,
    Decimal: str,
}
