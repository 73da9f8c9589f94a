"""The roll: who is a member, found by name, contact or skill, and by standing, joining, role.

Issue of members (a roll of 20,000: search and list under 10 ms CPU). Decision: names are stored folded beside how they
are written, and both engines read them from one index in its order; a page goes on where the last one ended.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..store import Row, marks
from ..store.kinds import Reads
from ..text import fold
from .offices import HELD
from .permissions import Role
from .personal import escaped

PAGE = 50
ACTIVE, LEFT = "active", "left"
GOOD, OVER, UNDATED = "good", "over", "undated"
STANDINGS = (GOOD, OVER, UNDATED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty fields ask for nothing. `today` is the chapter's day, for standing.

    With `names_only` the words are looked for in names: who may not see contacts must not guess them either.
    """

    today: date
    words: str = ""
    names_only: bool = False
    standing: str = ""
    joined_from_at: datetime | None = None
    role: Role | None = None
    group_id: str = ""
    state: str = ACTIVE


@dataclass(frozen=True, slots=True)
class Line:
    """One member on the roll. `contact` is the e-mail address or else a fediverse handle, perhaps nothing."""

    id: str
    display_name: str
    sort_name: str
    email: str
    contact: str
    created_at: datetime
    votes_from_at: datetime | None
    good_until: date | None
    left_at: datetime | None
    roles: tuple[Role, ...] = ()


_COLUMNS = "id, display_name, sort_name, email, created_at, votes_from_at, good_until, left_at"


async def find_lines(
    reads: Reads, wanted: Wanted, now: datetime, *, after: tuple[str, str] = ("", ""), limit: int = PAGE
) -> list[Line]:
    """Members by name, from behind `after` (sort_name and id of the last line of the page before)."""
    where, values = _conditions(wanted, now)
    rows = await reads.rows(
        f"SELECT {_COLUMNS} FROM account WHERE {where} AND (sort_name, id) > (?, ?) "
        f"ORDER BY sort_name, id LIMIT {limit}",
        *values,
        *after,
    )
    return await _to_lines(reads, rows, now)


async def count_lines(reads: Reads, wanted: Wanted, now: datetime) -> int:
    """How many there are altogether."""
    where, values = _conditions(wanted, now)
    row = await reads.row(f"SELECT count(*) AS total FROM account WHERE {where}", *values)
    return int(row["total"]) if row else 0


def _conditions(wanted: Wanted, now: datetime) -> tuple[str, list[Any]]:
    parts, values = ["state = ?"], [wanted.state]

    def add(part: str, *more: Any) -> None:
        parts.append(part)
        values.extend(more)

    if wanted.words.strip() and wanted.names_only:
        add("sort_name LIKE ? ESCAPE '\\'", f"%{escaped(fold(wanted.words))}%")
    elif wanted.words.strip():
        _add_words(wanted.words, add)
    if wanted.standing == GOOD:
        add("(good_until IS NULL OR good_until >= ?)", wanted.today)
    elif wanted.standing == OVER:
        add("good_until < ?", wanted.today)
    elif wanted.standing == UNDATED:
        add("good_until IS NULL")
    if wanted.joined_from_at is not None:
        add("created_at >= ?", wanted.joined_from_at)
    if wanted.role is not None:
        held = f"SELECT account_id FROM office WHERE office.role = ? AND {HELD}"
        add(f"id IN ({held})", wanted.role.value, now, now)
    if wanted.group_id:
        add(
            "id IN (SELECT account_id FROM group_member WHERE group_id = ? AND state = 'member')",
            wanted.group_id,
        )
    return " AND ".join(parts), values


def _add_words(words: str, add: Any) -> None:
    folded, plain = f"%{escaped(fold(words))}%", f"%{escaped(words.strip().lower())}%"
    # Each of the inner queries is asked once, not once for every member.
    add(
        "(sort_name LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\' "
        "OR id IN (SELECT account_id FROM identity WHERE lower(handle) LIKE ? ESCAPE '\\') "
        "OR id IN (SELECT account_id FROM skill WHERE folded LIKE ? ESCAPE '\\'))",
        folded,
        plain,
        plain,
        folded,
    )


async def _to_lines(reads: Reads, rows: list[Row], now: datetime) -> list[Line]:
    ids = [row["id"] for row in rows]
    handles, roles = await find_handles(reads, ids), await _find_roles(reads, ids, now)
    return [
        Line(**row, contact=row["email"] or handles.get(row["id"], ""), roles=tuple(roles.get(row["id"], ())))
        for row in rows
    ]


async def find_handles(reads: Reads, account_ids: list[str]) -> dict[str, str]:
    """The first fediverse handle of each who has one."""
    if not account_ids:
        return {}
    rows = await reads.rows(
        f"SELECT account_id, min(handle) AS handle FROM identity WHERE account_id IN ({marks(len(account_ids))}) "
        "GROUP BY account_id",
        *account_ids,
    )
    return {row["account_id"]: row["handle"] for row in rows}


async def _find_roles(reads: Reads, account_ids: list[str], now: datetime) -> dict[str, list[Role]]:
    if not account_ids:
        return {}
    rows = await reads.rows(
        f"SELECT DISTINCT account_id, role FROM office WHERE account_id IN ({marks(len(account_ids))}) AND {HELD} "
        "ORDER BY role",
        *account_ids,
        now,
        now,
    )
    found: dict[str, list[Role]] = {}
    for row in rows:
        found.setdefault(row["account_id"], []).append(Role(row["role"]))
    return found
