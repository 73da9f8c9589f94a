"""Which items of the queue are decided together: those of one wave, one text, or one author.

operations.md §1.4: a wave is one decision, not three thousand.
"""

import hashlib

from ..store import Unit
from .desk import HELD

WAVE, TEXT, ACTOR = "wave:", "text:", "actor:"
# Not the key of any item: everything that waits from one server, whatever groups it is in.
HOST = "host:"


def group_of_wave(wave_id: str) -> str:
    """The group of everything in that wave."""
    return f"{WAVE}{wave_id}"


def group_of_actor(actor_uri: str) -> str:
    """The group of everything by (or about) that actor."""
    return ACTOR + hashlib.sha256(actor_uri.encode()).hexdigest()[:32]


async def group_of_held(unit: Unit, *, actor_uri: str, text_hash: str, wave: str = "") -> str:
    """The group of something new that is held: its `wave`, the copies of its words, or else its author's.

    Copies that wait already by themselves are in that group from now on, too.
    """
    if wave:
        await _gather(unit, wave, text_hash)
        return wave
    if not text_hash:
        return group_of_actor(actor_uri)
    group_key = TEXT + text_hash[:32]
    copy = await unit.row(
        "SELECT id FROM desk_item WHERE text_hash = ? AND state = 'open' AND sort = ? AND actor_uri <> ? LIMIT 1",
        text_hash,
        HELD,
        actor_uri,
    )
    if copy is None:
        return group_of_actor(actor_uri)
    await _gather(unit, group_key, text_hash)
    return group_key


async def _gather(unit: Unit, group_key: str, text_hash: str) -> None:
    if text_hash:
        await unit.execute(
            "UPDATE desk_item SET group_key = ? WHERE text_hash = ? AND state = 'open' AND sort = ? "
            "AND group_key NOT LIKE 'wave:%'",
            group_key,
            text_hash,
            HELD,
        )


def members_of(group_key: str) -> tuple[str, str]:
    """The condition in SQL (one place) by which items are in that group, and its value."""
    if group_key.startswith(HOST):
        return "host = ?", group_key.removeprefix(HOST)
    return "group_key = ?", group_key


async def regroup(unit: Unit, group_key: str, new_key: str) -> int:
    """What waits in one group waits in the other from now on; returns how many that were."""
    await unit.execute("UPDATE desk_note SET group_key = ? WHERE group_key = ?", new_key, group_key)
    return await unit.execute(
        "UPDATE desk_item SET group_key = ? WHERE group_key = ? AND state = 'open'", new_key, group_key
    )
