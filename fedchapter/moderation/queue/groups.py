"""Reading the queue: which groups wait, gravest first, and what each looks like at a glance.

Bench: 20,000 waiting items cost one query over an index that holds all it needs (tests/bench/queue.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from ...store import Row, marks
from ...store.kinds import Reads
from ..grouping import members_of
from .claims import LASTS

PER_PAGE = 20
PAGES_MAX = 500
_ITEM = (
    "id, sort, subject_uri, actor_uri, host, gravity, group_key, rule, reason, evidence, state, outcome, text_hash, "
    "exact_hash, opened_at, expires_at, closed_at"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which groups: of one sort, one host, claimed by `mine` (an account id), or claimed by nobody."""

    sort: str = ""
    host: str = ""
    mine: str = ""
    unclaimed: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its gravest item (the newest of them) speaks for it; `authors` and `hosts` are how many there are."""

    key: str
    gravity: int
    total: int
    since_at: datetime
    lead: Row
    authors: int = 1
    hosts: int = 1


async def find_groups(reads: Reads, wanted: Wanted, now: datetime) -> tuple[list[Group], bool]:
    """One page of groups, gravest first, then those that wait longest; and whether there are more."""
    where, values = _conditions(wanted, now)
    rows = await reads.rows(
        "SELECT group_key, max(gravity) AS gravity, count(*) AS total, min(opened_at) AS since_at FROM desk_item "
        f"WHERE {where} GROUP BY group_key ORDER BY max(gravity) DESC, min(opened_at), group_key LIMIT ? OFFSET ?",
        *values,
        PER_PAGE + 1,
        (wanted.page - 1) * PER_PAGE,
    )
    shown = rows[:PER_PAGE]
    leads = await _find_leads(reads, [row["group_key"] for row in shown])
    spread = await _find_spread(reads, [row["group_key"] for row in shown if row["total"] > 1])
    groups = [
        Group(
            row["group_key"],
            row["gravity"],
            row["total"],
            row["since_at"],
            leads[row["group_key"]],
            *spread.get(row["group_key"], (1, 1)),
        )
        for row in shown
        # Somebody decided between the two queries.
        if row["group_key"] in leads
    ]
    return groups, len(rows) > PER_PAGE


def _conditions(wanted: Wanted, now: datetime) -> tuple[str, list[Any]]:
    where, values = ["state = 'open'"], list[Any]()
    if wanted.sort:
        where.append("sort = ?")
        values.append(wanted.sort)
    if wanted.host:
        where.append("host = ?")
        values.append(wanted.host)
    if wanted.mine:
        where.append(
            "group_key IN (SELECT group_key FROM desk_claim WHERE account_id = ? AND claimed_at > ?)"
        )
        values += [wanted.mine, now - LASTS]
    if wanted.unclaimed:
        where.append("group_key NOT IN (SELECT group_key FROM desk_claim WHERE claimed_at > ?)")
        values.append(now - LASTS)
    return " AND ".join(where), values


async def _find_leads(reads: Reads, keys: Sequence[str]) -> dict[str, Row]:
    if not keys:
        return {}
    wanted = " UNION ALL ".join(["SELECT ? AS wanted_key"] * len(keys))
    rows = await reads.rows(
        f"SELECT {_ITEM} FROM desk_item WHERE id IN (SELECT (SELECT one.id FROM desk_item AS one "
        "WHERE one.state = 'open' AND one.group_key = asked.wanted_key "
        f"ORDER BY one.gravity DESC, one.opened_at DESC LIMIT 1) FROM ({wanted}) AS asked)",
        *keys,
    )
    return {row["group_key"]: row for row in rows}


async def _find_spread(reads: Reads, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    if not keys:
        return {}
    rows = await reads.rows(
        "SELECT group_key, count(DISTINCT actor_uri) AS authors, count(DISTINCT host) AS hosts FROM desk_item "
        f"WHERE state = 'open' AND group_key IN ({marks(len(keys))}) GROUP BY group_key",
        *keys,
    )
    return {row["group_key"]: (row["authors"], row["hosts"]) for row in rows}


async def find_items(reads: Reads, group_key: str, page: int) -> tuple[list[Row], bool]:
    """The open items of a group, gravest first, then oldest; and whether there are more."""
    condition, value = members_of(group_key)
    rows = await reads.rows(
        f"SELECT {_ITEM} FROM desk_item WHERE state = 'open' AND {condition} "
        "ORDER BY gravity DESC, opened_at, id LIMIT ? OFFSET ?",
        value,
        PER_PAGE + 1,
        (page - 1) * PER_PAGE,
    )
    return rows[:PER_PAGE], len(rows) > PER_PAGE


async def find_item(reads: Reads, sort: str, subject_uri: str) -> Row | None:
    """That item, whatever its state, or None."""
    return await reads.row(
        f"SELECT {_ITEM} FROM desk_item WHERE sort = ? AND subject_uri = ?", sort, subject_uri
    )


async def find_hosts(reads: Reads, group_key: str, limit: int = 10) -> list[Row]:
    """From which servers the open items of a group come (host, total), most first."""
    condition, value = members_of(group_key)
    return await reads.rows(
        f"SELECT host, count(*) AS total FROM desk_item WHERE state = 'open' AND {condition} AND host <> '' "
        "GROUP BY host ORDER BY count(*) DESC, host LIMIT ?",
        value,
        limit,
    )


async def count_held(reads: Reads, group_key: str, now: datetime) -> int:
    """How many posts of the group wait, of those that had come by then."""
    condition, value = members_of(group_key)
    row = await reads.row(
        f"SELECT count(*) AS total FROM desk_item WHERE state = 'open' AND sort = 'held' AND {condition} "
        "AND opened_at <= ?",
        value,
        now,
    )
    return int(row["total"]) if row else 0


async def count_sorts(reads: Reads) -> dict[str, int]:
    """How many items wait, by sort."""
    rows = await reads.rows(
        "SELECT sort, count(*) AS total FROM desk_item WHERE state = 'open' GROUP BY sort"
    )
    return {row["sort"]: row["total"] for row in rows}


def read_evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the item keeps of its post; empty where nothing is kept (any more)."""
    return dict(msgspec.json.decode(row["evidence"])) if row["evidence"] else {}
