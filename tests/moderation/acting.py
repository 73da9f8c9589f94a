"""Moderators who act in tests: accounts with their roles, actions by name, and what the log says then."""

from dataclasses import dataclass
from typing import Any

import httpx

from fedchapter.members import AccountRow, Role, create_account, start_session
from fedchapter.moderation import actions, audit
from fedchapter.moderation.audit import Judge
from fedchapter.store import Unit
from tests.support.network import Chapter


@dataclass(frozen=True)
class Person:
    """Somebody of the chapter, signed in."""

    chapter: Chapter
    account: AccountRow
    client: httpx.AsyncClient

    @property
    def id(self) -> str:
        """Of the account."""
        return self.account.id

    async def act(self, name: str, target: str, reason: str = "it must not go on", **options: str) -> str:
        """Does what the action says; the sentence that a page would show."""
        chapter, house = self.chapter, self.chapter.house
        judge = Judge(self.id, reason)
        said = await chapter.unit(lambda unit: actions.ACTIONS[name].run(unit, house, target, judge, options))
        await chapter.run(house.marks.load(house.database))
        await chapter.settle()
        return said

    async def undo(self, line_id: str) -> None:
        """Takes back what that line of the log says."""
        chapter, house = self.chapter, self.chapter.house
        await chapter.unit(lambda unit: audit.undo(unit, line_id, Judge(self.id)))
        await chapter.run(house.marks.load(house.database))
        await chapter.settle()


async def somebody(chapter: Chapter, name: str, role: Role = Role.MODERATOR) -> Person:
    """A fresh account of that name and role."""

    async def make(unit: Unit) -> tuple[AccountRow, str]:
        account = await create_account(unit, display_name=name, role=role)
        return account, await start_session(unit, account.id, "test")

    account, token = await chapter.unit(make)
    return Person(chapter, account, chapter.client(token))


async def newest(chapter: Chapter, what: str = "") -> dict[str, Any]:
    """The newest line of the log, of that verb."""
    rows = await chapter.rows(
        "SELECT * FROM decision WHERE ? = '' OR what = ? ORDER BY id DESC LIMIT 1", what, what
    )
    return rows[0]
