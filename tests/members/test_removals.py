"""Two officers, never one, end an admin's role against their will."""

import pytest

from fedchapter.errors import Refusal
from fedchapter.members import AccountRow, Role
from fedchapter.members.removals import ask_removal, confirm_removal, withdraw_removal
from tests.members.test_offices import told
from tests.site.people import member, sign_in
from tests.support.network import Chapter, World


async def officers(chapter: Chapter) -> tuple[AccountRow, AccountRow, AccountRow, str]:
    """Two admins and an organizer, and the office of the second admin."""
    ines = await member(chapter, "Ines", role=Role.ADMIN)
    ana = await member(chapter, "Ana", role=Role.ADMIN)
    oz = await member(chapter, "Oz", role=Role.ORGANIZER)
    [office] = await chapter.rows("SELECT id FROM office WHERE account_id = ?", ana.id)
    return ines, ana, oz, office["id"]


async def code_of(chapter: Chapter, work: object) -> str:
    """The code with which the service refuses."""
    with pytest.raises(Refusal) as refused:
        await chapter.unit(work)  # type: ignore[arg-type]
    return refused.value.code


async def test_the_second_officer_ends_it_and_everybody_hears_both(each_world: World) -> None:
    chapter = await each_world.chapter()
    ines, ana, oz, office = await officers(chapter)
    removal = await chapter.unit(lambda unit: ask_removal(unit, office, oz.id, "Never answers."))
    assert await code_of(chapter, lambda unit: confirm_removal(unit, removal, oz.id)) == "same-officer"
    assert await code_of(chapter, lambda unit: confirm_removal(unit, removal, ana.id)) == "not-allowed"
    assert await code_of(chapter, lambda unit: ask_removal(unit, office, ines.id, "Again")) == "asked-already"
    await chapter.unit(lambda unit: confirm_removal(unit, removal, ines.id))
    assert await chapter.count("office", "id = ? AND why_ended = 'removed'", office) == 1
    asked, ended = (await told(chapter))[-2:]
    assert "Never answers." in asked and "by two officers" in ended
    assert await code_of(chapter, lambda unit: confirm_removal(unit, removal, ines.id)) == "removal-over"


async def test_it_lapses_after_a_week_and_can_be_taken_back(world: World) -> None:
    chapter = await world.chapter()
    ines, _, oz, office = await officers(chapter)
    first = await chapter.unit(lambda unit: ask_removal(unit, office, oz.id, "Reason"))
    assert await code_of(chapter, lambda unit: withdraw_removal(unit, first, ines.id)) == "not-allowed"
    await chapter.unit(lambda unit: withdraw_removal(unit, first, oz.id))
    second = await chapter.unit(lambda unit: ask_removal(unit, office, oz.id, "Reason"))
    world.move(days=8)
    assert await code_of(chapter, lambda unit: confirm_removal(unit, second, ines.id)) == "removal-over"
    assert await chapter.count("office", "ended_at IS NULL") == 3


async def test_whoever_is_no_officer_any_more_does_not_count(world: World) -> None:
    chapter = await world.chapter()
    ines, _, oz, office = await officers(chapter)
    removal = await chapter.unit(lambda unit: ask_removal(unit, office, oz.id, "Reason"))
    await chapter.unit(
        lambda unit: unit.execute("UPDATE office SET ended_at = ? WHERE account_id = ?", unit.now, oz.id)
    )
    assert await code_of(chapter, lambda unit: confirm_removal(unit, removal, ines.id)) == "not-allowed"


async def test_with_one_other_officer_only_the_members_can(world: World) -> None:
    chapter = await world.chapter()
    ines = await member(chapter, "Ines", role=Role.ADMIN)
    ana = await member(chapter, "Ana", role=Role.ADMIN)
    [office] = await chapter.rows("SELECT id FROM office WHERE account_id = ?", ana.id)
    assert (
        await code_of(chapter, lambda unit: ask_removal(unit, office["id"], ines.id, "x"))
        == "no-second-officer"
    )


async def test_the_page_of_roles_does_it_in_two_steps(world: World) -> None:
    chapter = await world.chapter()
    _, _, _, office = await officers(chapter)
    oz, ines, rosa = chapter.client(), chapter.client(), await chapter.signed_in(Role.MEMBER, "Rosa")
    await sign_in(oz, "Oz")
    await sign_in(ines, "Ines")
    refused = await ines.post(f"/roles/{office}/end")
    assert (refused.status_code, "two officers" in refused.text) == (400, True)
    assert (await rosa.post(f"/roles/{office}/ask", data={"reason": "x"})).status_code == 403
    await oz.post(f"/roles/{office}/ask", data={"reason": "Never answers."})
    assert "Never answers." in (await rosa.get("/roles")).text
    [removal] = await chapter.rows("SELECT id FROM removal")
    await ines.post(f"/roles/removals/{removal['id']}", data={"act": "confirm"})
    assert await chapter.count("office", "role = 'admin' AND ended_at IS NULL") == 1


async def test_roles_are_given_by_name_for_a_term_and_not_above_ones_own(world: World) -> None:
    chapter = await world.chapter()
    organizer = await chapter.signed_in(Role.ORGANIZER, "Oz")
    await member(chapter, "Rosa")
    done = await organizer.post("/roles/give", data={"name": "rosa", "role": "teller", "months": "6"})
    assert done.status_code == 303
    [office] = await chapter.rows("SELECT begins_at, ends_at FROM office WHERE role = 'teller'")
    assert (office["ends_at"] - office["begins_at"]).days == 182
    for data, words in (
        ({"name": "Rosa", "role": "admin"}, "no more than your own"),
        ({"name": "Nobody", "role": "teller"}, "Nobody here has that name"),
        ({"name": "Rosa", "role": "king"}, "There is no such role"),
    ):
        refused = await organizer.post("/roles/give", data=data)
        assert refused.status_code in (400, 404) and words in refused.text
        assert f'value="{data["name"]}"' in refused.text
