"""Nobody takes back what was decided about themselves, as long as somebody else could."""

import re

import pytest

from fedchapter.errors import Forbidden
from fedchapter.members import Role
from fedchapter.moderation.audit import Judge, undo_batch
from fedchapter.store.choices import find_choices
from tests.moderation.acting import newest, somebody
from tests.objects.proposal.votes import proposed
from tests.support.network import World
from tests.support.persons import bearer
from tests.support.threads import announced, known


async def test_a_moderator_does_not_take_back_their_own_warning(each_world: World) -> None:
    chapter = await each_world.chapter()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    await noor.act("warn-member", mia.id, "insults")
    line = (await newest(chapter, "warn-member"))["id"]
    with pytest.raises(Forbidden):
        await mia.undo(line)
    assert (await mia.client.post(f"/admin/decisions/{line}/undo")).status_code == 403
    await noor.undo(line)
    assert await chapter.count("strike", "undone_at IS NULL") == 0


async def test_nor_the_hiding_of_what_they_wrote_alone_or_among_others(world: World) -> None:
    chapter = await world.chapter()
    ana, noor = await bearer(chapter, "ana"), await somebody(chapter, "Noor")
    uri = await ana.comment(await announced(chapter), "You are all fools")
    await noor.act("hide", uri)
    line = await newest(chapter, "hide")
    [row] = await chapter.rows("SELECT id FROM account WHERE handle = 'ana'")
    await chapter.unit(
        lambda unit: unit.execute("UPDATE decision SET batch = 'one-go' WHERE id = ?", line["id"])
    )
    with pytest.raises(Forbidden):
        await chapter.unit(lambda unit: undo_batch(unit, "one-go", Judge(row["id"])))
    assert (await known(chapter, uri)).state == "hidden"


async def test_whom_a_question_is_about_does_not_take_it_back(world: World) -> None:
    chapter = await world.chapter()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    await somebody(chapter, "Ida")
    case = await proposed(chapter)
    await chapter.unit(lambda unit: unit.execute("UPDATE account SET handle = NULL WHERE id = ?", mia.id))
    await case.open()
    if not await chapter.count("ballot", "account_id = ?", mia.id):
        pytest.skip("moderators are on no roll here")
    await noor.act("limit-member", mia.id, "insults")
    with pytest.raises(Forbidden):
        await mia.undo((await newest(chapter, "ask-second"))["id"])
    await noor.undo((await newest(chapter, "ask-second"))["id"])


async def test_where_there_is_nobody_else_one_does(world: World) -> None:
    chapter = await world.chapter()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    await noor.act("warn-member", mia.id, "insults")
    await chapter.unit(lambda unit: unit.execute("DELETE FROM office WHERE account_id = ?", noor.id))
    await mia.undo((await newest(chapter, "warn-member"))["id"])
    assert await chapter.count("strike", "undone_at IS NULL") == 0


async def test_what_only_admins_may_change_only_admins_take_back(world: World) -> None:
    chapter = await world.chapter()
    admin, mia = await somebody(chapter, "Ada", Role.ADMIN), await somebody(chapter, "Mia")
    page = (await admin.client.get("/admin/kept")).text
    form = dict(re.findall(r'name="([a-z_]+)"[^>]*value="(\d+)"', page))
    before = form["keep_reports"]
    await admin.client.post("/admin/kept", data=form | {"keep_reports": "900"})
    line = (await newest(chapter))["id"]
    assert (await mia.client.post(f"/admin/decisions/{line}/undo")).status_code == 403
    [row] = await chapter.rows("SELECT value FROM choice WHERE name = 'keep_reports'")
    assert row["value"] == "900", "else evidence of two years would be erased within the hour"
    await admin.undo(line)
    assert (await chapter.run(find_choices(chapter.house.database)))["keep_reports"] == before
