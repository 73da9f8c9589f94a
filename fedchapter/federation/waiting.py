"""Deliveries as admins see them: what waits, what was given up, and trying it again now."""

from ..store import Row, Unit
from ..store.kinds import Reads
from .deliver import LOOP

_SELECT = """
SELECT delivery.id, delivery.inbox, delivery.host, delivery.state, delivery.attempts, delivery.status, delivery.reason,
    delivery.created_at, delivery.due_at, delivery.ended_at, outbox_item.verb, outbox_item.kind, outbox_item.uri,
    outbox_item.object_uri
FROM delivery JOIN outbox_item ON outbox_item.id = delivery.outbox_id
"""


async def find_waiting(reads: Reads, limit: int) -> list[Row]:
    """Deliveries still to be made, the next one first."""
    return await reads.rows(f"{_SELECT} WHERE delivery.state = 'due' ORDER BY delivery.due_at LIMIT ?", limit)


async def find_failed(reads: Reads, limit: int) -> list[Row]:
    """Deliveries that were refused or given up, newest first."""
    return await reads.rows(
        f"{_SELECT} WHERE delivery.state IN ('refused', 'gave-up') ORDER BY delivery.id DESC LIMIT ?", limit
    )


async def count_by_state(reads: Reads) -> dict[str, int]:
    """How many deliveries are in each state."""
    rows = await reads.rows("SELECT state, count(*) AS total FROM delivery GROUP BY state ORDER BY state")
    return {row["state"]: int(row["total"]) for row in rows}


async def retry_now(unit: Unit, host: str = "", *, given_up: bool = True) -> int:
    """What waits (and, if `given_up`, what was given up) is due now, on one host or on all; returns how many.

    The hosts rest no longer. What a server refused stays refused: it would refuse it again. What is due within a lease
    may be under way in a worker, which would send it a second time.
    """
    where, values = ("AND host = ?", (host,)) if host else ("", ())
    over = "state = 'gave-up' OR " if given_up else ""
    retried = await unit.execute(
        "UPDATE delivery SET state = 'due', due_at = ?, "
        "created_at = CASE WHEN state = 'due' THEN created_at ELSE ? END, "
        "attempts = CASE WHEN state = 'due' THEN attempts ELSE 0 END, ended_at = NULL "
        f"WHERE ({over}(state = 'due' AND due_at > ?)) {where}",
        unit.now,
        unit.now,
        unit.now + unit.settings.lease,
        *values,
    )
    await unit.execute(
        f"UPDATE peer SET resting_until_at = NULL WHERE resting_until_at IS NOT NULL {where}", *values
    )
    unit.wake(LOOP)
    return retried
