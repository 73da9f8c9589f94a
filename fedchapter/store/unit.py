"""The unit of work: everything that is true together is written together, and sent because it was written.

A service gets a `Unit`, writes rows and calls `record()` with what happened. Before the transaction commits, the
publishers registered for that happening build the outgoing activities in the same transaction (DESIGN §2). Return to
commit, raise to roll back; no network inside.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient

from ..settings import Settings
from ..words import speaking
from . import sql
from .ids import new_id

Publisher = Callable[["Unit", Any], Awaitable[None]]
Publishers = Mapping[type, Sequence[Publisher]]
Marked = TypeVar("Marked", bound=Callable[..., Any])


def publishes(*happenings: type) -> Callable[[Marked], Marked]:
    """Marks a function that makes something of those happenings: an activity to send, or news for the members."""

    def mark(function: Marked) -> Marked:
        setattr(function, "happenings", happenings)  # noqa: B010
        return function

    return mark


class Unit:
    """One open transaction, with the moment it began and what has happened in it.

    `language` is the chapter's own, in which it writes to others whoever asked for it.
    """

    def __init__(
        self,
        connection: BaseDBAsyncClient,
        settings: Settings,
        now: datetime,
        publishers: Publishers,
        language: str = "en",
    ) -> None:
        self.connection = connection
        self.settings = settings
        self.now = now
        self.language = language
        self.wakes: set[str] = set()
        self._publishers = publishers
        self._happenings: list[object] = []

    @property
    def postgres(self) -> bool:
        """Whether this is PostgreSQL, for the few statements that differ."""
        return sql.is_postgres(self.connection)

    def new_id(self) -> str:
        """A fresh database id that sorts at this unit's moment."""
        return new_id(self.now)

    def record(self, happening: object) -> None:
        """The happening will be published, in order, before this unit commits."""
        self._happenings.append(happening)

    def wake(self, loop: str) -> None:
        """After the commit, the worker loop of that name looks for work at once."""
        self.wakes.add(loop)

    async def publish_all(self) -> None:
        """Every recorded happening has been turned into outbox and delivery rows."""
        with speaking(self.language):
            while self._happenings:
                happening = self._happenings.pop(0)
                for publisher in self._publishers.get(type(happening), ()):
                    await publisher(self, happening)

    async def rows(self, statement: str, *values: Any) -> list[sql.Row]:
        """All rows of a query inside this transaction."""
        return await sql.fetch_rows(self.connection, statement, values)

    async def row(self, statement: str, *values: Any) -> sql.Row | None:
        """The first row of a query, or None."""
        found = await self.rows(statement, *values)
        return found[0] if found else None

    async def execute(self, statement: str, *values: Any) -> int:
        """Runs a statement; returns the number of rows changed."""
        return await sql.execute(self.connection, statement, values)

    async def execute_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Runs one statement for each row of values."""
        await sql.execute_many(self.connection, statement, rows)
