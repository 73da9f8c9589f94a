"""Somebody's private information, reported: set aside at once by whom it may be, never a weapon, no word kept."""

from fedchapter.members import Role
from fedchapter.policy import set_mark
from tests.moderation.reporting import form_of, shown
from tests.support.network import Chapter, World
from tests.support.threads import announced, known

WORDS = "<p>Vera lives at Mill Lane 7, second floor.</p>"


async def private(world: World, chapter: Chapter, uri: str, *, member: bool = True) -> None:
    client = await chapter.signed_in(Role.MEMBER) if member else chapter.client()
    form = await form_of(world, client, uri) | {"category": "private"}
    assert (await client.post("/report", data=form)).status_code == 303


async def test_a_members_word_sets_it_aside_with_its_copies_and_moderators_hear_at_once(
    each_world: World,
) -> None:
    chapter, ada, bo = (
        await each_world.chapter(),
        each_world.stranger("ada"),
        each_world.stranger("bo", "b.test"),
    )
    root = await announced(chapter)
    moderator = await chapter.signed_in(Role.MODERATOR)
    post, copy = await shown(chapter, ada, root, WORDS), await shown(chapter, bo, root, WORDS)
    await private(each_world, chapter, post)
    assert [(await known(chapter, uri)).state for uri in (post, copy)] == ["hidden", "hidden"]
    [notice] = await chapter.rows("SELECT id, text FROM notice WHERE key LIKE 'report:%'")
    assert await chapter.count("told", "notice_id = ?", notice["id"]) == 1
    [report] = await chapter.rows("SELECT id, category FROM report")
    assert "Mill Lane" not in str(await chapter.rows("SELECT evidence FROM report_item"))
    [item] = await chapter.rows("SELECT gravity, evidence FROM desk_item WHERE sort = 'report'")
    assert item["gravity"] == 100
    assert "Mill Lane" not in item["evidence"]
    page = (await moderator.get(f"/admin/reports/{report['id']}")).text
    assert "no word is kept" in page
    assert "Set aside until a moderator looks" in page
    rows = await chapter.rows("SELECT batch FROM decision WHERE what = 'set-aside'")
    [batch] = {row["batch"] for row in rows}
    assert (await moderator.post(f"/admin/decisions/batch/{batch}/undo")).status_code == 303
    assert [(await known(chapter, uri)).state for uri in (post, copy)] == ["shown", "shown"]


async def test_the_origins_edits_and_second_sending_leave_it_aside(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await shown(chapter, ada, await announced(chapter), WORDS)
    await private(world, chapter, post)
    note = {"id": post, "type": "Note", "attributedTo": ada.uri, "content": "<p>Vera, still there.</p>"}
    note |= {
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "updated": chapter.clock.now().isoformat(),
    }
    await ada.tell(chapter, ada.activity("Update", note))
    await ada.tell(chapter, ada.activity("Create", note))
    assert (await known(chapter, post)).state == "hidden"


async def test_a_member_sets_aside_three_a_day_and_moderators_hear_of_the_fourth(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    posts = [await shown(chapter, ada, root, f"<p>word {n}</p>") for n in range(4)]
    client = await chapter.signed_in(Role.MEMBER)
    moderators = await chapter.signed_in(Role.MODERATOR)
    for post in posts:
        await client.post("/report", data={"uri": post, "category": "private"})
        each_world.move(hours=1)
        [report] = await chapter.rows("SELECT id FROM report WHERE state = 'open'")
        await moderators.post(f"/admin/reports/{report['id']}", data={"act": "close", "outcome": "none"})
    states = [(await known(chapter, post)).state for post in posts]
    assert states == ["hidden", "hidden", "hidden", "shown"]
    assert await chapter.count("notice", "kind = 'moderation' AND key LIKE 'report:%'") == 4


async def test_a_second_post_of_the_same_author_is_set_aside_though_the_report_is_counted_with_the_first(
    world: World,
) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    posts = [await shown(chapter, ada, root, f"<p>word {n}</p>") for n in range(2)]
    client = await chapter.signed_in(Role.MEMBER)
    for post in posts:
        await client.post("/report", data={"uri": post, "category": "private"})
    assert [(await known(chapter, post)).state for post in posts] == ["hidden", "hidden"]


async def test_a_visitors_word_sets_aside_only_what_a_stranger_elsewhere_wrote(world: World) -> None:
    chapter, ada, bo = await world.chapter(), world.stranger("ada"), world.stranger("bo", "b.test")
    root = await announced(chapter)
    approved, strange = (
        await shown(chapter, ada, root, "<p>one</p>"),
        await shown(chapter, bo, root, "<p>two</p>"),
    )
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=bo.uri, decision=""))
    for uri in (approved, strange, root):
        await private(world, chapter, uri, member=False)
    assert (await known(chapter, approved)).state == "shown"
    assert (await known(chapter, strange)).state == "hidden"
    assert (await known(chapter, root)).state == "shown"
    assert await chapter.count("desk_item", "gravity = 100 AND state = 'open'") == 3


