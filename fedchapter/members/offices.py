"""Roles with terms: given, ended, over by themselves; each change is recorded, so that the members hear of it.

decisions.md §1 (terms); operations.md §3 row D6. The term of the only admin does not end by itself: a chapter that
nobody can administer would be lost.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..errors import Refusal
from ..jobs import schedule
from ..store import Row, Unit, marks
from ..store.kinds import Reads
from .permissions import Role, may_give

TERM_JOB = "office-term"
# So long every member knows of an officer before that one's word counts as the second of two.
SETTLED_AFTER = timedelta(days=7)
# The ways in which an admin loses the role against their will.
AGREED = ("removed", "recall")
# What counts as holding a role at `?`; the only admin's office stays although its term is over.
HELD = (
    "office.ended_at IS NULL AND office.begins_at <= ? "
    "AND (office.ends_at IS NULL OR office.ends_at > ? OR office.role = 'admin')"
)


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """Somebody has a role from now on. `given_by` is empty for the shell of the server."""

    office_id: str
    account_id: str
    role: Role
    group_id: str
    given_by: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoleEnded:
    """Somebody has a role no longer; `why` is ended, resigned, left, term, removed or recall."""

    office_id: str
    account_id: str
    role: Role
    group_id: str
    ended_by: str
    why: str


async def give_role(
    unit: Unit,
    account_id: str,
    role: Role,
    *,
    given_by: str = "",
    group_id: str = "",
    ends_at: datetime | None = None,
) -> str:
    """The account has that role until `ends_at`; returns the office's id. Raises Refusal when they have it already."""
    if role is Role.MEMBER:
        raise Refusal("role", "Every account is a member already.")
    if ends_at is not None and ends_at <= unit.now:
        raise Refusal("term-over", "A term ends in the future.")
    await _check_not_held(unit, account_id, role, group_id)
    office_id = unit.new_id()
    await unit.execute(
        "INSERT INTO office (id, account_id, role, group_id, begins_at, ends_at, given_by, ended_by, why_ended) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, '', '')",
        office_id,
        account_id,
        role.value,
        group_id,
        unit.now,
        ends_at,
        given_by,
    )
    if ends_at is not None:
        await schedule(
            unit, TERM_JOB, {"office_id": office_id}, due_at=ends_at, key=f"{TERM_JOB}:{office_id}"
        )
    if role is Role.ADMIN:
        await _end_overdue(unit, office_id)
    # Whoever made a link to sign in as them did so when they were no officer.
    await unit.execute(
        "DELETE FROM invitation WHERE used_at IS NULL AND purpose = 'sign-in' AND account_id = ? AND made_by <> ''",
        account_id,
    )
    unit.record(RoleGiven(office_id, account_id, role, group_id, given_by, ends_at))
    return office_id


async def _check_not_held(unit: Unit, account_id: str, role: Role, group_id: str) -> None:
    held = await unit.row(
        f"SELECT id FROM office WHERE account_id = ? AND role = ? AND group_id = ? AND {HELD}",
        account_id,
        role.value,
        group_id,
        unit.now,
        unit.now,
    )
    if held:
        raise Refusal("role-held", "They have this role already.")


async def end_office(unit: Unit, office_id: str, *, ended_by: str = "", why: str = "ended") -> None:
    """That role of that person is over; ending it twice changes nothing. Raises Refusal for the only admin."""
    row = await unit.row(
        "SELECT account_id, role, group_id FROM office WHERE id = ? AND ended_at IS NULL", office_id
    )
    if row is None:
        return
    role = Role(row["role"])
    if role is Role.ADMIN and await count_admins(unit, unit.now) == 1:
        raise Refusal("last-admin", "This is the only admin. Make somebody else an admin first.")
    if role is Role.ADMIN and ended_by not in ("", row["account_id"]) and why not in AGREED:
        raise Refusal(
            "two-officers", "Removing an admin takes two officers: ask for it on the page of roles."
        )
    await unit.execute(
        "UPDATE office SET ended_at = ?, ended_by = ?, why_ended = ? WHERE id = ?",
        unit.now,
        ended_by,
        why,
        office_id,
    )
    await _withdraw_links(unit, row["account_id"])
    unit.record(RoleEnded(office_id, row["account_id"], role, row["group_id"], ended_by, why))


