"""Groups as these tests need them."""

from datetime import datetime
from typing import Any

import httpx

from fedchapter.actors.keyring import make_keys
from fedchapter.members import AccountRow, Role, create_account, start_session
from fedchapter.members.groups import GroupRow, put_in
from fedchapter.objects.group import service
from fedchapter.objects.group.draft import GroupDraft
from fedchapter.store import Unit
from tests.support.chapter import Chapter


async def found(chapter: Chapter, slug: str = "harbour", **changes: Any) -> GroupRow:
    """A public group, open to all members, unless told otherwise."""
    values: dict[str, Any] = {"name": f"{slug.title()} district", "about": "We live by the **water**."}
    draft = GroupDraft(slug=slug, **(values | changes))
    keys = await make_keys(chapter.settings.uri(f"@{slug}")) if draft.public else None
    return await chapter.unit(lambda unit: service.found_group(unit, draft, keys))


async def member(chapter: Chapter, name: str, role: Role = Role.MEMBER) -> AccountRow:
    """A member of the chapter."""
    return await chapter.unit(lambda unit: create_account(unit, display_name=name, role=role))


async def enter(chapter: Chapter, account: AccountRow) -> httpx.AsyncClient:
    """That member's browser."""
    return chapter.client(await chapter.unit(lambda unit: start_session(unit, account.id, "test")))


async def belongs(chapter: Chapter, group: GroupRow, name: str) -> AccountRow:
    """A member of the chapter who is in the group."""
    account = await member(chapter, name)
    await chapter.unit(lambda unit: put_in(unit, group, account.id))
    return account


async def captain(
    chapter: Chapter, group: GroupRow, name: str = "Cleo", ends_at: datetime | None = None
) -> AccountRow:
    """A member of the chapter who leads the group."""
    account = await member(chapter, name)

    async def work(unit: Unit) -> str:
        return await service.appoint(unit, group, account.id, by="", ends_at=ends_at)

    await chapter.unit(work)
    return account


async def told(chapter: Chapter, account: AccountRow) -> list[tuple[str, str]]:
    """(kind, text with its places) of everything that member was told."""
    await chapter.settle()
    rows = await chapter.rows(
        "SELECT notice.kind, notice.text FROM told JOIN notice ON notice.id = told.notice_id "
        "WHERE told.account_id = ? ORDER BY notice.id",
        account.id,
    )
    return [(row["kind"], row["text"]) for row in rows]
