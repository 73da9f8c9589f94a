"""Sessions: rows in the database, so that they can be listed and ended; the cookie holds a secret, the row its hash.

operations.md §3 row D6, §4.4 ("need a revocation list → rows").
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..store import Row, Unit
from ..store.kinds import Reads
from .accounts import COLUMNS, AccountRow, from_row

LASTS = timedelta(days=30)
_SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in, by which session."""

    account: AccountRow
    session_id: str
    seen_at: datetime


def new_token() -> str:
    """A secret for a cookie or a link: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


async def start_session(unit: Unit, account_id: str, device: str) -> str:
    """A new session of the account; returns the secret for the cookie."""
    token = new_token()
    await unit.execute(
        "INSERT INTO session (id, token, account_id, device, created_at, seen_at, ends_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        unit.new_id(),
        hashed(token),
        account_id,
        device[:200],
        unit.now,
        unit.now,
        unit.now + LASTS,
    )
    return token


async def find_viewer(reads: Reads, token: str, now: datetime) -> Viewer | None:
    """Whose cookie this is, or None when its session ended."""
    columns = ", ".join(f"account.{name}" for name in COLUMNS)
    row = await reads.row(
        f"SELECT {columns}, session.id AS session_id, session.seen_at FROM session "
        "JOIN account ON account.id = session.account_id "
        "WHERE session.token = ? AND session.ends_at > ? AND account.state = 'active'",
        hashed(token),
        now,
    )
    if row is None:
        return None
    session_id, seen_at = row.pop("session_id"), row.pop("seen_at")
    return Viewer(from_row(row), session_id, seen_at)


def is_stale(viewer: Viewer, now: datetime) -> bool:
    """Whether `touch` is due."""
    return now - viewer.seen_at > _SEEN_EVERY


async def touch(unit: Unit, session_id: str) -> None:
    """The session was used now, and lasts anew."""
    await unit.execute(
        "UPDATE session SET seen_at = ?, ends_at = ? WHERE id = ?", unit.now, unit.now + LASTS, session_id
    )


async def find_sessions(reads: Reads, account_id: str) -> list[Row]:
    """The account's sessions (id, device, created_at, seen_at), last used first."""
    return await reads.rows(
        "SELECT id, device, created_at, seen_at FROM session WHERE account_id = ? ORDER BY seen_at DESC",
        account_id,
    )


async def end_session(unit: Unit, account_id: str, session_id: str) -> bool:
    """That session of that account has ended; False when there was none."""
    return (
        await unit.execute("DELETE FROM session WHERE id = ? AND account_id = ?", session_id, account_id) > 0
    )
