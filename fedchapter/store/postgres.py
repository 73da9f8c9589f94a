"""Reaching a PostgreSQL database, with a sentence instead of a traceback when it cannot be reached.

asyncpg is imported when it is needed: a chapter on SQLite never loads it.
"""

from typing import Any
from urllib.parse import urlsplit

from ..errors import SettingsError

TIMEOUT_S = 10


async def connect(url: str) -> Any:
    """An asyncpg connection of its own; raises SettingsError, which never says the password."""
    import asyncpg

    try:
        return await asyncpg.connect(url, timeout=TIMEOUT_S)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        parts = urlsplit(url)
        place = f"{parts.hostname or 'its host'}{parts.path}"
        reason = str(error) or type(error).__name__
        raise SettingsError(f"database: {place} cannot be reached: {reason}") from error


async def check_reachable(url: str) -> None:
    """The database answers; raises SettingsError. Nothing is asked of SQLite."""
    if not url.startswith("sqlite:"):
        await (await connect(url)).close()
