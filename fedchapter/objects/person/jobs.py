"""What is put off when a handle was given up: forgetting what was written under it, and its keys."""

from datetime import timedelta

from ...jobs import job, schedule
from ...jobs.schedule import Payload
from ...store import Unit
from . import service


@job(service.FORGET_JOB)
async def forget_things(unit: Unit, payload: Payload) -> None:
    """Some of what the person wrote is forgotten."""
    await service.forget_things(unit, payload["uri"])


@job(service.KEYS_JOB)
async def forget_keys(unit: Unit, payload: Payload) -> None:
    """The keys are erased, or this is tried again tomorrow."""
    uri = payload["uri"]
    if await service.forget_keys(unit, uri):
        return
    key = f"{service.KEYS_JOB}:{unit.new_id()}"
    await schedule(unit, service.KEYS_JOB, {"uri": uri}, due_at=unit.now + timedelta(days=1), key=key)


JOBS = (forget_things, forget_keys)
