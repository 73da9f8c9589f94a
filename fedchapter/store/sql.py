"""Raw SQL for hot paths on both databases: one dialect of placeholders, times as aware datetimes.

Statements are written with `?`; PostgreSQL gets `$1 …`. SQLite keeps times as text, so parameters are written in the
form tortoise writes, and columns whose names end in `_at` are read back as datetimes (all our times end so), those
that end in `_until` as dates.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

Row = dict[str, Any]
_TIMES = ("_at", "_until")


@lru_cache(maxsize=1024)
def numbered(statement: str) -> str:
    """The statement with `?` replaced by `$1`, `$2` …; our statements have no question marks in literals."""
    parts = statement.strip().split("?")
    return "".join(f"{part}${index}" for index, part in enumerate(parts[:-1], 1)) + parts[-1]


def is_postgres(connection: BaseDBAsyncClient) -> bool:
    """Whether the connection speaks to PostgreSQL."""
    return connection.capabilities.dialect == "postgres"


def _to_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else value


def _from_sqlite(row: Any) -> Row:
    return {
        name: _to_time(name, value) if name.endswith(_TIMES) and isinstance(value, str) else value
        for name, value in dict(row).items()
    }


def _to_time(name: str, value: str) -> datetime | date:
    return datetime.fromisoformat(value) if name.endswith("_at") else date.fromisoformat(value)


async def fetch_rows(connection: BaseDBAsyncClient, statement: str, values: Sequence[Any] = ()) -> list[Row]:
    """All rows of a query (or of a statement with RETURNING) as dicts."""
    if is_postgres(connection):
        return list(await connection.execute_query_dict(numbered(statement), list(values)))
    _, rows = await connection.execute_query(statement, [_to_sqlite(value) for value in values])
    return [_from_sqlite(row) for row in rows]


async def execute(connection: BaseDBAsyncClient, statement: str, values: Sequence[Any] = ()) -> int:
    """Runs a statement without a result; returns how many rows it changed."""
    if is_postgres(connection):
        wanted = numbered(statement)
        if wanted.startswith("INSERT"):
            # Tortoise 1.1.9 reads "INSERT 0 5" as no row changed; rows given back can be counted.
            return len(await connection.execute_query_dict(f"{wanted} RETURNING 1", list(values)))
        changed, _ = await connection.execute_query(wanted, list(values))
        return int(changed)
    changed, _ = await connection.execute_query(statement, [_to_sqlite(value) for value in values])
    return int(changed)


async def execute_many(connection: BaseDBAsyncClient, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Runs one statement for each row of values."""
    if is_postgres(connection):
        await connection.execute_many(numbered(statement), [list(row) for row in rows])
        return
    await connection.execute_many(statement, [[_to_sqlite(value) for value in row] for row in rows])


def marks(count: int) -> str:
    """`?,?,?` for an IN list of `count` values."""
    return ",".join("?" * count)
