"""What is kept, why, how long, and who erases it: each room says it of its own tables, once.

DESIGN §1 (what need not be kept is erased). A room's `keeping.py` holds `KEPT`, its share of the list; a test asks that
every table stands in it once. jobs.sweep erases what has an `erase`, the page /admin/kept shows them all. Types besides
mark what only they know of posts from elsewhere: which must stay (`keeps`), and what goes with one (`forgets`).
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from ..settings import Settings
from .choices import DEFAULTS
from .kinds import Known
from .unit import Unit

DAYS_MAX = 3650
STEP_MAX = 500
Marked = TypeVar("Marked", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: rows erased, and the place after which the next one goes on (None: there is no more)."""

    erased: int
    after: str | None = None


Erase = Callable[[Unit, datetime, str], Awaitable[Step]]
"""Erases what is older than the moment, behind that place, at most STEP_MAX rows looked at."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One sort of data. `choice` names the days in store.choices, with their default; without it `days` are fixed.

    Without either, `until` says how long it is kept. Without `erase`, its own room erases it, or nobody. `count` is
    SQL for how many there are (AS total), where it is not the rows of the first table.
    """

    name: str
    label: str
    why: str
    tables: tuple[str, ...] = ()
    erase: Erase | None = None
    choice: str = ""
    days: int = 0
    days_min: int = 1
    until: str = ""
    count: str = ""
    folder: Callable[[Settings], Path] | None = None
    every: timedelta = timedelta(hours=1)

    def days_from(self, choices: Mapping[str, str]) -> int:
        """The days chosen, never fewer than may be; the default where the row says nonsense."""
        if not self.choice:
            return self.days
        text = choices.get(self.choice, "")
        days = int(text) if text.isascii() and text.isdigit() else int(DEFAULTS[self.choice])
        return min(max(days, self.days_min), DAYS_MAX)


Keeps = Callable[[Unit, Sequence[Known]], Awaitable[Collection[str]]]
Forgets = Callable[[Unit, Sequence[Known]], Awaitable[None]]
ForgetsActors = Callable[[Unit, Sequence[str]], Awaitable[None]]


def keeps(function: Marked) -> Marked:
    """Marks `(unit, known) -> URIs`: which of these posts from elsewhere must stay however old they are."""
    setattr(function, "keeps_known", True)  # noqa: B010
    return function


def forgets(function: Marked) -> Marked:
    """Marks `(unit, known) -> None`: nothing of its type is left of these posts, which are no longer kept.

    It is given posts of every kind. They may come again, so no tombstone is left; whoever answers for known_object
    deletes those rows afterwards.
    """
    setattr(function, "forgets_known", True)  # noqa: B010
    return function


def forgets_actors(function: Marked) -> Marked:
    """Marks `(unit, URIs) -> None`: nothing of its own is left of these actors of other servers."""
    setattr(function, "forgets_actors", True)  # noqa: B010
    return function


@dataclass(slots=True)
class Memory:
    """Everything about keeping that the rooms and types declared."""

    kept: list[Kept] = field(default_factory=list)
    keeps: list[Keeps] = field(default_factory=list)
    forgets: list[Forgets] = field(default_factory=list)
    forgets_actors: list[ForgetsActors] = field(default_factory=list)
    names_actors: list[str] = field(default_factory=list)

    def add(self, module: Any) -> None:
        """What that module declares: KEPT, NAMES_ACTORS (columns, as table.column), and functions marked as above."""
        self.kept += getattr(module, "KEPT", ())
        self.names_actors += getattr(module, "NAMES_ACTORS", ())
        for function in vars(module).values():
            if getattr(function, "__module__", "") != module.__name__:
                continue
            if getattr(function, "keeps_known", False):
                self.keeps.append(function)
            if getattr(function, "forgets_known", False):
                self.forgets.append(function)
            if getattr(function, "forgets_actors", False):
                self.forgets_actors.append(function)

    def find(self, name: str) -> Kept | None:
        """The sort of that name, or None."""
        return next((one for one in self.kept if one.name == name), None)

    async def to_keep(self, unit: Unit, known: Sequence[Known]) -> set[str]:
        """The URIs of those that must stay."""
        found: set[str] = set()
        for function in self.keeps:
            found |= set(await function(unit, known))
        return found

    async def forget(self, unit: Unit, known: Sequence[Known]) -> None:
        """The types have nothing left of those."""
        for function in self.forgets:
            await function(unit, known)

    async def forget_actors(self, unit: Unit, uris: Sequence[str]) -> None:
        """No room has anything left of those."""
        for function in self.forgets_actors:
            await function(unit, uris)


def collect(modules: Iterable[Any]) -> Memory:
    """What all those modules declare, in their order."""
    memory = Memory()
    for module in modules:
        memory.add(module)
    return memory


async def erase_by_id(unit: Unit, table: str, condition: str, values: Sequence[Any], after: str) -> Step:
    """Deletes rows by a condition in SQL (ours), by primary key `id` in text, STEP_MAX looked at in one step.

    For tables whose condition no index answers: each row is looked at, a few at a time.
    """
    rows = await unit.rows(f"SELECT id FROM {table} WHERE id > ? ORDER BY id LIMIT ?", after, STEP_MAX)
    if not rows:
        return Step(0)
    last = rows[-1]["id"]
    erased = await unit.execute(
        f"DELETE FROM {table} WHERE id > ? AND id <= ? AND {condition}", after, last, *values
    )
    return Step(erased, last if len(rows) == STEP_MAX else None)


async def erase_some(unit: Unit, table: str, condition: str, *values: Any, key: str = "id") -> Step:
    """Deletes at most STEP_MAX rows by a condition in SQL (ours) that an index answers."""
    erased = await unit.execute(
        f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {condition} LIMIT ?)",
        *values,
        STEP_MAX,
    )
    return Step(erased, "more" if erased == STEP_MAX else None)
