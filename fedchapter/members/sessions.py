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
from .offices import HELD
from .permissions import Permission, Role

LASTS = timedelta(days=30)
_SEEN_EVERY = timedelta(hours=1)
_VIEWER = (
    f"SELECT {', '.join(f'account.{name}' for name in COLUMNS)}, session.id AS session_id, session.seen_at, "
    "session.created_at AS begun_at, session.how, session.second_at, "
    "office.role AS office_role, office.group_id AS office_group FROM session "
    f"JOIN account ON account.id = session.account_id LEFT JOIN office ON office.account_id = account.id AND {HELD} "
    "WHERE session.token = ? AND session.ends_at > ? AND account.state = 'active'"
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in, by which session, with which chapter-wide roles; `captain_of` are ids of groups.

    `how` is password, fediverse or link; `second_at` is when the second step was given, None without one.
    """

    account: AccountRow
    session_id: str
    seen_at: datetime
    begun_at: datetime
    roles: frozenset[Role] = frozenset()
    captain_of: frozenset[str] = frozenset()
    how: str = ""
    second_at: datetime | None = None

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles includes it."""
        return permission.allows(self.held)

    @property
    def held(self) -> frozenset[Role]:
        """The chapter-wide roles, and captain for whoever is one of any group."""
        return self.roles | {Role.CAPTAIN} if self.captain_of else self.roles


def new_token() -> str:
    """A secret for a cookie or a link: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


async def start_session(
    unit: Unit, account_id: str, device: str, *, how: str = "", second: bool = False
) -> str:
    """A new session of the account; returns the secret for the cookie. `second`: the second step was given."""
    token = new_token()
    await unit.execute(
        "INSERT INTO session (id, token, account_id, device, how, second_at, created_at, seen_at, ends_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        unit.new_id(),
        hashed(token),
        account_id,
        device[:200],
        how,
        unit.now if second else None,
        unit.now,
        unit.now,
        unit.now + LASTS,
    )
    return token


async def find_viewer(reads: Reads, token: str, now: datetime) -> Viewer | None:
    """Whose cookie this is, or None when its session ended."""
    rows = await reads.rows(_VIEWER, now, now, hashed(token), now)
    if not rows:
        return None
    offices = [(Role(row.pop("office_role") or "member"), row.pop("office_group")) for row in rows]
    first = rows[0]
    session = {name: first.pop(name) for name in ("session_id", "seen_at", "begun_at", "how", "second_at")}
    return Viewer(
        from_row(first),
        roles=frozenset(role for role, group in offices if not group),
        captain_of=frozenset(group for role, group in offices if group and role is Role.CAPTAIN),
        **session,
    )


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


async def confirm_second(unit: Unit, account_id: str, session_id: str) -> None:
    """The session has given the second step, and every other session of the account has ended."""
    await unit.execute("UPDATE session SET second_at = ? WHERE id = ?", unit.now, session_id)
    await unit.execute("DELETE FROM session WHERE account_id = ? AND id <> ?", account_id, session_id)
