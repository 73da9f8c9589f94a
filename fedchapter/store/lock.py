"""One at a time on a database: whoever asks for the same lock meanwhile waits, in whatever process.

An advisory lock on PostgreSQL, on SQLite one on a path, because closing any handle of the database file would drop
SQLite's own locks (sqlite.org/howtocorrupt.html §2.2).
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ..settings import Settings
from .postgres import connect


@asynccontextmanager
async def one_at_a_time(settings: Settings, *, path: Path, number: int) -> AsyncIterator[None]:
    """Nobody else is inside with this lock: `path` (a folder, or a file that is made) on SQLite, else `number`.

    Two locks, of which one is taken inside the other, need two paths and two numbers.
    """
    if settings.database.startswith("sqlite:"):
        descriptor = _open(path)
        try:
            await asyncio.to_thread(fcntl.flock, descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
        return
    connection = await connect(settings.database)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", number)
        yield
    finally:
        await connection.close()


def _open(path: Path) -> int:
    # A folder cannot be opened for writing; it is locked as well as a file is.
    return os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT, 0o600)
