"""What only a score held, and nobody looked at, goes by itself when its time is over; everything else waits.

operations.md §1.4 (hold with expiry, or the queue of a wave is never empty). It is hidden as if refused, and
the log says which rule did it, so it can come back until what is no longer needed is erased (moderation.keeping).
"""

from datetime import timedelta
from typing import Any

from ...jobs import job, schedule
from ...store import Unit, marks, publishes
from ...store.kinds import find_where
from ...words import mark
from ..audit import Judge
from ..deciding import EXPIRED, hide_held
from ..desk import HELD as HELD_ITEM
from ..desk import Waits

JOB, STEP = "expire-unseen", 500
RULE = mark("expired unseen")


@publishes(Waits)
async def plan(unit: Unit, happening: Waits) -> None:
    """It will be looked at in the hour after its time is over."""
    if happening.expires_at is None:
        return
    due_at = happening.expires_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    await schedule(unit, JOB, {}, due_at=due_at, key=f"{JOB}:{due_at:%Y-%m-%dT%H}")


@job(JOB)
async def expire(unit: Unit, payload: dict[str, Any]) -> None:
    """What is over its time is hidden, some at a time; undone in one go."""
    rows = await unit.rows(
        "SELECT id, subject_uri FROM desk_item WHERE state = 'open' AND expires_at <= ? AND sort = ? "
        "ORDER BY expires_at LIMIT ?",
        *(unit.now, HELD_ITEM, STEP),
    )
    if not rows:
        return
    uris = [row["subject_uri"] for row in rows]
    held = await find_where(unit, f"uri IN ({marks(len(uris))}) AND state = 'held' ORDER BY uri", *uris)
    await hide_held(unit, held, Judge("", rule=RULE, batch=unit.new_id()), what=EXPIRED)
    await unit.execute(
        "UPDATE desk_item SET state = 'expired', outcome = ?, closed_at = ?, expires_at = NULL "
        f"WHERE id IN ({marks(len(rows))})",
        EXPIRED,
        unit.now,
        *(row["id"] for row in rows),
    )
    if len(rows) == STEP:
        await schedule(unit, JOB, {}, due_at=unit.now, key=f"{JOB}:{unit.new_id()}")


JOBS = (expire,)
