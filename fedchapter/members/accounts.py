"""Accounts: created by invitation, opened by name and password; argon2id in a thread, because it takes 50 ms.

operations.md §3 row D6 (generic errors, so that nobody learns who is a member); RFC 9106 (argon2id).
"""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ..errors import NotFound, Refusal
from ..store import Row, Unit
from ..store.kinds import Reads
from ..text import fold
from .offices import give_role
from .permissions import Role

PASSWORD_MIN = 10
PASSWORD_MAX = 1024
NAME_MAX = 100
# Invisible, and part of how names are written in Persian, Hindi and others.
_JOINERS = {0x200C: None, 0x200D: None}
_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A row of `account` without its password hash."""

    id: str
    display_name: str
    email: str
    state: str
    language: str
    invited_by: str
    created_at: datetime
    votes_from_at: datetime | None
    good_until: date | None
    handle: str | None


COLUMNS = (
    "id",
    "display_name",
    "email",
    "state",
    "language",
    "invited_by",
    "created_at",
    "votes_from_at",
    "good_until",
    "handle",
)
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM account"


def from_row(row: Row) -> AccountRow:
    """A row as an AccountRow."""
    return AccountRow(**row)


def check_display_name(name: str) -> str:
    """The name without surrounding spaces; raises Refusal."""
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MAX or not name.translate(_JOINERS).isprintable():
        raise Refusal(
            "display-name", "A name has 1 to %(max)s characters, without line breaks.", max=NAME_MAX
        )
    return name


def check_password(password: str) -> None:
    """Raises Refusal for a password too short or absurdly long."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise Refusal(
            "password",
            "A password has at least %(min)s characters. A few words are a good one.",
            min=PASSWORD_MIN,
        )


def normal_email(text: str) -> str:
    """The address in lower case, or empty; raises Refusal for what can't be one."""
    text = text.strip().lower()
    name, at, host = text.rpartition("@")
    if text and (
        not at or not name or "." not in host or len(text) > 254 or not text.isprintable() or " " in text
    ):
        raise Refusal("email", "This is not an e-mail address.")
    return text


async def create_account(
    unit: Unit,
    *,
    display_name: str,
    role: Role = Role.MEMBER,
    email: str = "",
    invited_by: str = "",
    votes_from_at: datetime | None = None,
) -> AccountRow:
    """The account exists, without a password, with that role besides; names are unique: one signs in by name."""
    display_name = check_display_name(display_name)
    await check_name_free(unit, display_name)
    account_id = unit.new_id()
    await unit.execute(
        "INSERT INTO account (id, display_name, sort_name, email, password, state, language, invited_by, created_at, "
        "votes_from_at) VALUES (?, ?, ?, ?, '', 'active', '', ?, ?, ?)",
        account_id,
        display_name,
        fold(display_name),
        normal_email(email),
        invited_by,
        unit.now,
        votes_from_at,
    )
    if role is not Role.MEMBER:
        await give_role(unit, account_id, role, given_by=invited_by)
    return await get_account(unit, account_id)


async def check_name_free(unit: Unit, display_name: str, *, but_for: str = "") -> None:
    """Raises Refusal when another member has that name: one signs in by it."""
    taken = await unit.row(
        "SELECT 1 AS yes FROM account WHERE sort_name = ? AND state = 'active' AND id <> ?",
        fold(display_name),
        but_for,
    )
    if taken:
        raise Refusal("name-taken", "Somebody here has that name already; add an initial.")


async def hash_password(password: str) -> str:
    """The argon2id hash, made in a thread and outside any unit of work; raises Refusal for a bad password."""
    check_password(password)
    return await asyncio.to_thread(_HASHER.hash, password)


async def set_password(unit: Unit, account_id: str, hashed: str) -> None:
    """The account opens with the password behind that hash, and every session of it has ended."""
    await unit.execute("UPDATE account SET password = ? WHERE id = ?", hashed, account_id)
    await unit.execute("DELETE FROM session WHERE account_id = ?", account_id)


async def find_account(reads: Reads, account_id: str) -> AccountRow | None:
    """The active account, or None."""
    row = await reads.row(f"{_SELECT} WHERE id = ? AND state = 'active'", account_id)
    return from_row(row) if row else None


async def get_account(reads: Reads, account_id: str) -> AccountRow:
    """The active account; raises NotFound."""
    found = await find_account(reads, account_id)
    if found is None:
        raise NotFound
    return found


async def find_accounts(reads: Reads) -> list[AccountRow]:
    """Everybody who is active, by name."""
    rows = await reads.rows(f"{_SELECT} WHERE state = 'active' ORDER BY lower(display_name)")
    return [from_row(row) for row in rows]


async def open_account(reads: Reads, name_or_email: str, password: str) -> AccountRow | None:
    """The account that this name (or e-mail) and password open, or None; takes the same time either way."""
    email = " ".join(name_or_email.lower().split())
    row = await reads.row(
        f"{_SELECT.replace('FROM', ', password FROM')} WHERE (sort_name = ? OR (email <> '' AND email = ?)) "
        # An address before a name: nobody locks another out by calling themselves as that one's address.
        "AND state = 'active' AND password <> '' ORDER BY CASE WHEN email = ? THEN 0 ELSE 1 END, created_at LIMIT 1",
        fold(name_or_email),
        email,
        email,
    )
    # Always made ready, so that both answers take the same time, the first one too.
    nobody = await asyncio.to_thread(_nobody)
    hashed = row.pop("password") if row else nobody
    if not await asyncio.to_thread(_matches, hashed, password[:PASSWORD_MAX]) or row is None:
        return None
    return from_row(row)


@cache
def _nobody() -> str:
    """What a password is compared with when there is no such account; not made at import, which would cost 64 MB."""
    return _HASHER.hash("nobody has this password")


def _matches(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
