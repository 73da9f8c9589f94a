"""Who looks at a group just now, and what moderators write down about it for one another.

A claim keeps nobody from deciding: it says that somebody is at it, and is over after half an hour.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...errors import Refusal
from ...store import Row, Unit, marks
from ...store.kinds import Reads

LASTS = timedelta(minutes=30)
NOTE_CHARS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Claim:
    """Who, by account and name, since when."""

    account_id: str
    name: str
    claimed_at: datetime


async def claim(unit: Unit, group_key: str, account_id: str) -> None:
    """That account looks at the group from now on; raises Refusal while somebody else does."""
    taken = await unit.rows(
        "INSERT INTO desk_claim (group_key, account_id, claimed_at) VALUES (?, ?, ?) ON CONFLICT (group_key) DO UPDATE "
        "SET account_id = excluded.account_id, claimed_at = excluded.claimed_at "
        "WHERE desk_claim.account_id = excluded.account_id OR desk_claim.claimed_at <= ? RETURNING group_key",
        group_key,
        account_id,
        unit.now,
        unit.now - LASTS,
    )
    if taken:
        return
    found = (await find_claims(unit, [group_key], unit.now)).get(group_key)
    raise Refusal("claimed", "%(name)s looks at this already.", name=found.name if found else "somebody else")


async def release(unit: Unit, group_key: str, account_id: str) -> None:
    """That account looks at it no longer; nothing happens where it did not."""
    await unit.execute("DELETE FROM desk_claim WHERE group_key = ? AND account_id = ?", group_key, account_id)


async def forget_old_claims(unit: Unit) -> None:
    """Claims that are over are gone."""
    await unit.execute("DELETE FROM desk_claim WHERE claimed_at <= ?", unit.now - LASTS)


async def find_claims(reads: Reads, group_keys: Collection[str], now: datetime) -> dict[str, Claim]:
    """Who looks at which of those groups."""
    if not group_keys:
        return {}
    rows = await reads.rows(
        "SELECT desk_claim.group_key, desk_claim.account_id, desk_claim.claimed_at, account.display_name AS name "
        "FROM desk_claim LEFT JOIN account ON account.id = desk_claim.account_id "
        f"WHERE desk_claim.group_key IN ({marks(len(group_keys))}) AND desk_claim.claimed_at > ?",
        *group_keys,
        now - LASTS,
    )
    return {row["group_key"]: Claim(row["account_id"], row["name"] or "", row["claimed_at"]) for row in rows}


async def add_note(unit: Unit, group_key: str, account_id: str, text: str) -> None:
    """The note stands beside the group; raises Refusal for an empty or endless one."""
    if not text:
        raise Refusal("no-text", "Write something first.")
    if len(text) > NOTE_CHARS_MAX:
        raise Refusal("text-too-long", "A note has at most %(max)s characters.", max=NOTE_CHARS_MAX)
    await unit.execute(
        "INSERT INTO desk_note (id, group_key, account_id, text, made_at) VALUES (?, ?, ?, ?, ?)",
        unit.new_id(),
        group_key,
        account_id,
        text,
        unit.now,
    )


async def find_notes(reads: Reads, group_key: str) -> list[Row]:
    """The notes (text, made_at, name), oldest first."""
    return await reads.rows(
        "SELECT desk_note.text, desk_note.made_at, account.display_name AS name FROM desk_note "
        "LEFT JOIN account ON account.id = desk_note.account_id WHERE desk_note.group_key = ? "
        "ORDER BY desk_note.id LIMIT 100",
        group_key,
    )
