"""Work of announcements that is put off: publishing at a set time, and deleting pictures that nothing uses."""

from ...house import House
from ...jobs.schedule import Payload, job, outside_job
from ...store import Unit
from . import service
from .service.write import FILES_JOB, PUBLISH_JOB, UNUSED_JOB


@job(PUBLISH_JOB)
async def publish(unit: Unit, payload: Payload) -> None:
    """A scheduled announcement's time has come."""
    await service.publish_due(unit, payload["id"])


@job(UNUSED_JOB)
async def drop_unused(unit: Unit, payload: Payload) -> None:
    """A picture was added to an announcement that never came."""
    await service.drop_unused(unit, payload["id"])


@outside_job(FILES_JOB)
async def delete_files(house: House, payload: Payload) -> None:
    """Files whose rows are gone; deleting one twice does no harm."""
    for name in payload["names"]:
        await house.shelf.delete(name)


JOBS = (publish, drop_unused, delete_files)
