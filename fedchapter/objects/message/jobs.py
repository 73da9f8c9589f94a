"""Erasing what was sent: five days later nobody needs its bytes any more."""

from datetime import timedelta

from ...jobs import job, schedule
from ...jobs.schedule import Payload
from ...store import Unit
from . import service


@job(service.ERASE_JOB)
async def erase_sent(unit: Unit, payload: Payload) -> None:
    """The sent message is empty in the log, or this is tried again tomorrow."""
    uri = payload["uri"]
    if await service.erase_sent(unit, uri):
        return
    key = f"{service.ERASE_JOB}:{unit.new_id()}"
    await schedule(unit, service.ERASE_JOB, {"uri": uri}, due_at=unit.now + timedelta(days=1), key=key)


JOBS = (erase_sent,)
