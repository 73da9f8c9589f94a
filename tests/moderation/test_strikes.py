"""What moderators decide about members: told without a name, appealed once, undone by whoever looks again."""

import pytest

from fedchapter.errors import Refusal
from fedchapter.members import Role
from tests.moderation.acting import Person, newest, somebody
from tests.support.network import Chapter, World
from tests.support.persons import bearer
from tests.support.threads import announced, known


async def strikes(chapter: Chapter) -> list[str]:
    """The ids of those that stand."""
    return [
        row["id"] for row in await chapter.rows("SELECT id FROM strike WHERE undone_at IS NULL ORDER BY id")
    ]


async def object_to(person: Person, strike_id: str, text: str = "That was not me") -> int:
    answer = await person.client.post(f"/me/strikes/{strike_id}", data={"text": text})
    return answer.status_code


async def decide(person: Person, appeal_id: str, act: str) -> int:
    answer = await person.client.post(
        f"/admin/appeals/{appeal_id}", data={"act": act, "answer": "We read it again."}
    )
    return answer.status_code


async def test_a_limited_member_writes_nothing_and_keeps_every_other_right(each_world: World) -> None:
    chapter = await each_world.chapter()
    root = await announced(chapter)
    mia, ana = await somebody(chapter, "Mia"), await bearer(chapter, "ana")
    [row] = await chapter.rows("SELECT id FROM account WHERE handle = 'ana'")
    await mia.act("limit-member", row["id"], "twenty posts an hour", days="3")
    answer = await ana.client.post("/comments", data={"reply_to": root, "as": "me", "text": "hello"})
    assert answer.status_code == 403 and "limited your account until" in answer.text
    for path in ("/me", "/me/data", "/proposals", "/me/strikes", "/events"):
        assert (await ana.client.get(path)).status_code == 200, path
    page = (await ana.client.get("/me/strikes")).text
    assert "twenty posts an hour" in page and "Mia" not in page
    each_world.move(days=3, minutes=1)
    assert await ana.comment(root, "hello again")
    assert await strikes(chapter), "the strike counts on"


async def test_the_member_is_told_by_the_moderators_never_by_a_name(world: World) -> None:
    chapter = await world.chapter()
    mia, ana = await somebody(chapter, "Mia"), await somebody(chapter, "Ana", Role.MEMBER)
    await mia.act("warn-member", ana.id, "please no names of strangers")
    page = (await ana.client.get("/me")).text
    assert "The moderators have given you a warning: please no names of strangers" in page
    assert "Mia" not in (await ana.client.get("/me/strikes")).text
    with pytest.raises(Refusal, match="Nobody judges themselves"):
        await mia.act("warn-member", mia.id)
    with pytest.raises(Refusal, match="the member reads it"):
        await mia.act("warn-member", ana.id, "")


async def test_another_moderator_decides_an_appeal_and_upholding_it_undoes_what_was_done(
    each_world: World,
) -> None:
    chapter = await each_world.chapter()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    ana = await somebody(chapter, "Ana", Role.MEMBER)
    await mia.act("limit-member", ana.id, "insults", days="30")
    [strike] = await strikes(chapter)
    assert await object_to(noor, strike) == 404, "only whom it is about"
    assert await object_to(ana, strike, " ") == 422
    assert await object_to(ana, strike) == 303
    assert await object_to(ana, strike) == 400, "once"
    [appeal] = [row["id"] for row in await chapter.rows("SELECT id FROM appeal")]
    assert await chapter.count("desk_item", "sort = 'appeal' AND state = 'open'") == 1
    assert (await noor.client.get(f"/admin/appeals/{appeal}")).status_code == 200
    assert await decide(mia, appeal, "uphold") == 403, "not by whoever made the decision"
    assert await decide(noor, appeal, "uphold") == 303
    assert await strikes(chapter) == []
    assert await chapter.count("desk_item", "sort = 'appeal' AND state = 'open'") == 0
    assert (await ana.client.get("/board/new")).status_code == 200, "they can write again"
    assert await decide(noor, appeal, "reject") == 400, "once"
    assert "We read it again." in (await ana.client.get("/me/strikes")).text


