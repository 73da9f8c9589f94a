"""What happens by itself: telling a member elsewhere that something waits, and erasing what was sent.

Five days later nobody needs the bytes of a message any more.
"""

from datetime import timedelta

from ...errors import PeerFailed, PeerRefused
from ...federation.fetch import find_or_fetch_actor
from ...house import House
from ...jobs import job, outside_job, schedule
from ...jobs.schedule import Payload
from ...notices.errands import BRING_MESSAGE
from ...notices.messages import Ping, drop_errand, find_ping, note_sent, put_off_errand
from ...store import Unit
from . import service
from .draft import PingWanted


@job(service.ERASE_JOB)
async def erase_sent(unit: Unit, payload: Payload) -> None:
    """The sent message is empty in the log, or this is tried again tomorrow."""
    uri = payload["uri"]
    if await service.erase_sent(unit, uri):
        return
    key = f"{service.ERASE_JOB}:{unit.new_id()}"
    await schedule(unit, service.ERASE_JOB, {"uri": uri}, due_at=unit.now + timedelta(days=1), key=key)


@outside_job(BRING_MESSAGE)
async def carry(house: House, payload: Payload) -> None:
    """The message is on its way, is not needed any more, or is tried again later; no log says to whom."""
    errand_id = payload["errand_id"]
    ping = await find_ping(
        house.database,
        errand_id,
        now=house.clock.now(),
        origin=house.settings.origin,
        language=await house.database.language(),
    )
    known = ping is not None and await _is_there(house, ping)
    async with house.database.unit() as unit:
        if ping is not None and known is None:
            await put_off_errand(unit, errand_id)
        elif ping is None or not known:
            await drop_errand(unit, errand_id)
        elif await note_sent(unit, errand_id):
            unit.record(PingWanted(ping.actor_uri, ping.text, ping.url, ping.language))


async def _is_there(house: House, ping: Ping) -> bool | None:
    """Whether the account can be written to; None when its server did not answer."""
    try:
        actor = await find_or_fetch_actor(house, ping.actor_uri)
    except PeerRefused:
        return False
    except PeerFailed:
        return None
    return actor.state == "active" and not actor.local


JOBS = (erase_sent, carry)
