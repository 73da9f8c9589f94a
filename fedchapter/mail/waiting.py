"""Letters that wait to leave: the only place where their text is stored."""

from datetime import datetime, timedelta

import msgspec

from ..store import Unit
from ..store.kinds import Reads
from .letter import Letter

# Longer than a job is tried; what is older was given up.
KEPT_FOR = timedelta(days=3)


async def keep_letter(unit: Unit, letter: Letter, subscriber_id: str = "") -> str:
    """The letter waits; returns its id. Those given up long ago are gone; a subscriber's goes when they leave."""
    await unit.execute("DELETE FROM letter WHERE created_at < ?", unit.now - KEPT_FOR)
    letter_id = unit.new_id()
    await unit.execute(
        "INSERT INTO letter (id, letter, subscriber_id, created_at) VALUES (?, ?, ?, ?)",
        letter_id,
        msgspec.json.encode(letter).decode(),
        subscriber_id,
        unit.now,
    )
    return letter_id


async def find_letter(reads: Reads, letter_id: str) -> tuple[Letter, datetime, str] | None:
    """The letter, when it was written and to which subscriber (empty: none), or None when it has left."""
    row = await reads.row("SELECT letter, created_at, subscriber_id FROM letter WHERE id = ?", letter_id)
    if row is None:
        return None
    return msgspec.json.decode(row["letter"], type=Letter), row["created_at"], row["subscriber_id"]


async def drop_letter(unit: Unit, letter_id: str) -> None:
    """The letter waits no longer."""
    await unit.execute("DELETE FROM letter WHERE id = ?", letter_id)
