"""Once a day moderators hear how much waits, if anything does: numbers, never contents.

operations.md §1.5 (ten minutes a day). Nobody else hears of what is held. The job plans itself anew while something
waits, and is planned by the first that waits after a day without.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ...jobs import job, schedule
from ...members import Permission
from ...notices import Notice, find_staff, tell
from ...store import Unit, publishes
from ...store.choices import find_choices
from ...words import mark
from ..desk import Waits

JOB = "queue-digest"
CHOICE = "queue_digest_hour"
NEVER = "never"


@publishes(Waits)
async def plan(unit: Unit, happening: Waits) -> None:
    """The next digest is planned."""
    await plan_digest(unit)


async def plan_digest(unit: Unit) -> None:
    """The next digest is planned, once however often this is called."""
    choices = await find_choices(unit)
    hour = choices[CHOICE]
    if hour == NEVER:
        return
    due_at = next_at(unit.now, choices["timezone"], int(hour))
    if await unit.row("SELECT id FROM desk_item WHERE state = 'open' LIMIT 1") is None:
        return
    await schedule(unit, JOB, {}, due_at=due_at, key=f"{JOB}:{due_at:%Y-%m-%dT%H}")


def next_at(now: datetime, zone: str, hour: int) -> datetime:
    """The next moment at that hour in that zone."""
    local = now.astimezone(ZoneInfo(zone))
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return (today if today > local else today + timedelta(days=1)).astimezone(now.tzinfo)


@job(JOB)
async def digest(unit: Unit, payload: dict[str, Any]) -> None:
    """Moderators are told how many things wait in how many groups; nobody is told of nothing."""
    row = await unit.row(
        "SELECT count(*) AS total, count(DISTINCT group_key) AS group_total FROM desk_item WHERE state = 'open'"
    )
    if row is None or not row["total"]:
        return
    await plan_digest(unit)
    notice = Notice(
        "moderation",
        f"{JOB}:{unit.now:%Y-%m-%d}",
        mark("The queue of moderators has %(count)s things, to be decided in %(groups)s groups."),
        "/admin/queue",
        {"count": str(row["total"]), "groups": str(row["group_total"])},
    )
    await tell(unit, notice, to=await find_staff(unit, Permission.MODERATE))


JOBS = (digest,)