async def test_where_there_is_one_moderator_they_decide_themselves_and_a_decision_can_stand(
    world: World,
) -> None:
    chapter = await world.chapter()
    mia, ana = await somebody(chapter, "Mia"), await somebody(chapter, "Ana", Role.MEMBER)
    await mia.act("warn-member", ana.id)
    [strike] = await strikes(chapter)
    await object_to(ana, strike)
    [appeal] = [row["id"] for row in await chapter.rows("SELECT id FROM appeal")]
    assert await decide(mia, appeal, "reject") == 303
    assert await strikes(chapter) == [strike]
    await mia.undo((await newest(chapter, "reject-appeal"))["id"])
    assert await chapter.count("appeal", "state = 'open'") == 1, "it waits again"
    await mia.undo((await newest(chapter, "warn-member"))["id"])
    assert await chapter.count("appeal", "state = 'upheld'") == 1, "taken back without being asked"
    assert await chapter.count("desk_item", "sort = 'appeal' AND state = 'open'") == 0


async def test_one_can_object_for_twenty_days_and_a_strike_counts_for_ninety(world: World) -> None:
    chapter = await world.chapter()
    mia, ana = await somebody(chapter, "Mia"), await somebody(chapter, "Ana", Role.MEMBER)
    await mia.act("warn-member", ana.id)
    [strike] = await strikes(chapter)
    world.move(days=21)
    assert await object_to(ana, strike) == 400
    assert "counts" in (await mia.client.get(f"/admin/conduct/{ana.id}")).text
    assert "Ana" in (await mia.client.get("/admin/conduct")).text
    world.move(days=70)
    mia = await somebody(chapter, "Mia2")
    assert "Ana" not in (await mia.client.get("/admin/conduct")).text.partition("<main")[2]


async def test_a_comment_of_a_member_is_hidden_with_a_reason_they_read_and_comes_back_after_an_appeal(
    world: World,
) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    mia, noor, ana = (
        await somebody(chapter, "Mia"),
        await somebody(chapter, "Noor"),
        await bearer(chapter, "ana"),
    )
    comment = await ana.comment(root, "You are all fools")
    await ada.tell(chapter, ada.activity("Follow", ana.uri))
    await mia.act("hide", comment, "insults")
    assert (await known(chapter, root)).replies == 0
    path = comment.removeprefix(chapter.settings.origin)
    assert (
        await chapter.client().get(path, headers={"Accept": "application/activity+json"})
    ).status_code == 404
    update = [one for one in ada.received if one["type"] == "Update"][-1]
    assert "fools" not in str(update) and "moderators" in update["object"]["content"]
    assert (await ana.client.post(f"{path}/edit", data={"text": "fools!"})).status_code in (400, 404, 422)
    [strike] = await strikes(chapter)
    assert (
        await ana.client.post(f"/me/strikes/{strike}", data={"text": "It was a quote"})
    ).status_code == 303
    [appeal] = [row["id"] for row in await chapter.rows("SELECT id FROM appeal")]
    assert await decide(noor, appeal, "uphold") == 303
    await chapter.settle()
    assert (await known(chapter, comment)).state == "shown"
    assert (await known(chapter, root)).replies == 1
    update = [one for one in ada.received if one["type"] == "Update"][-1]
    assert "fools" in update["object"]["content"]


async def test_two_who_warn_and_lift_at_once_do_it_once(each_world: World) -> None:
    chapter = await each_world.chapter()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    ana = await somebody(chapter, "Ana", Role.MEMBER)
    await mia.act("limit-member", ana.id)
    await mia.act("lift-member", ana.id)
    with pytest.raises(Refusal, match="no limit"):
        await noor.act("lift-member", ana.id)
    await noor.undo((await newest(chapter, "lift-member"))["id"])
    assert (await ana.client.get("/board/new")).status_code == 403
