"""An admin has no patience: everything that waits for one host is due now.

wire.md §1.6 (a rested host is otherwise woken only by time or by a message from it).
"""

from ..store import Unit
from .deliver import LOOP


async def retry_now(unit: Unit, host: str) -> int:
    """The host rests no more, and its waiting deliveries are due; returns how many were put forward."""
    await unit.execute("UPDATE peer SET resting_until_at = NULL WHERE host = ?", host)
    # What is due within a lease may be under way in a worker, which would send it a second time.
    changed = await unit.execute(
        "UPDATE delivery SET due_at = ? WHERE host = ? AND state = 'due' AND due_at > ?",
        unit.now,
        host,
        unit.now + unit.settings.lease,
    )
    unit.wake(LOOP)
    return changed
