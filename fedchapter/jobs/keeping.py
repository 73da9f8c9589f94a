"""How long work that was done is remembered."""

from datetime import datetime

from ..store import Unit
from ..store.retention import Kept, Step, erase_some
from ..words import mark

DONE_DAYS = 7


async def erase_done(unit: Unit, before: datetime, after: str) -> Step:
    """Work that ended before then is forgotten, what failed too."""
    done = await erase_some(unit, "job", "state = 'done' AND due_at < ?", before)
    failed = await erase_some(unit, "job", "state = 'failed' AND due_at < ?", before)
    return Step(done.erased + failed.erased, done.after or failed.after)


KEPT = (
    Kept(
        "jobs",
        mark("Work that was done by the clock"),
        mark("So that nothing is done twice, and admins see what failed."),
        ("job",),
        erase_done,
        days=DONE_DAYS,
    ),
)
