"""What waits for a moderator: opening and closing items of the one queue; the only writer of desk_item rows.

operations.md §1.4 (hold, group, decide by group), §1.2 (evidence as it was at arrival).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from ..store import Known, Unit
from .evidence import exact_hash, text_hash

HELD, REPORT, APPEAL = "held", "report", "appeal"
OPEN, CLOSED, EXPIRED = "open", "closed", "expired"


@dataclass(frozen=True, slots=True)
class Waits:
    """Something waits for a moderator from now on; unseen after `expires_at` it goes by itself."""

    sort: str
    subject_uri: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Opening:
    """What shall wait. `sort` is held, report or appeal; `subject_uri` the post, or the id of the report or appeal;
    `gravity` 0 to 100; items of one `group_key` are decided together (empty: by itself); `evidence` holds title, note,
    html, pictures and whatever else shows what it was; unseen after `expires_at` it goes by itself. `known` is the post
    as it is now, where it is one: copies of its words are found by it, and whether it was edited since."""

    sort: str
    subject_uri: str
    gravity: int
    reason: str
    actor_uri: str = ""
    host: str = ""
    group_key: str = ""
    rule: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None
    known: Known | None = None


async def open_item(unit: Unit, opening: Opening) -> str:
    """It waits; what was closed about the same subject waits again, with the evidence of now. Returns the id."""
    item_id = unit.new_id()
    rows = await unit.rows(
        "INSERT INTO desk_item (id, sort, subject_uri, actor_uri, host, gravity, group_key, rule, reason, evidence, "
        "state, outcome, text_hash, exact_hash, opened_at, expires_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', '', ?, ?, ?, ?) "
        "ON CONFLICT (sort, subject_uri) DO UPDATE SET gravity = excluded.gravity, group_key = excluded.group_key, "
        "rule = excluded.rule, reason = excluded.reason, evidence = excluded.evidence, state = 'open', outcome = '', "
        "text_hash = excluded.text_hash, exact_hash = excluded.exact_hash, opened_at = excluded.opened_at, "
        "expires_at = excluded.expires_at, closed_at = NULL RETURNING id",
        item_id,
        opening.sort,
        opening.subject_uri,
        opening.actor_uri,
        opening.host,
        opening.gravity,
        (opening.group_key or item_id)[:128],
        opening.rule[:64],
        opening.reason,
        msgspec.json.encode(dict(opening.evidence)).decode(),
        text_hash(opening.known) if opening.known else "",
        exact_hash(opening.known) if opening.known else "",
        unit.now,
        opening.expires_at,
    )
    unit.record(Waits(opening.sort, opening.subject_uri, opening.expires_at))
    return str(rows[0]["id"])


async def close_item(unit: Unit, *, sort: str, subject_uri: str, outcome: str) -> bool:
    """It does not wait any more; False when it did not."""
    closed = await unit.execute(
        "UPDATE desk_item SET state = 'closed', outcome = ?, closed_at = ? "
        "WHERE sort = ? AND subject_uri = ? AND state = 'open'",
        outcome,
        unit.now,
        sort,
        subject_uri,
    )
    return closed > 0


async def reopen_item(unit: Unit, *, sort: str, subject_uri: str) -> bool:
    """What was decided about it was undone: it waits again, as it did; False when it is not there."""
    opened = await unit.execute(
        "UPDATE desk_item SET state = 'open', outcome = '', closed_at = NULL "
        "WHERE sort = ? AND subject_uri = ? AND state <> 'open'",
        sort,
        subject_uri,
    )
    return opened > 0
