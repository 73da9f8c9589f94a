"""The stage of the story: three instances that share a clock, and steps that each settle before the next."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ...actors import ActorRow
from ...app import Instance
from ...clock import MovedClock, SystemClock
from ...federation.fetch import find_or_fetch_actor
from ...house import House
from ...members import AccountRow
from ...settings import Settings
from ...store import Unit

Result = TypeVar("Result")
_WAITING = """
SELECT (SELECT count(*) FROM delivery WHERE state = 'due' AND due_at <= ?)
     + (SELECT count(*) FROM inbox_item WHERE state = 'new' AND due_at <= ?)
     + (SELECT count(*) FROM job WHERE state = 'due' AND due_at <= ?) AS total
"""


@dataclass(slots=True)
class Chapter:
    """One chapter on the stage, its people by their first name in lower case."""

    instance: Instance
    people: dict[str, AccountRow] = field(default_factory=dict)
    admin_name: str = ""

    @property
    def admin(self) -> AccountRow:
        """Who moved in first."""
        return self.people[self.admin_name]

    @property
    def settings(self) -> Settings:
        """The chapter's settings."""
        return self.instance.settings

    @property
    def house(self) -> House:
        """The chapter's house."""
        return self.instance.house

    @property
    def uri(self) -> str:
        """The id of its Group actor."""
        return self.settings.chapter_uri

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Awaits something that uses this chapter's database."""
        return await self.house.database.run(work)

    async def unit(self, service: Callable[[Unit], Awaitable[Result]]) -> Result:
        """Runs a service in a unit of work of its own."""
        return await self.run(self.house.database.in_unit(service))

    async def actor(self, uri: str) -> ActorRow:
        """The actor at that address, fetched if it is new here."""
        return await self.run(find_or_fetch_actor(self.house, uri))


class Stage:
    """The three chapters and their clock, which stands in the past until `come_to_now`.

    `kept` remembers ids and URIs by a name, for later entries of the story.
    """

    def __init__(self, instances: Sequence[Instance], clock: MovedClock) -> None:
        self.chapters = [Chapter(instance) for instance in instances]
        self.clock = clock
        self.kept: dict[str, str] = {}
        self.today_at = SystemClock().now()

    @property
    def riverside(self) -> Chapter:
        """The first chapter."""
        return self.chapters[0]

    @property
    def hillside(self) -> Chapter:
        """The second chapter."""
        return self.chapters[1]

    @property
    def harbor(self) -> Chapter:
        """The third chapter."""
        return self.chapters[2]

    def day(self, days: float, hour: int = 12, minute: int = 0) -> datetime:
        """A moment `days` from today (negative: before), at that hour in UTC."""
        day = self.today_at + timedelta(days=days)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    async def at(self, moment: datetime) -> None:
        """Everything under way is done, and it is that moment now; never later than the real one, never back."""
        await self.settle()
        wanted = min(moment, SystemClock().now())
        while True:
            next_at = await self._next_job_at(wanted)
            step = (next_at or wanted) - self.clock.now()
            self.clock.move(max(step, timedelta()))
            await self.settle()
            if next_at is None:
                return

    async def _next_job_at(self, until_at: datetime) -> datetime | None:
        """When the first job before `until_at` is due: a vote closes at its time, not when something else happens."""
        query = "SELECT min(due_at) AS due_at FROM job WHERE state = 'due' AND due_at < ?"
        rows = [await chapter.run(chapter.house.database.row(query, until_at)) for chapter in self.chapters]
        return min((row["due_at"] for row in rows if row and row["due_at"]), default=None)

    async def come_to_now(self) -> None:
        """The clock shows the real time."""
        await self.at(SystemClock().now())
        self.clock.move(SystemClock().now() - self.clock.now())

    async def settle(self) -> None:
        """All chapters have sent, received and processed everything that is due."""
        while any([await self._is_busy(chapter) for chapter in self.chapters]):
            for chapter in self.chapters:
                await chapter.instance.settle()

    async def _is_busy(self, chapter: Chapter) -> bool:
        now = self.clock.now()
        row = await chapter.run(chapter.house.database.row(_WAITING, now, now, now))
        return bool(row and row["total"])
