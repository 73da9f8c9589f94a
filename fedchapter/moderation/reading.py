"""Who read what was written to the chapter alone: a line of the audit log, one for each reader and hour.

operations.md §1.6 (a moderator reading a direct message leaves a line). The line says whose messages, never what.
"""

from datetime import timedelta

from ..store import Unit
from ..words import mark
from .audit import Entry, Judge, verb, write

ONE_LINE_FOR = timedelta(hours=1)
READ = verb("read-message", mark("Read messages"))


async def note_reading(unit: Unit, actor_uri: str, account_id: str) -> None:
    """That this account read the actor's messages is in the log, unless a line of the last hour says so."""
    said = await unit.row(
        "SELECT id FROM decision WHERE made_by = ? AND what = ? AND target_uri = ? AND made_at > ? LIMIT 1",
        *(account_id, READ, actor_uri, unit.now - ONE_LINE_FOR),
    )
    if said is None:
        await write(unit, Entry(READ, actor_uri, actor_uri), Judge(account_id))
