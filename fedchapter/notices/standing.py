"""Before somebody's standing ends they hear of it, once, while there is time to renew it.

Issue of members (standing is a good-until date). Decision: one job for a day and none for a person, because whom a job
concerns would stand in the list of jobs.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from ..jobs import job, schedule
from ..members.standing import StandingSet, find_ending, find_zone, needs_standing
from ..store import Unit, publishes
from ..words import mark
from .draft import Notice
from .readers import PORTION
from .tell import tell

JOB = "standing-ends"
BEFORE, HOUR = timedelta(days=14), time(9)
PAGE = "/me/data"
ENDS = mark("Your good standing here ends on %(when)s. Whoever looks after dues tells you how to renew it.")
ENDS_WITH_VOTE = mark(
    "Your good standing here ends on %(when)s, and with it your right to vote. Whoever looks after dues tells you how "
    "to renew it."
)


@publishes(StandingSet)
async def standing_set(unit: Unit, happening: StandingSet) -> None:
    """Two weeks before each of those days, or now where that is past, those whom it concerns then are told."""
    zone = await find_zone(unit)
    for day in sorted(happening.days):
        due_at = datetime.combine(day - BEFORE, HOUR, zone).astimezone(unit.now.tzinfo)
        if due_at > unit.now:
            await _plan(unit, day, due_at, key=day.isoformat())
        elif day >= unit.now.astimezone(zone).date():
            # The day's own job has run perhaps; whoever was told by it is not told again.
            await _plan(unit, day, unit.now, key=unit.new_id())


async def _plan(unit: Unit, day: date, due_at: datetime, *, key: str, after: str = "") -> None:
    payload = {"day": day.isoformat(), "after": after}
    await schedule(unit, JOB, payload, due_at=due_at, key=f"{JOB}:{key}")


@job(JOB)
async def tell_ending(unit: Unit, payload: dict[str, Any]) -> None:
    """The next portion of those whose standing still ends on that day has heard it."""
    day = date.fromisoformat(payload["day"])
    accounts = await find_ending(unit, day, after=payload["after"], limit=PORTION)
    text = ENDS_WITH_VOTE if await needs_standing(unit) else ENDS
    # It ends with the day, by the chapter's clock.
    when = datetime.combine(day, time(23, 59), await find_zone(unit))
    await tell(unit, Notice("account", f"{JOB}:{day}", text, PAGE, {"when": when}), to=accounts)
    if len(accounts) == PORTION:
        await _plan(unit, day, unit.now, key=unit.new_id(), after=accounts[-1])


JOBS = (tell_ending,)
