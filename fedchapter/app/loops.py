"""The worker loops: they sleep until woken or for a moment, work off what is due, and survive their own bugs.

DESIGN §6.7: bugs are caught at the two loops only, the request's and this one.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from ..house import House

log = structlog.get_logger()
POLL_S = 1.0
AFTER_BUG_S = 5.0
Work = Callable[[], Awaitable[int]]
Pause = Callable[[], Awaitable[None]]


async def run_loop(house: House, name: str, work: Work, pause: Pause | None = None) -> None:
    """Works for ever; `pause` is awaited between rounds that found something, the event or the poll otherwise."""
    event = house.wakes.setdefault(name, asyncio.Event())
    while True:
        event.clear()
        try:
            worked = await work()
            if pause is not None:
                await pause()
        except Exception as error:
            log.error("worker-loop-failed", loop=name, exc_info=error)
            await asyncio.sleep(AFTER_BUG_S)
            continue
        if not worked:
            await _wait(event)


async def _wait(event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(POLL_S):
            await event.wait()
    except TimeoutError:
        return
