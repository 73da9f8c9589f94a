"""What is sent and not kept: once it has arrived, nobody needs its words here any more.

DESIGN §2 (bodies of votes and of answers to events are erased once processed): the same for those that we send.
"""

from datetime import timedelta

from ..jobs import job, schedule
from ..jobs.schedule import Payload
from ..store import Unit

JOB = "erase-activity"
FIRST_LOOK, NEXT_LOOK = timedelta(hours=1), timedelta(hours=12)


async def erase_once_sent(unit: Unit, activity_uri: str) -> None:
    """Soon after its last delivery has ended, the activity's body is erased from the log of what we sent."""
    await _look_again(unit, activity_uri, FIRST_LOOK)


@job(JOB)
async def erase(unit: Unit, payload: Payload) -> None:
    """The body is erased, or this is tried again while a delivery is still on its way."""
    uri = payload["uri"]
    waits = await unit.row(
        "SELECT 1 AS yes FROM delivery JOIN outbox_item ON outbox_item.id = delivery.outbox_id "
        "WHERE outbox_item.uri = ? AND delivery.state = 'due' LIMIT 1",
        uri,
    )
    if waits is not None:
        await _look_again(unit, uri, NEXT_LOOK)
        return
    await unit.execute("UPDATE outbox_item SET body = '' WHERE uri = ?", uri)


async def _look_again(unit: Unit, uri: str, after: timedelta) -> None:
    # A key of its own for each look: a job that has run is not run again.
    due_at = unit.now + after
    await schedule(unit, JOB, {"uri": uri}, due_at=due_at, key=f"{JOB}:{unit.new_id()}")


JOBS = (erase,)
