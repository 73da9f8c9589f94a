"""Whoever loses an office or leaves a group is told no more of what it let them know, nor by letters that wait."""

from fedchapter.members import Role
from fedchapter.members.groups import find_group, join, leave_group
from fedchapter.members.offices import end_office
from fedchapter.notices import tell
from fedchapter.objects.group.draft import GroupDraft, NoteDraft
from fedchapter.objects.group.service import found_group, write_note
from fedchapter.store import Unit
from tests.notices.people import member, notice
from tests.support.network import Chapter, World


async def has(chapter: Chapter, account_id: str) -> tuple[int, int]:
    """How many notices, and how many errands."""
    return (
        await chapter.count("told", "account_id = ?", account_id),
        await chapter.count("errand", "account_id = ?", account_id),
    )


async def test_d7_a_former_organizer_is_told_nothing_of_who_applied(each_world: World) -> None:
    chapter = await each_world.chapter()
    oz = await member(chapter, "Oz", role=Role.ORGANIZER)
    mo = await member(chapter, "Mo", role=Role.MODERATOR)
    for kind in ("people", "desk", "vote"):
        await chapter.unit(lambda unit, kind=kind: tell(unit, notice(kind, kind), to=[oz.id, mo.id]))  # type: ignore[misc]
    assert await has(chapter, oz.id) == (3, 3)
    [office] = await chapter.rows("SELECT id FROM office WHERE account_id = ?", oz.id)
    await chapter.unit(lambda unit: end_office(unit, office["id"]))
    kinds = await chapter.rows(
        "SELECT kind FROM notice JOIN told ON told.notice_id = notice.id WHERE account_id = ?", oz.id
    )
    assert [row["kind"] for row in kinds] == ["vote"]
    assert await has(chapter, oz.id) == (1, 1)
    assert await has(chapter, mo.id) == (3, 3)


async def test_d7_whoever_left_a_group_is_told_nothing_of_it(world: World) -> None:
    chapter = await world.chapter()
    ana, bea = await member(chapter, "Ana"), await member(chapter, "Bea")
    draft = GroupDraft("Night shift", "night", "working", public=False, joining="open")

    async def found(unit: Unit) -> None:
        group = await found_group(unit, draft, None)
        for one in (ana, bea):
            await join(unit, group, one.id)
        await write_note(unit, group, NoteDraft("At the old mill", "…", None, ""), by="")

    await chapter.unit(found)
    assert await has(chapter, ana.id) == (1, 1)

    async def leave(unit: Unit) -> None:
        group = await find_group(unit, slug="night")
        assert group is not None
        await leave_group(unit, group, ana.id, by=bea.id)

    await chapter.unit(leave)
    assert await has(chapter, ana.id) == (0, 0)
    assert await has(chapter, bea.id) == (1, 1)
