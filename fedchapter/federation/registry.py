"""Which function handles what: decorators mark, `Registry` collects; there is no global table.

Handlers are keyed (verb, kind), publishers by the class of the happening, claims by kind in INSTALLED order
(DESIGN §2).
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

from ..house import House
from ..store import Publisher, Publishers, Unit
from .incoming import Claim, Incoming, Outcome

Function = TypeVar("Function", bound=Callable[..., Any])
Handler = Callable[[Unit, Incoming], Awaitable[Outcome]]
Needs = Callable[[House, Incoming], Awaitable[Any]]
Claims = Callable[[Claim], bool]


@dataclass(frozen=True, slots=True)
class Handling:
    """One handler with what it needs fetched first; `erases` says that the body is not kept afterwards."""

    verb: str
    kind: str
    handler: Handler
    needs: Needs | None
    erases: bool

    @property
    def place(self) -> str:
        """file:line of the function."""
        return place_of(self.handler)


def place_of(function: Callable[..., Any]) -> str:
    """file:line of a function, from the package on."""
    file = inspect.getsourcefile(function) or "?"
    _, line = inspect.getsourcelines(function)
    return f"fedchapter{file.rpartition('fedchapter')[2]}:{line}"


def handles(
    *verbs: str, kind: str, needs: Needs | None = None, erases: bool = False
) -> Callable[[Function], Function]:
    """Marks a function as the handler of those verbs on that kind; one function may carry several marks."""

    def mark(function: Function) -> Function:
        marks = getattr(function, "handlings", ())
        added = tuple(Handling(verb, kind, function, needs, erases) for verb in verbs)
        setattr(function, "handlings", (*marks, *added))  # noqa: B010
        return function

    return mark


def claims(kind: str) -> Callable[[Function], Function]:
    """Marks a pure function that says whether a message is of that kind."""

    def mark(function: Function) -> Function:
        setattr(function, "claims_kind", kind)  # noqa: B010
        return function

    return mark


@dataclass(slots=True)
class Registry:
    """What the installed types registered."""

    handlings: dict[tuple[str, str], Handling] = field(default_factory=dict)
    publishers: dict[type, list[Publisher]] = field(default_factory=dict)
    claimants: list[tuple[str, Claims]] = field(default_factory=list)

    @classmethod
    def collect(cls, modules: Iterable[ModuleType]) -> "Registry":
        """Everything marked in those modules, in their order; two handlers for one thing are an error."""
        registry = cls()
        for function in _functions(modules):
            registry._add(function)
        return registry

    def _add(self, function: Callable[..., Any]) -> None:
        for handling in getattr(function, "handlings", ()):
            key = (handling.verb, handling.kind)
            if key in self.handlings:
                raise ValueError(f"{key} is handled at {self.handlings[key].place} and {handling.place}")
            self.handlings[key] = handling
        for happening in getattr(function, "happenings", ()):
            self.publishers.setdefault(happening, []).append(function)
        if hasattr(function, "claims_kind"):
            self.claimants.append((function.claims_kind, function))

    def listen(self, happening: type, publisher: Callable[..., Any]) -> None:
        """That function, made at the start and in no module, hears of such happenings, too."""
        self.publishers.setdefault(happening, []).append(publisher)

    def kind_of(self, claim: Claim) -> str | None:
        """The first kind that claims the message, or None."""
        return next((kind for kind, claimed in self.claimants if claimed(claim)), None)

    def kinds_of(self, claim: Claim) -> list[str]:
        """Every kind that claims the message; more than one is a fault that a test looks for."""
        return [kind for kind, claimed in self.claimants if claimed(claim)]

    def frozen_publishers(self) -> Publishers:
        """The publishers as units of work take them."""
        return {happening: tuple(functions) for happening, functions in self.publishers.items()}


def _functions(modules: Iterable[ModuleType]) -> Iterator[Callable[..., Any]]:
    for module in modules:
        for value in vars(module).values():
            if inspect.isfunction(value) and value.__module__ == module.__name__:
                yield value
