"""Entries of the story: what happens on which day, written in any order, told in the order of time."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import ModuleType

from .stage import Stage

Work = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Entry:
    """What happens `day` days from today (negative: before), at that time of day in UTC."""

    day: int
    hour: int
    minute: int
    work: Work


def flow(text: str) -> str:
    """The text with each paragraph and list item on one line: in Markdown as written here, a line end is a break."""
    return re.sub(r"(?<=\S)\n(?: {2})?(?=[^\s\-#>\d])", " ", text)


def on(day: int, hour: int, minute: int = 0) -> Callable[[Work], Entry]:
    """Makes an entry of a function."""
    return lambda work: Entry(day, hour, minute, work)


def in_order(modules: Iterable[ModuleType]) -> list[Entry]:
    """All entries of the modules, by time."""
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Entry)]
    return sorted(found, key=lambda entry: (entry.day, entry.hour, entry.minute))
