"""The rules of groups: names for good, joining, captains with a term, an end."""

import asyncio
from datetime import timedelta

import pytest

from fedchapter.actors.keyring import make_keys
from fedchapter.errors import NotFound, Refusal
from fedchapter.members.groups import answer, find_group, find_members, find_states, join, leave_group
from fedchapter.members.leaving import leave
from fedchapter.objects.group import service
from fedchapter.objects.group.draft import GroupDraft, NoteDraft
from fedchapter.store import Unit
from tests.objects.group.made import belongs, captain, enter, found, member, told
from tests.support.network import World


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("Harbour!", "name-form"),
        ("x", "name-form"),
        ("relay", "name-reserved"),
        ("admin", "name-reserved"),
        ("harbour", "name-taken"),
    ],
)
async def test_a_name_that_is_bad_reserved_or_taken_is_refused(
    each_world: World, slug: str, code: str
) -> None:
    riverside = await each_world.chapter()
    await found(riverside)
    for public in (True, False):
        with pytest.raises(Refusal) as refused:
            await found(riverside, slug, public=public)
        assert refused.value.code == code


async def test_the_chapters_own_name_is_no_name_for_a_group(world: World) -> None:
    riverside = await world.chapter()
    with pytest.raises(Refusal) as refused:
        await found(riverside, riverside.settings.username)
    assert refused.value.code in ("name-taken", "name-reserved")


async def test_of_two_who_found_the_same_group_at_once_one_is_refused(each_world: World) -> None:
    riverside = await each_world.chapter()
    keys = await make_keys(riverside.settings.uri("@harbour"))

    async def make(unit: Unit) -> None:
        await service.found_group(unit, GroupDraft("Harbour", "harbour"), keys)

    ends = await asyncio.gather(riverside.unit(make), riverside.unit(make), return_exceptions=True)
    assert [type(end) for end in ends if end is not None] == [Refusal]
    assert await riverside.count("chapter_group") == 1


async def test_the_name_of_a_closed_group_is_never_given_again(each_world: World) -> None:
    riverside = await each_world.chapter()
    for slug, public in (("harbour", True), ("quiet", False)):
        group = await found(riverside, slug, public=public)
        await riverside.unit(lambda unit, group=group: service.close_group(unit, group, by=""))
        with pytest.raises(Refusal) as refused:
            await found(riverside, slug, public=public)
        assert refused.value.code == "name-taken"


async def test_one_joins_an_open_group_at_once_and_asks_at_another(each_world: World) -> None:
    riverside = await each_world.chapter()
    opened, asked = await found(riverside), await found(riverside, "weavers", joining="asked")
    ana, cleo = await member(riverside, "Ana"), await captain(riverside, asked)
    assert await riverside.unit(lambda unit: join(unit, opened, ana.id)) == "member"
    assert await riverside.unit(lambda unit: join(unit, asked, ana.id)) == "asked"
    assert await told(riverside, cleo) == [
        ("group", "%(name)s leads %(group)s now."),
        ("group", "%(name)s would like to join %(group)s."),
    ]
    await riverside.unit(lambda unit: answer(unit, asked, ana.id, admitted=True, by=cleo.id))
    states = await riverside.run(find_states(riverside.house.database, ana.id))
    assert states == {opened.id: "member", asked.id: "member"}
    assert await told(riverside, ana) == [("group", "You are in %(group)s now.")]
    with pytest.raises(Refusal):
        await riverside.unit(lambda unit: answer(unit, asked, ana.id, admitted=True, by=cleo.id))


async def test_whoever_leaves_the_group_leads_it_no_longer(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    cleo = await captain(riverside, group)
    await riverside.unit(lambda unit: leave_group(unit, group, cleo.id, by=cleo.id))
    assert await riverside.count("office", "ended_at IS NULL") == 0
    assert await riverside.count("group_member") == 0


async def test_whoever_leaves_the_chapter_is_in_no_group(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    cleo = await captain(riverside, group)
    await riverside.unit(lambda unit: leave(unit, cleo.id))
    assert await riverside.count("group_member") == 0
    assert await riverside.count("office", "ended_at IS NULL") == 0


async def test_the_rights_of_a_captain_end_with_the_term(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    cleo = await captain(riverside, group, ends_at=riverside.clock.now() + timedelta(days=30))
    browser = await enter(riverside, cleo)
    assert (await browser.get("/write")).status_code == 200
    assert (await browser.get("/groups/harbour/edit")).status_code == 200
    world.move(days=31)
    browser = await enter(riverside, cleo)
    for path in ("/write", "/events/new", "/groups/harbour/edit", "/groups/harbour/notes/new"):
        assert (await browser.get(path)).status_code == 403, path
    assert (await browser.get("/groups/harbour/members")).status_code == 200
    assert ("group", "The term of %(name)s as captain of %(group)s is over.") in await told(riverside, cleo)


async def test_a_closed_group_leaves_nothing_behind_that_was_for_its_members(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    ana, cleo = await belongs(riverside, group, "Ana"), await captain(riverside, group)
    note = NoteDraft("Keys", "The door code is **4711**.")
    await riverside.unit(lambda unit: service.write_note(unit, group, note, by=cleo.id))
    await riverside.unit(lambda unit: service.close_group(unit, group, by=""))
    database = riverside.house.database
    assert await riverside.run(find_group(database, slug="harbour")) is None
    assert await riverside.run(find_members(database, group.id)) == []
    assert await riverside.count("group_note") == 0
    assert (await told(riverside, ana))[-1] == ("group", "The group %(group)s was closed.")


async def test_a_captain_is_dismissed_in_their_own_group_only(world: World) -> None:
    riverside = await world.chapter()
    group, other = await found(riverside), await found(riverside, "weavers")
    await captain(riverside, group)
    [row] = await riverside.rows("SELECT id FROM office")
    with pytest.raises(NotFound):
        await riverside.unit(lambda unit: service.dismiss(unit, other, row["id"], by=""))
    await riverside.unit(lambda unit: service.dismiss(unit, group, row["id"], by=""))
    assert await riverside.count("office", "ended_at IS NULL") == 0
