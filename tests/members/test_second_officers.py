"""Two officers are two people: whoever one of them made an officer a moment ago is nobody's second.

One stolen session of an admin could otherwise invite a puppet, agree with itself, and be alone in the chapter.
"""

import pytest

from fedchapter.errors import Refusal
from fedchapter.members import AccountRow, Role, get_account, give_role, invite
from fedchapter.members.exports import ask, decide, find_exports
from fedchapter.members.removals import ask_removal, confirm_removal
from tests.members.test_removals import code_of
from tests.site.people import PASSWORD, member
from tests.support.network import Chapter, World


async def with_puppet(chapter: Chapter) -> tuple[AccountRow, AccountRow, str]:
    """An admin, the organizer whom they made just now, and the office of another admin."""
    eve = await member(chapter, "Eve", role=Role.ADMIN)
    ana = await member(chapter, "Ana", role=Role.ADMIN)
    address = await chapter.unit(lambda unit: invite(unit, role=Role.ORGANIZER, made_by=eve.id))
    done = await chapter.client().post(address, data={"display_name": "Puppet", "password": PASSWORD})
    assert done.status_code == 303
    [office] = await chapter.rows("SELECT id FROM office WHERE account_id = ?", ana.id)
    [puppet] = await chapter.rows("SELECT id FROM account WHERE display_name = 'Puppet'")
    return eve, await chapter.run(get_account(chapter.house.database, puppet["id"])), office["id"]


async def test_a_fresh_officer_removes_no_admin(each_world: World) -> None:
    chapter = await each_world.chapter()
    eve, puppet, office = await with_puppet(chapter)
    for one in (eve, puppet):
        code = await code_of(chapter, lambda unit, one=one: ask_removal(unit, office, one.id, "x"))
        assert code in ("no-second-officer", "too-new")
    oz = await member(chapter, "Oz", role=Role.ORGANIZER)
    removal = await chapter.unit(lambda unit: ask_removal(unit, office, eve.id, "Reason"))
    assert await code_of(chapter, lambda unit: confirm_removal(unit, removal, puppet.id)) == "too-new"
    await chapter.unit(lambda unit: confirm_removal(unit, removal, oz.id))


async def test_after_a_week_in_which_every_member_knew_they_count(world: World) -> None:
    chapter = await world.chapter()
    eve, puppet, office = await with_puppet(chapter)
    world.move(days=7)
    removal = await chapter.unit(lambda unit: ask_removal(unit, office, eve.id, "Reason"))
    await chapter.unit(lambda unit: confirm_removal(unit, removal, puppet.id))
    assert await chapter.count("office", "id = ? AND why_ended = 'removed'", office) == 1


async def test_a_second_role_makes_nobody_new(world: World) -> None:
    chapter = await world.chapter()
    eve, puppet, office = await with_puppet(chapter)
    world.move(days=7)
    await chapter.unit(lambda unit: give_role(unit, puppet.id, Role.ADMIN, given_by=eve.id))
    removal = await chapter.unit(lambda unit: ask_removal(unit, office, eve.id, "Reason"))
    await chapter.unit(lambda unit: confirm_removal(unit, removal, puppet.id))


async def test_a_fresh_officer_agrees_to_no_copy_of_the_roll(world: World) -> None:
    chapter = await world.chapter()
    eve, puppet, _ = await with_puppet(chapter)
    export = await chapter.unit(lambda unit: ask(unit, eve.id, "For the assembly in May."))
    with pytest.raises(Refusal) as refused:
        await chapter.unit(lambda unit: decide(unit, export, puppet.id, agreed=True))
    assert refused.value.code == "too-new"
    await chapter.unit(lambda unit: decide(unit, export, puppet.id, agreed=False))
    [one] = await chapter.run(find_exports(chapter.house.database))
    assert one.state == "refused", "whoever is new can say no"


async def test_a_link_made_before_somebody_became_an_officer_opens_nothing(world: World) -> None:
    chapter = await world.chapter()
    eve = await member(chapter, "Eve", role=Role.ADMIN)
    oz = await member(chapter, "Oz")
    address = await chapter.unit(
        lambda unit: invite(unit, purpose="sign-in", account_id=oz.id, made_by=eve.id)
    )
    await chapter.unit(lambda unit: give_role(unit, oz.id, Role.ORGANIZER, given_by=eve.id))
    assert (await chapter.client().get(address)).status_code == 404
