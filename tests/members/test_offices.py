"""Roles as offices: given, ended, over by themselves, and told to everybody."""

from datetime import timedelta

import pytest

from fedchapter.errors import Refusal
from fedchapter.members import Permission, Role, find_roles, give_role
from fedchapter.members.leaving import leave
from fedchapter.members.offices import end_office, find_offices
from fedchapter.members.permissions import PERMITS, may_give
from tests.site.people import member, sign_in
from tests.support.network import Chapter, World


async def told(chapter: Chapter) -> list[str]:
    """The texts of all notices, in order, with their details."""
    rows = await chapter.rows("SELECT text, details FROM notice ORDER BY id")
    return [f"{row['text']} {row['details']}" for row in rows]


async def test_a_term_ends_by_itself_at_its_moment_and_is_told(each_world: World) -> None:
    chapter = await each_world.chapter()
    await member(chapter, "Ines", role=Role.ADMIN)
    ana = await member(chapter, "Ana")
    until = each_world.clock.now() + timedelta(days=90)
    await chapter.unit(lambda unit: give_role(unit, ana.id, Role.MODERATOR, given_by="x", ends_at=until))
    client = chapter.client()
    await sign_in(client, "Ana")
    each_world.move(days=89)
    await sign_in(client, "Ana")
    assert (await client.get("/admin/queue")).status_code == 200
    each_world.move(days=1)
    assert (await client.get("/admin/queue")).status_code == 403, "before any job has run"
    await each_world.settle()
    [row] = await chapter.rows("SELECT why_ended FROM office WHERE account_id = ?", ana.id)
    assert row["why_ended"] == "term"
    assert "is over" in (await told(chapter))[-1]


async def test_the_only_admins_term_goes_on_until_there_is_another(each_world: World) -> None:
    chapter = await each_world.chapter()
    ines, ana = await member(chapter, "Ines"), await member(chapter, "Ana")
    until = each_world.clock.now() + timedelta(days=30)
    await chapter.unit(lambda unit: give_role(unit, ines.id, Role.ADMIN, ends_at=until))
    each_world.move(days=31)
    await each_world.settle()
    assert await chapter.run(find_roles(chapter.house.database, ines.id, each_world.clock.now())) == {
        Role.ADMIN
    }
    await chapter.unit(lambda unit: give_role(unit, ana.id, Role.ADMIN, given_by=ines.id))
    offices = await chapter.run(find_offices(chapter.house.database, each_world.clock.now()))
    assert [row["account_id"] for row in offices] == [ana.id]


async def test_nobody_has_a_role_twice_or_gives_the_role_of_a_member(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, "Ana", role=Role.TELLER)
    for role, code in ((Role.TELLER, "role-held"), (Role.MEMBER, "role")):
        with pytest.raises(Refusal) as refused:
            await chapter.unit(lambda unit, role=role: give_role(unit, ana.id, role))  # type: ignore[misc]
        assert refused.value.code == code


async def test_one_admin_cannot_end_anothers_office_alone(world: World) -> None:
    chapter = await world.chapter()
    ines = await member(chapter, "Ines", role=Role.ADMIN)
    ana = await member(chapter, "Ana", role=Role.ADMIN)
    [office] = await chapter.rows("SELECT id FROM office WHERE account_id = ?", ana.id)
    with pytest.raises(Refusal, match="two officers"):
        await chapter.unit(lambda unit: end_office(unit, office["id"], ended_by=ines.id))
    await chapter.unit(lambda unit: end_office(unit, office["id"], ended_by=ana.id, why="resigned"))
    with pytest.raises(Refusal, match="only admin"):
        await chapter.unit(lambda unit: leave(unit, ines.id))


def test_nobody_gives_a_role_that_allows_more_than_their_own() -> None:
    organizer = {Role.ORGANIZER}
    given = {role for role in Role if may_give(organizer, role)}
    assert given == {Role.MEMBER, Role.CAPTAIN, Role.DELEGATE, Role.TELLER, Role.ORGANIZER}
    assert not any(may_give({Role.MODERATOR, Role.TREASURER}, role) for role in Role)
    assert all(may_give({Role.ADMIN}, role) for role in Role)


def test_a_role_is_what_it_allows() -> None:
    assert all(Permission.MEMBER in PERMITS[role] for role in Role)
    assert not Permission.MODERATE.allows({Role.ORGANIZER, Role.TREASURER})
    assert Permission.DUES.allows({Role.TREASURER, Role.MEMBER})
    assert not Permission.MEMBER.allows(None)
    assert Permission.MEMBER.allows(frozenset())
    assert Permission.ANYONE.allows(None)


async def test_a_role_from_the_shell_is_told_as_such(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, "Ana")
    await chapter.unit(lambda unit: give_role(unit, ana.id, Role.ADMIN))
    assert "on the server itself" in (await told(chapter))[-1]
