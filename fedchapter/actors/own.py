"""Our own actors after they were made: what they say of themselves, and their end.

wire.md §3.2 (Update and Delete of an actor). What others are told of it is sent by the type `profile`, which hears of
`ChapterChanged` and `ActorClosed`.
"""

from typing import Any

from ..store import Unit, forget
from ..store.kinds import Reads
from .rows import ActorRow, find_actor

CHANGEABLE = frozenset({"name", "summary", "icon", "approves_followers", "discoverable", "indexable"})


async def find_own(reads: Reads, uri: str) -> ActorRow | None:
    """One of our actors that is not closed, or None."""
    actor = await find_actor(reads, uri)
    return actor if actor is not None and actor.local and actor.state == "active" else None


async def change_actor(unit: Unit, uri: str, **columns: Any) -> None:
    """One of our actors says that of itself (CHANGEABLE columns); `summary` is clean HTML already."""
    assert set(columns) <= CHANGEABLE, columns
    sets = ", ".join(f"{name} = ?" for name in columns)
    await unit.execute(f"UPDATE actor SET {sets} WHERE uri = ? AND local = true", *columns.values(), uri)


async def close_actor(unit: Unit, uri: str, type_: str) -> bool:
    """One of our actors is gone for good: its address answers 410, and nobody gets its name again.

    Its keys stay: what says that it is gone has to be signed. False when it was gone already, or never ours.
    """
    changed = await unit.execute(
        "UPDATE actor SET state = 'gone', name = '', summary = '', icon = '', also_known_as = '' "
        "WHERE uri = ? AND local = true AND state = 'active'",
        uri,
    )
    if changed:
        await forget(unit, uri, owner_uri=uri, former_type=type_)
    return changed > 0