async def _end_overdue(unit: Unit, new_office_id: str) -> None:
    # The term of an only admin was over and went on; now there is another one.
    rows = await unit.rows(
        "SELECT id FROM office WHERE role = 'admin' AND ended_at IS NULL AND ends_at <= ? AND id <> ?",
        unit.now,
        new_office_id,
    )
    for row in rows:
        await end_office(unit, row["id"], why="term")


async def end_offices(unit: Unit, account_id: str, *, ended_by: str = "", why: str = "left") -> None:
    """The account has no role any more."""
    rows = await unit.rows("SELECT id FROM office WHERE account_id = ? AND ended_at IS NULL", account_id)
    for row in rows:
        await end_office(unit, row["id"], ended_by=ended_by, why=why)


async def _withdraw_links(unit: Unit, account_id: str) -> None:
    # Whoever loses a role loses the invitations made with it.
    await unit.execute("DELETE FROM invitation WHERE used_at IS NULL AND made_by = ?", account_id)


def check_may_give(giver: Collection[Role], role: Role) -> None:
    """Raises Refusal when somebody with those roles may not give or end that one."""
    if not may_give(giver, role):
        raise Refusal("role-too-high", "You can only give roles that include no more than your own.")


async def find_roles(reads: Reads, account_id: str, now: datetime) -> frozenset[Role]:
    """The chapter-wide roles the account holds now."""
    rows = await reads.rows(
        f"SELECT role FROM office WHERE account_id = ? AND group_id = '' AND {HELD}", account_id, now, now
    )
    return frozenset(Role(row["role"]) for row in rows)


async def find_offices(reads: Reads, now: datetime) -> list[Row]:
    """Every office held now: id, account_id, role, group_id, begins_at, ends_at, given_by; by role, then by time."""
    return await reads.rows(
        "SELECT office.id, account_id, office.role, group_id, begins_at, ends_at, given_by FROM office "
        f"JOIN account ON account.id = office.account_id WHERE account.state = 'active' AND {HELD} "
        "ORDER BY office.role, begins_at, office.id",
        now,
        now,
    )


async def find_holders(reads: Reads, roles: Collection[Role], now: datetime) -> list[str]:
    """The accounts with any of those chapter-wide roles."""
    names = [role.value for role in roles]
    rows = await reads.rows(
        "SELECT DISTINCT account_id FROM office JOIN account ON account.id = office.account_id "
        f"WHERE account.state = 'active' AND office.group_id = '' AND office.role IN ({marks(len(names))}) AND {HELD}",
        *names,
        now,
        now,
    )
    return sorted(row["account_id"] for row in rows)


async def find_settled(reads: Reads, roles: Collection[Role], now: datetime) -> frozenset[str]:
    """Of them those who were made so by the server's shell, or a week ago: whoever counts where it takes two officers.

    Else one person, or one stolen session, could make a second officer of their own and agree with themselves.
    """
    names = [role.value for role in roles]
    rows = await reads.rows(
        "SELECT DISTINCT account_id FROM office JOIN account ON account.id = office.account_id "
        f"WHERE account.state = 'active' AND group_id = '' AND role IN ({marks(len(names))}) AND {HELD} "
        "AND (given_by = '' OR begins_at <= ?)",
        *names,
        now,
        now,
        now - SETTLED_AFTER,
    )
    return frozenset(row["account_id"] for row in rows)


def check_settled(settled: Collection[str], *account_ids: str) -> None:
    """Raises Refusal `too-new` when one of them is not among the settled officers."""
    if not set(account_ids) <= set(settled):
        raise Refusal(
            "too-new",
            "This takes two officers who have been so for a week, so that every member knows who they are.",
        )


async def count_admins(reads: Reads, now: datetime) -> int:
    """How many active admins there are."""
    return len(await find_holders(reads, (Role.ADMIN,), now))
