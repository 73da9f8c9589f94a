"""How many rows there are, and how much of the disk they take.

sqlite.org/dbstat.html (reads every page, so a large file is estimated by a sample instead); PostgreSQL's
pg_total_relation_size. Names of tables come from the models, never from anybody outside.
"""

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tortoise.exceptions import OperationalError

from .database import Database, sqlite_path
from .retention import Kept

EXACT_BYTES_MAX = 128 * 1_048_576
SAMPLE = 200
_DBSTAT = (
    "SELECT sqlite_master.tbl_name AS name, sum(dbstat.pgsize) AS bytes FROM dbstat "
    "JOIN sqlite_master ON sqlite_master.name = dbstat.name WHERE dbstat.aggregate = true "
    "GROUP BY sqlite_master.tbl_name"
)
_RELATIONS = (
    "SELECT relname AS name, pg_total_relation_size(pg_class.oid) AS bytes FROM pg_class "
    "JOIN pg_namespace ON pg_namespace.oid = relnamespace AND nspname = current_schema() WHERE relkind = 'r'"
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes by table, and whether they were counted or only estimated."""

    tables: dict[str, int]
    exact: bool


async def measure_tables(database: Database, tables: Sequence[str]) -> Sizes:
    """What each of these tables takes, its indexes included."""
    if database.postgres:
        rows = await database.rows(_RELATIONS)
        return Sizes({row["name"]: int(row["bytes"]) for row in rows}, exact=True)
    path = sqlite_path(database.settings.database)
    if path.stat().st_size <= EXACT_BYTES_MAX:
        try:
            rows = await database.rows(_DBSTAT)
            return Sizes({row["name"]: int(row["bytes"]) for row in rows}, exact=True)
        except (OperationalError, sqlite3.OperationalError):
            # This build of SQLite cannot count pages.
            pass
    return Sizes({table: await _estimate(database, table) for table in tables}, exact=False)


async def _estimate(database: Database, table: str) -> int:
    count = await count_rows(database, f'SELECT count(*) AS total FROM "{table}"')
    rows = await database.rows(f'SELECT * FROM "{table}" ORDER BY 1 DESC LIMIT {SAMPLE}')
    if not rows:
        return 0
    sampled = sum(len(str(value)) for row in rows for value in row.values())
    # Half as much again for indexes and what pages leave empty.
    return count * sampled * 3 // (2 * len(rows))


async def count_rows(database: Database, statement: str) -> int:
    """The `total` of a statement."""
    row = await database.row(statement)
    return int(row["total"]) if row else 0


async def count_kept(database: Database, one: Kept) -> int:
    """How many there are of that sort."""
    if not one.count and not one.tables:
        return 0
    return await count_rows(database, one.count or f'SELECT count(*) AS total FROM "{one.tables[0]}"')


async def measure_database(database: Database) -> int:
    """What the whole database takes, in bytes, what it has free inside included."""
    if database.postgres:
        row = await database.row("SELECT pg_database_size(current_database()) AS total")
        return int(row["total"]) if row else 0
    path = sqlite_path(database.settings.database)
    beside = (path, path.with_name(f"{path.name}-wal"))
    return sum(one.stat().st_size for one in beside if one.exists())


def measure_folder(folder: Path) -> tuple[int, int]:
    """How many files are below it, and their bytes; slow for very many."""
    count = total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).stat().st_size
            except FileNotFoundError:
                # Deleted while we counted.
                continue
            count += 1
    return count, total
