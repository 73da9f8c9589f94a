"""The rules as moderators see, order, switch, write and try them; the storm; and every process following."""

import re
from typing import Any

from fedchapter.members import Role
from fedchapter.store.choices import find_choice
from tests.support.network import Chapter, Stranger, World
from tests.support.threads import announced, known


async def says(chapter: Chapter, who: Stranger, text: str, to: str, **fields: Any) -> tuple[str, str, str]:
    note = who.note(f"<p>{text}</p>", reply_to=to, **fields)
    return (str(note["id"]), *await who.tell(chapter, who.create(note)))


async def undo_newest(chapter: Chapter) -> int:
    [row] = await chapter.rows("SELECT id FROM decision ORDER BY id DESC LIMIT 1")
    client = await chapter.signed_in(Role.MODERATOR)
    return (await client.post(f"/admin/decisions/{row['id']}/undo")).status_code


async def write_rule(chapter: Chapter, key: str = "new", **fields: Any) -> int:
    client = await chapter.signed_in(Role.MODERATOR)
    usual = {
        "name": "No watches",
        "words": "it sells watches",
        "decision": "hold",
        "on": "yes",
        "place": "storm",
    }
    return (await client.post(f"/admin/rules/{key}", data=usual | fields)).status_code


async def test_the_list_says_in_words_what_each_rule_does(world: World) -> None:
    chapter = await world.chapter()
    page = (await (await chapter.signed_in(Role.MODERATOR)).get("/admin/rules")).text
    for words in (
        "Sister chapters are shown",
        "reply waits until it is approved",
        "What it is: a reply",
        "at least 1",
    ):
        assert words in page
    assert (
        page.index("Nothing is taken from those")
        < page.index("Sister chapters")
        < page.index("Everything else")
    )


async def test_a_rule_is_switched_off_and_on_and_that_is_undone(each_world: World) -> None:
    chapter, ada, ben = await each_world.chapter(), each_world.stranger(), each_world.stranger("ben")
    root = await announced(chapter)
    client = await chapter.signed_in(Role.MODERATOR)
    assert (
        await client.post("/admin/rules", data={"act": "off", "rule": "stranger-reply"})
    ).status_code == 303
    assert (await says(chapter, ada, "hello", root))[1] == "done"
    assert await chapter.run(find_choice(chapter.house.database, "hold_first_replies")) == "no"
    assert await undo_newest(chapter) == 303
    assert (await says(chapter, ben, "hello", root))[1] == "held"
    assert await chapter.count("policy_rule") == 0


async def test_undoing_a_change_of_rules_does_not_overrule_a_later_one(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MODERATOR)
    await client.post("/admin/rules", data={"act": "off", "rule": "stranger"})
    [first] = await chapter.rows("SELECT id FROM decision")
    await client.post("/admin/rules", data={"act": "on", "rule": "stranger"})
    answer = await client.post(f"/admin/decisions/{first['id']}/undo")
    assert (answer.status_code, "Something else has been decided" in answer.text) == (400, True)


