"""What is done about one post: behind a warning, closed to comments, erased here; two at once; the way back."""

import asyncio

import pytest

from fedchapter.errors import Refusal
from fedchapter.moderation import actions, audit
from fedchapter.moderation.audit import Judge
from fedchapter.policy import set_mark
from tests.moderation.acting import newest, somebody
from tests.objects.announcement.support import announce, followed_by, follows
from tests.support.network import World
from tests.support.persons import bearer
from tests.support.threads import announced, known


async def test_nobody_comments_below_a_locked_post_here_or_from_elsewhere(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    mia, ana = await somebody(chapter, "Mia"), await bearer(chapter, "ana")
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=ada.uri, decision="approved"))
    root = await announce(chapter, "We meet on Sunday.")
    first = await ana.comment(root, "first")
    deep = ada.note("<p>deep</p>", reply_to=first)
    await ada.tell(chapter, ada.create(deep))
    await mia.act("lock-thread", first)
    for below in (first, str(deep["id"])):
        note = ada.note("<p>more</p>", reply_to=below)
        state, reason = await ada.tell(chapter, ada.create(note))
        assert (state, "closed the thread" in reason) == ("ignored", True), below
        answer = await ana.client.post("/comments", data={"reply_to": below, "as": "me", "text": "hello"})
        assert (answer.status_code, "closed this to more comments" in answer.text) == (422, True)
    assert await ana.comment(root, "beside it")
    await mia.act("lock-thread", root)
    state, _ = await ada.tell(chapter, ada.create(ada.note("<p>more</p>", reply_to=str(deep["id"]))))
    assert state == "ignored", "above counts, too"
    await mia.undo((await newest(chapter, "lock-thread"))["id"])
    await mia.act("unlock-thread", first)
    assert await ana.comment(first, "again")


async def test_a_locked_post_of_ours_says_so_on_its_page_and_to_other_servers(world: World) -> None:
    chapter, ada, mia = await world.chapter(), world.stranger(), None
    await followed_by(chapter, ada)
    mia = await somebody(chapter, "Mia")
    post = await announce(chapter, "We meet on Sunday.")
    await mia.act("lock-thread", post)
    document = await chapter.get_json(post)
    assert document["commentsEnabled"] is False
    assert document["interactionPolicy"]["canReply"]["always"] == [chapter.uri]
    assert ada.received[-1]["type"] == "Update" and ada.received[-1]["object"]["commentsEnabled"] is False
    page = (await ((await bearer(chapter)).client).get(post)).text
    assert "closed this to more comments" in page and 'action="/comments"' not in page


