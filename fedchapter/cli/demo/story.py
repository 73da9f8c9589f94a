"""The story in its order: people move in, and then the diary of two weeks is lived through."""

from collections.abc import Callable

from . import (
    announcements,
    board,
    conversations,
    events,
    groups,
    moderating,
    offices,
    persons,
    proposals,
    relations,
)
from .diary import in_order
from .people import welcome
from .stage import Stage

Say = Callable[[str], None]
STORY = (
    announcements,
    board,
    conversations,
    events,
    groups,
    moderating,
    offices,
    persons,
    proposals,
    relations,
)


async def tell(stage: Stage, say: Say) -> None:
    """Two weeks have passed in the three chapters; `say` hears how it goes."""
    say("people move in, chapters meet")
    await welcome(stage)
    told = 0
    for entry in in_order(STORY):
        moment = stage.day(entry.day, entry.hour, entry.minute)
        if entry.day != told:
            say(f"{moment:%A, %d %B}")
            told = entry.day
        await stage.at(moment)
        await entry.work(stage)
    await stage.come_to_now()
