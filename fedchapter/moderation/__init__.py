"""Moderation: what waits for a moderator's eyes, and the log of what was decided.

May import web, federation, house, policy, members, actors, store and below; never an object type. Decision: whatever
is held is a known_object row, so the queue needs to know no type, and a new kind of thing is in it from its first day.
Every decision is a row that is never changed; undoing one is another row.
"""

from types import ModuleType
from typing import Any

from ..house import Door
from . import (
    actions,
    asking,
    lists,
    log_pages,
    looking,
    member_pages,
    pausing,
    second_pages,
    strike_pages,
    transparency,
    waves,
)
from .private import GivenAway, hide_private
from .queue import arrival, digest, expiry, group_page
from .queue import pages as queue_pages
from .rules import pages as rules_pages

# What listens to happenings (`@publishes`), and the scheduled work of this room; `app` installs both.
# Waves come first: what was shown is held before it is put into the queue.
LISTENERS: tuple[ModuleType, ...] = (pausing, waves, arrival, digest, expiry)
JOBS: tuple[Any, ...] = (
    *actions.JOBS,
    *pausing.JOBS,
    *asking.JOBS,
    *arrival.JOBS,
    *digest.JOBS,
    *expiry.JOBS,
    *lists.JOBS,
    *transparency.JOBS,
)


def doors() -> list[Door]:
    """All doors of the room."""
    return [
        *queue_pages.doors(),
        *group_page.doors(),
        *log_pages.doors(),
        *looking.doors(),
        *second_pages.doors(),
        *member_pages.doors(),
        *strike_pages.doors(),
        *rules_pages.doors(),
        *lists.doors(),
        *transparency.doors(),
    ]


__all__ = ["JOBS", "LISTENERS", "GivenAway", "doors", "hide_private"]
