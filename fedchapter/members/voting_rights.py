"""From when on somebody new may vote, so that a vote cannot be won by people who join for it.

decisions.md §1 (a waiting time, thirty days unless the chapter chose another). Whoever joins in the first thirty days
of a chapter founds it, and votes at once.
"""

from datetime import datetime, timedelta

from ..actors import find_actor
from ..store import Unit
from ..store.choices import find_choice

FOUNDING = timedelta(days=30)
WAIT_DAYS_MAX = 365


async def find_votes_from(unit: Unit) -> datetime | None:
    """When somebody who joins now may vote; None: at once."""
    chapter = await find_actor(unit, unit.settings.chapter_uri)
    if chapter is None or chapter.published_at is None or unit.now < chapter.published_at + FOUNDING:
        return None
    days = to_days(await find_choice(unit, "voting_wait_days"))
    return unit.now + timedelta(days=days) if days else None


def to_days(text: str) -> int:
    """The waiting time in days; raises ValueError for what is none."""
    days = int(text)
    if not 0 <= days <= WAIT_DAYS_MAX:
        raise ValueError(text)
    return days
