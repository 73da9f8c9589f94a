"""What a worker plans when it starts: the daily round of sister chapters and the daily count."""

import structlog

from ..house import House
from .lists.sisters import plan_round
from .transparency.counts import plan_count

log = structlog.get_logger()


async def begin(house: House) -> None:
    """Both are planned, once however often this is called."""
    try:
        await house.database.in_unit(plan_round)
        await house.database.in_unit(plan_count)
    except Exception as error:
        # A task of its own that nobody awaits: DESIGN §6.7.
        log.error("moderation-begin-failed", exc_info=error)
