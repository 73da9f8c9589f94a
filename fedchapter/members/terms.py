"""What happens in the house of offices by the clock: terms end, recalls close.

jobs: each runs in the unit that marks it done, so it happens once.
"""

from typing import Any

from ..errors import Refusal
from ..jobs import job
from ..store import Unit
from .offices import TERM_JOB, end_office
from .recalls import CLOSE_JOB, close_recall


@job(TERM_JOB)
async def end_term(unit: Unit, payload: dict[str, Any]) -> None:
    """The office whose term is over has ended; the only admin's goes on, and is looked at again by the next change."""
    try:
        await end_office(unit, payload["office_id"], why="term")
    except Refusal:
        return


@job(CLOSE_JOB)
async def close(unit: Unit, payload: dict[str, Any]) -> None:
    """The recall is decided."""
    await close_recall(unit, payload["recall_id"])


JOBS = (end_term, close)