async def test_nobody_alone_silences_the_chapter(world: World) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    await private(world, chapter, root)
    assert (await known(chapter, root)).state == "shown"
    assert await chapter.count("desk_item", "gravity = 100 AND state = 'open'") == 1


async def test_another_server_sets_nothing_aside(world: World) -> None:
    chapter, ada, bo = await world.chapter(), world.stranger("ada"), world.stranger("bo", "b.test")
    post = await shown(chapter, ada, await announced(chapter))
    tag = [{"type": "Hashtag", "name": "privacy"}]
    assert (await bo.tell(chapter, bo.activity("Flag", [post], content="me", tag=tag)))[0] == "done"
    assert (await known(chapter, post)).state == "shown"
    assert await chapter.count("desk_item", "gravity = 100") == 1


async def test_what_moderators_keep_away_is_in_no_earlier_report_either(each_world: World) -> None:
    chapter, ada, bo = (
        await each_world.chapter(),
        each_world.stranger("ada"),
        each_world.stranger("bo", "b.test"),
    )
    post = await shown(chapter, ada, await announced(chapter), WORDS)
    await bo.tell(chapter, bo.activity("Flag", [ada.uri, post]))
    assert "Mill Lane" in str(await chapter.rows("SELECT evidence FROM report_item"))
    [report] = await chapter.rows("SELECT id FROM report")
    client, url = await chapter.signed_in(Role.MODERATOR), f"/admin/reports/{report['id']}"
    answer = await client.post(f"{url}/act", data={"action": "private", "target": post, "next": url})
    assert answer.status_code == 303, answer.text
    assert "Mill Lane" not in str(await chapter.rows("SELECT evidence FROM report_item"))
    assert "Mill Lane" not in str(await chapter.rows("SELECT evidence FROM desk_item"))


async def test_nobody_sets_aside_what_a_sister_or_friend_wrote_by_copying_its_words(
    each_world: World,
) -> None:
    chapter = await each_world.chapter()
    ada, bo = each_world.stranger("ada"), each_world.stranger("bo", "b.test")
    root = await announced(chapter)
    friend, copy = await shown(chapter, ada, root, WORDS), await shown(chapter, bo, root, WORDS)
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=bo.uri, decision=""))
    await private(each_world, chapter, copy, member=False)
    assert (await known(chapter, copy)).state == "hidden"
    assert (await known(chapter, friend)).state == "shown", "a visitor may not set this aside"


async def test_a_server_that_cries_wolf_is_heard_once_a_day(world: World) -> None:
    chapter, bo = await world.chapter(), world.stranger("bo", "b.test")
    await chapter.signed_in(Role.MODERATOR)
    for number in range(4):
        ada = world.stranger("ada", f"a{number}.test")
        post = await shown(chapter, ada, await announced(chapter))
        tag = [{"type": "Hashtag", "name": "privacy"}]
        assert (await bo.tell(chapter, bo.activity("Flag", [post], content="me", tag=tag)))[0] == "done"
    assert await chapter.count("desk_item", "gravity = 100") == 4, "all of them wait first"
    assert await chapter.count("notice", "key LIKE 'report:%'") == 1
