"""Work of events that is put off: deleting the files of pictures that nothing uses any more."""

from ...house import House
from ...jobs.schedule import Payload, outside_job
from .service.pictures import FILES_JOB


@outside_job(FILES_JOB)
async def delete_files(house: House, payload: Payload) -> None:
    """Files whose rows are gone; deleting one twice does no harm."""
    for name in payload["names"]:
        await house.shelf.delete(name)


JOBS = (delete_files,)
