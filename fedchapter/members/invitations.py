"""Links that open once: to join with a role, to become the first admin, to sign in when a password is lost.

operations.md §3 row D6 (single-use, hashed, expiring). A link is consumed in the unit that uses it, so two people with
the same link cannot both come in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..errors import NotFound
from ..store import Row, Unit
from ..store.kinds import Reads
from .permissions import Role
from .sessions import hashed, new_token

LASTS = timedelta(days=7)
SIGN_IN_LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Invited:
    """An open link. `purpose` is join or sign-in; `account_id` is set for sign-in."""

    id: str
    purpose: str
    role: Role
    account_id: str
    made_by: str
    ends_at: datetime


async def invite(
    unit: Unit,
    *,
    role: Role = Role.MEMBER,
    made_by: str = "",
    note: str = "",
    purpose: str = "join",
    account_id: str = "",
) -> str:
    """A new link; returns its address, which is shown once and stored only as a hash."""
    token = new_token()
    lasts = LASTS if purpose == "join" else SIGN_IN_LASTS
    await unit.execute(
        "INSERT INTO invitation (id, token, purpose, role, account_id, note, made_by, created_at, ends_at, used_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
        unit.new_id(),
        hashed(token),
        purpose,
        role.value,
        account_id,
        note[:200],
        made_by,
        unit.now,
        unit.now + lasts,
    )
    return unit.settings.uri("join", token)


async def get_invitation(reads: Reads, token: str, now: datetime) -> Invited:
    """The open link; raises NotFound for one that is unknown, used or over."""
    row = await reads.row(
        "SELECT id, purpose, role, account_id, made_by, ends_at FROM invitation "
        "WHERE token = ? AND used_at IS NULL AND ends_at > ?",
        hashed(token),
        now,
    )
    if row is None:
        raise NotFound("link-over", "This link was used already, or is over. Ask for a new one.")
    return Invited(**{**row, "role": Role(row["role"])})


async def use_invitation(unit: Unit, token: str, account_id: str) -> Invited:
    """The link is used up by that account; raises NotFound when somebody was faster."""
    invited = await get_invitation(unit, token, unit.now)
    changed = await unit.execute(
        "UPDATE invitation SET used_at = ?, used_by = ? WHERE id = ? AND used_at IS NULL",
        unit.now,
        account_id,
        invited.id,
    )
    if not changed:
        raise NotFound("link-over", "This link was used already, or is over. Ask for a new one.")
    return invited


async def find_invitations(reads: Reads, now: datetime) -> list[Row]:
    """Open links (id, purpose, role, note, made_by, created_at, ends_at), newest first."""
    return await reads.rows(
        "SELECT id, purpose, role, note, made_by, created_at, ends_at FROM invitation "
        "WHERE used_at IS NULL AND ends_at > ? ORDER BY created_at DESC",
        now,
    )


async def withdraw(unit: Unit, invitation_id: str) -> None:
    """The link opens nothing any more."""
    await unit.execute("DELETE FROM invitation WHERE id = ? AND used_at IS NULL", invitation_id)
