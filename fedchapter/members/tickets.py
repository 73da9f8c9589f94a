"""Tickets: secrets that are shown back once and soon, with what they stand for.

operations.md §3 row D6 (single use, hashed, expiring). What a ticket carries is sealed with its own secret, so the row
says nothing to whoever reads the database.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ..store import Row, Unit
from ..store.kinds import Reads
from ..store.sealed import seal, unseal
from .sessions import hashed, new_token

TOKEN_CHARS_MAX = 128


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket stands for. `account_id` is empty when it is nobody's yet."""

    purpose: str
    account_id: str
    data: dict[str, Any]
    ends_at: datetime


async def issue(
    unit: Unit, purpose: str, data: dict[str, Any], *, lasts: timedelta, account_id: str = ""
) -> str:
    """A new ticket; returns its secret. Tickets that are over are gone."""
    token = new_token()
    await unit.execute("DELETE FROM ticket WHERE ends_at <= ?", unit.now)
    await unit.execute(
        "INSERT INTO ticket (id, token, purpose, account_id, data, created_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        unit.new_id(),
        hashed(token),
        purpose,
        account_id,
        seal(token.encode(), purpose, msgspec.json.encode(data).decode()),
        unit.now,
        unit.now + lasts,
    )
    return token


async def find_ticket(reads: Reads, purpose: str, token: str, now: datetime) -> Ticket | None:
    """The ticket, still to be used; None when it is unknown, used, over or for something else."""
    if not 0 < len(token) <= TOKEN_CHARS_MAX:
        return None
    row = await reads.row(
        "SELECT purpose, account_id, data, ends_at FROM ticket WHERE token = ? AND purpose = ? AND ends_at > ?",
        hashed(token),
        purpose,
        now,
    )
    return _to_ticket(row, token) if row else None


async def use_ticket(unit: Unit, purpose: str, token: str) -> Ticket | None:
    """The ticket, which opens nothing any more; None when it did not before. Of two at once, one gets it."""
    found = await find_ticket(unit, purpose, token, unit.now)
    if found is None:
        return None
    gone = await unit.execute("DELETE FROM ticket WHERE token = ?", hashed(token))
    return found if gone else None


async def void_tickets(unit: Unit, account_id: str, *purposes: str) -> None:
    """Tickets of the account for those purposes (all of them when none is named) open nothing any more."""
    if not purposes:
        await unit.execute("DELETE FROM ticket WHERE account_id = ?", account_id)
    for purpose in purposes:
        await unit.execute("DELETE FROM ticket WHERE account_id = ? AND purpose = ?", account_id, purpose)


def _to_ticket(row: Row, token: str) -> Ticket | None:
    plain = unseal(token.encode(), row["purpose"], row["data"])
    if plain is None:
        return None
    return Ticket(row["purpose"], row["account_id"], msgspec.json.decode(plain), row["ends_at"])
