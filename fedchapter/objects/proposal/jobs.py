"""What happens to a vote by itself: new figures go out in batches, and it closes at its time.

Both run in the unit that marks them done, so each happens once, also with several workers and after a crash.
"""

from typing import Any

from ...jobs import job
from ...store import Unit
from . import service
from .draft import TallyMoved


@job(service.CLOSE_JOB)
async def close_vote(unit: Unit, payload: dict[str, Any]) -> None:
    """The vote is closed, counted, signed and announced."""
    await service.close(unit, payload["proposal"])


@job(service.TALLY_JOB)
async def send_tally(unit: Unit, payload: dict[str, Any]) -> None:
    """The figures go out, if the vote is still open: the close sends the last ones itself."""
    unit.record(TallyMoved(payload["proposal"]))


JOBS = (close_vote, send_tally)