async def test_a_written_rule_holds_names_itself_and_can_be_deleted(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    client = await chapter.signed_in(Role.MODERATOR)
    await client.post("/admin/rules", data={"act": "off", "rule": "stranger-reply"})
    assert await write_rule(chapter, text="fine watches\ncheap rings", what=["reply", "post"]) == 303
    _, state, reason = await says(chapter, ada, "Buy FINE\u200b watches!", root)
    assert (state, reason) == ("held", "it sells watches (rule: No watches)")
    [row] = await chapter.rows("SELECT rule, rule_name, decision FROM judged ORDER BY id DESC LIMIT 1")
    assert (row["rule_name"], row["decision"]) == ("No watches", "hold")
    assert (await says(chapter, ada, "I have no watch", root))[1] == "done"
    form = (await client.get(f"/admin/rules/{row['rule']}")).text
    assert "fine watches" in form
    await client.post("/admin/rules", data={"act": "delete", "rule": row["rule"]})
    assert (await says(chapter, ada, "Buy fine watches", root))[1] == "done"
    await undo_newest(chapter)
    assert (await says(chapter, ada, "Buy fine watches", root))[1] == "held"


async def test_what_cannot_be_a_rule_is_said_and_kept_in_the_form(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MODERATOR)
    form = {"name": "Odd", "decision": "hold", "on": "yes"}
    for wrong, said in (
        ({}, "at least one thing"),
        ({"host": "not a host!"}, "no name of a server"),
        ({"links-at-least": "many"}, "whole number"),
        ({"what": "reply", "name": ""}, "in a few words"),
        ({"what": "reply", "decision": "burn"}, "what is to be done"),
    ):
        answer = await client.post("/admin/rules/new", data=form | wrong)
        assert answer.status_code == 400, wrong
        assert said in answer.text
    assert await chapter.count("policy_rule") == 0


async def test_rules_change_places_with_their_neighbours_only(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MODERATOR)

    async def order() -> list[str]:
        page = (await client.get("/admin/rules")).text
        return re.findall(r'href="/admin/rules/tried\?rule=([\w-]+)"', page)

    before = await order()
    await client.post("/admin/rules", data={"act": "up", "rule": "wave"})
    at = before.index("wave")
    assert await order() == [*before[: at - 1], "wave", before[at - 1], *before[at + 1 :]]
    await client.post("/admin/rules", data={"act": "down", "rule": "wave"})
    assert await order() == before
    await client.post("/admin/rules", data={"act": "up", "rule": before[0]})
    assert await order() == before
    answer = await client.post("/admin/rules", data={"act": "off", "rule": "refused"})
    assert "cannot be changed" in answer.text


async def test_a_rule_is_tried_on_the_last_month_before_it_is_kept(each_world: World) -> None:
    chapter, ada, ben = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("ben", "b.test"),
    )
    root = await announced(chapter)
    first, _, _ = await says(chapter, ada, "We sell watches", root)
    client = await chapter.signed_in(Role.MODERATOR)
    group = (await chapter.rows("SELECT group_key FROM desk_item"))[0]["group_key"]
    seen = {"act": "approve", "seen": chapter.clock.now().isoformat()}
    await client.post(f"/admin/queue/{group}", data=seen)
    assert (await known(chapter, first)).state == "shown"
    await says(chapter, ben, "watches here", root)
    await says(chapter, ada, "and a bridge", root)
    form = {"name": "No watches", "decision": "hold", "text": "watches", "act": "try", "place": "own"}
    page = (await client.post("/admin/rules/new", data=form)).text
    assert "Looked at 3 messages" in page
    assert "Would have held 2," in page
    assert "of these 1 that you approved" in page
    assert await chapter.count("policy_rule") == 0
    world_now = (await client.get("/admin/rules/tried?rule=stranger-reply")).text
    assert "Would have held 2," in world_now


async def test_a_storm_holds_strangers_and_nobody_else_and_ends_by_itself(each_world: World) -> None:
    chapter, ada, ben = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("ben", "b.test"),
    )
    root = await announced(chapter)
    client = await chapter.signed_in(Role.MODERATOR)
    await client.post("/admin/rules", data={"act": "off", "rule": "stranger-reply"})
    await says(chapter, ada, "hello", root)
    assert (await client.post("/admin/rules/storm", data={"hours": "6"})).status_code == 303
    assert "A storm: everything from strangers waits" in (await client.get("/")).text
    assert "A storm" not in (await chapter.client().get("/")).text
    _, state, reason = await says(chapter, ben, "hello there", root)
    assert (state, "storm" in reason) == ("held", True)
    follow = ben.activity("Follow", chapter.uri)
    assert (await ben.tell(chapter, follow))[1] == "waits for an admin's approval"
    each_world.move(hours=6, minutes=1)
    assert (await says(chapter, ben, "hello again", root))[1] == "done"
    assert "A storm" not in (await client.get("/")).text
    assert (await client.post("/admin/rules/storm", data={"act": "end"})).status_code == 400
    assert (await client.post("/admin/rules/storm", data={"hours": "5"})).status_code == 400


async def test_a_storm_is_ended_early_and_that_is_undone(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    client = await chapter.signed_in(Role.MODERATOR)
    await client.post("/admin/rules", data={"act": "off", "rule": "stranger-reply"})
    await client.post("/admin/rules/storm", data={"hours": "1"})
    await client.post("/admin/rules/storm", data={"act": "end"})
    assert (await says(chapter, ada, "hello", root))[1] == "done"
    await undo_newest(chapter)
    assert (await says(chapter, ada, "hello once more", root))[1] == "held"


async def test_how_many_make_a_wave_is_chosen(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MODERATOR)
    assert (await client.post("/admin/rules", data={"act": "wave", "wave_actors": "1"})).status_code == 400
    assert (await client.post("/admin/rules", data={"act": "wave", "wave_actors": "7"})).status_code == 303
    assert chapter.house.policy.wave_actors == 7
    await undo_newest(chapter)
    await chapter.run(chapter.house.policy.refresh(chapter.house.database, chapter.clock.now()))
    assert chapter.house.policy.wave_actors == 3
