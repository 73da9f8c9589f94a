"""Two SQLite engines for tortoise: one that writes (BEGIN IMMEDIATE) and one that can only read.

Tortoise opens transactions with a plain BEGIN, which takes the write lock only at the first write: a second process
that read before it writes then fails with "database is locked" at once, busy_timeout or not. Taking the lock at the
beginning waits instead (sqlite.org/lang_transaction.html §2.2). Tortoise finds an engine by module name and the
migration executor looks for "sqlite" in it.
"""

import sqlite3
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.exceptions import TransactionManagementError


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction that owns the write lock from its first moment."""

    async def begin(self) -> None:
        """The write lock is held, or TransactionManagementError after busy_timeout."""
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise TransactionManagementError(error) from error


class WriterClient(SqliteClient):
    """The one connection that writes."""

    def _in_transaction(self) -> TransactionContext:
        return SqliteTransactionContext(ImmediateTransaction(self), self._lock)


client_class = WriterClient


def connection(path: str, *, read_only: bool) -> dict[str, Any]:
    """A tortoise connection entry for the database file at `path`."""
    pragmas: dict[str, Any] = {
        # First, since it counts only before the file has its first page; older files keep theirs until a VACUUM.
        "auto_vacuum": "INCREMENTAL",
        "journal_mode": "WAL",
        "synchronous": "NORMAL",
        "busy_timeout": 5000,
        "foreign_keys": "ON",
        "journal_size_limit": 67_108_864,
        "cache_size": -8000,
    }
    if read_only:
        pragmas["query_only"] = "ON"
    return {"engine": "fedchapter.store.sqlite", "credentials": {"file_path": path, **pragmas}}


PAGES_AT_ONCE, ROUNDS_MAX = 2_000, 500
_INCREMENTAL = 2


async def give_back(connection: BaseDBAsyncClient) -> None:
    """Free pages are cut off the file, a few megabytes at a time, and the log of writes is taken into it.

    A file made before auto_vacuum was set keeps its size, and fills its free pages first (sqlite.org/pragma.html).
    """
    rows = await connection.execute_query_dict("PRAGMA auto_vacuum")
    incremental = rows and next(iter(rows[0].values())) == _INCREMENTAL
    for _ in range(ROUNDS_MAX if incremental else 0):
        free = await connection.execute_query_dict("PRAGMA freelist_count")
        if not next(iter(free[0].values())):
            break
        # As a script, since only that steps on until the statement is done: a query frees one page.
        await connection.execute_script(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})")
    await connection.execute_query("PRAGMA wal_checkpoint(PASSIVE)")