async def test_behind_a_warning_means_on_every_page_and_in_what_others_get(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    mia = await somebody(chapter, "Mia")
    await follows(chapter, ada)
    note = ada.note("<p>blood</p>")
    await ada.tell(chapter, ada.create(note))
    ours = await announce(chapter, "Also blood.")
    for uri in (str(note["id"]), ours):
        await mia.act("mark-sensitive", uri)
    page = (await chapter.client().get("/")).text
    assert page.count("Moderators put this behind a warning") == 2
    assert (await chapter.get_json(ours))["sensitive"] is True
    await mia.undo((await newest(chapter))["id"])
    assert "sensitive" not in await chapter.get_json(ours) or not (await chapter.get_json(ours))["sensitive"]
    await mia.act("sensitive-actor", ada.uri)
    rows = await chapter.rows(
        "SELECT id FROM decision WHERE what = 'mark-sensitive' AND undo_of = '' ORDER BY id"
    )
    await mia.undo(rows[0]["id"])
    assert "Moderators put this behind a warning" in (await chapter.client().get("/")).text, "by its author"


async def test_an_erased_copy_stays_away_until_that_is_undone(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    mia = await somebody(chapter, "Mia")
    root = await announced(chapter)
    await follows(chapter, ada)
    note, reply = ada.note("<p>forget me</p>"), ada.note("<p>forget me</p>", reply_to=root)
    for one in (note, reply):
        await ada.tell(chapter, ada.create(one))
        await mia.act("delete-copy", str(one["id"]))
        await ada.tell(chapter, ada.create(one))
        await ada.tell(chapter, ada.activity("Update", {**one, "content": "<p>forget me not</p>"}))
    for table in ("known_object", "announcement", "announcement_version"):
        assert await chapter.count(table, "html LIKE '%forget%'") == 0, table
    assert await chapter.count("inbox_item", "body LIKE '%forget me<%' AND state = 'done'") == 0
    assert (await known(chapter, root)).replies == 0
    with pytest.raises(Refusal, match="erased already"):
        await mia.act("delete-copy", str(note["id"]))
    await mia.undo((await newest(chapter, "delete-copy"))["id"])
    again = ada.note("<p>forget me</p>", reply_to=root, id=reply["id"])
    assert (await ada.tell(chapter, ada.activity("Create", again, to=again["to"], cc=again["cc"])))[
        0
    ] == "done"


async def test_own_proposals_are_not_hidden_by_moderators(world: World) -> None:
    chapter = await world.chapter()
    mia = await somebody(chapter, "Mia")
    root = await announced(chapter)
    await chapter.unit(
        lambda unit: unit.execute("UPDATE known_object SET kind = 'proposal' WHERE uri = ?", root)
    )
    with pytest.raises(Refusal, match="how the chapter works"):
        await mia.act("hide", root)


@pytest.mark.parametrize("name", ["hide", "mark-sensitive", "lock-thread", "suspend-actor", "suspend-host"])
async def test_of_two_who_do_the_same_at_once_one_reads_that_it_is_done(each_world: World, name: str) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    mia, noor = await somebody(chapter, "Mia"), await somebody(chapter, "Noor")
    root = await announced(chapter)
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=ada.uri, decision="approved"))
    note = ada.note("<p>hello</p>", reply_to=root)
    await ada.tell(chapter, ada.create(note))
    target = {"suspend-actor": ada.uri, "suspend-host": ada.host}.get(name, str(note["id"]))
    house = chapter.house

    async def act(account_id: str) -> str:
        try:
            await chapter.unit(
                lambda unit: actions.ACTIONS[name].run(unit, house, target, Judge(account_id, "spam"), {})
            )
        except Refusal as error:
            return error.message
        return "done"

    ended = await asyncio.gather(act(mia.id), act(noor.id))
    assert sorted(one == "done" for one in ended) == [False, True], ended
    assert "already" in next(one for one in ended if one != "done")
    await chapter.run(house.marks.load(house.database))
    await chapter.settle()
    shown = name in ("mark-sensitive", "lock-thread")
    assert (await known(chapter, root)).replies == (1 if shown else 0)
    await mia.undo((await newest(chapter))["id"])
    assert (await known(chapter, root)).replies == 1


def test_every_verb_has_words_and_a_way_back_or_is_named_here() -> None:
    final = {name for name, one in audit.VERBS.items() if one.undo is None}
    assert final <= {"purge", "uphold-appeal", "read-message", "look-picture", "send-report"}
    assert all(one.words for one in audit.VERBS.values())
    assert all(one.undone for one in audit.VERBS.values() if one.undo is not None)


async def test_what_its_author_changed_while_it_was_hidden_waits_when_it_comes_back(
    each_world: World,
) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    mia = await somebody(chapter, "Mia")
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=ada.uri, decision="approved"))
    root = await announce(chapter, "We meet on Sunday.")
    note = ada.note("<p>hello</p>", reply_to=root)
    uri = str(note["id"])
    await ada.tell(chapter, ada.create(note))
    await mia.act("hide", uri)
    edited = note | {"content": "<p>buy pills</p>", "updated": "2030-01-01T00:00:00Z"}
    await ada.tell(chapter, ada.activity("Update", edited, to=note["to"], cc=note.get("cc", [])))
    assert (await known(chapter, uri)).state == "hidden"
    await mia.undo((await newest(chapter, "hide"))["id"])
    found = await known(chapter, uri)
    assert (found.state, "pills" in found.html) == ("held", True)
    [item] = await chapter.rows("SELECT state, reason FROM desk_item WHERE subject_uri = ?", uri)
    assert (item["state"], item["reason"]) == ("open", "its author changed it while it was hidden")
