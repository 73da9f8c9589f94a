"""The end of an entry, sixty days after it was posted or last changed; and of what was sent about it."""

from ...federation.publish import erase_sent
from ...jobs import job
from ...jobs.schedule import Payload
from ...store import Unit
from . import service


@job(service.OVER_JOB)
async def over(unit: Unit, payload: Payload) -> None:
    """An entry whose time is over is erased."""
    await service.expire(unit, payload["entry"])


@job(service.SENT_JOB)
async def forget_sent(unit: Unit, payload: Payload) -> None:
    """What was written to somebody of a sister chapter does not stay in our log."""
    await erase_sent(unit, payload["uri"])


JOBS = (over, forget_sent)
