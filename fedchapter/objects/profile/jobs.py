"""Work put off about actors: forgetting the posts of somebody who is gone, and accounts that answered 410."""

from ...federation.fetch import GONE_JOB
from ...jobs import job
from ...jobs.schedule import Payload
from ...store import Unit
from . import service


@job(service.FORGET_JOB)
async def forget_posts(unit: Unit, payload: Payload) -> None:
    """Some of the posts of an actor that is gone are forgotten."""
    await service.forget_posts(unit, payload["actor_id"], payload["uri"])


@job(GONE_JOB)
async def actor_gone(unit: Unit, payload: Payload) -> None:
    """An actor answered 410 Gone when it was asked for."""
    await service.receive_gone(unit, payload["uri"])


JOBS = (forget_posts, actor_gone)
