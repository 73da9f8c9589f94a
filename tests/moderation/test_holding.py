"""The first hold queue: a stranger's first reply waits, and until then leaks nowhere."""

import pytest

from fedchapter.members import Permission, Role
from fedchapter.moderation.grouping import group_of_actor
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.policy import find_mark, set_mark
from fedchapter.web.thread import thread
from tests.support.network import Chapter, Stranger, World
from tests.support.threads import announced, known, members_of


async def says(chapter: Chapter, who: Stranger, text: str, to: str) -> tuple[str, str, str]:
    note = who.note(f"<p>{text}</p>", reply_to=to)
    state, reason = await who.tell(chapter, who.create(note))
    return str(note["id"]), state, reason


async def shown(chapter: Chapter, root: str, role: Role | None = None) -> list[str]:
    nodes = await chapter.run(
        thread(chapter.house.database, root, sees_held=role is not None and Permission.MODERATE.allows(role))
    )
    return [node["content"].striptags() for node, _ in nodes]


async def decide(chapter: Chapter, act: str, uri: str, **more: str) -> int:
    client = await chapter.signed_in(Role.MODERATOR)
    answer = await client.post("/admin/queue", data={"act": act, "uri": uri} | more)
    return answer.status_code


async def decide_all(chapter: Chapter, act: str, who: Stranger, **more: str) -> int:
    client = await chapter.signed_in(Role.MODERATOR)
    form = {"act": act, "seen": chapter.clock.now().isoformat()} | more
    return (await client.post(f"/admin/queue/{group_of_actor(who.uri)}", data=form)).status_code


async def mark_of(chapter: Chapter, uri: str) -> str | None:
    return await chapter.run(find_mark(chapter.house.database, scope="actor", subject=uri))


async def test_a_strangers_first_reply_waits_and_approval_is_remembered(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    first, state, reason = await says(chapter, ada, "first", root)
    assert state == "held"
    assert reason.startswith("the first post of somebody new here")
    await says(chapter, ada, "second", root)
    assert await shown(chapter, root) == []
    assert await decide(chapter, "approve", first) == 303
    assert await shown(chapter, root) == ["first", "second"], "what else waited of hers is shown too"
    assert (await known(chapter, root)).replies == 2
    assert await mark_of(chapter, ada.uri) == "approved"
    _, state, _ = await says(chapter, ada, "third", root)
    assert state == "done"
    assert (await known(chapter, root)).replies == 3


async def test_c3_what_is_held_leaks_nowhere(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    held, _, _ = await says(chapter, ada, "unseen words", root)
    assert await shown(chapter, root) == []
    assert await shown(chapter, root, Role.MEMBER) == []
    assert (await known(chapter, root)).replies == 0
    assert await members_of(chapter, f"{root}/replies") == []
    assert await members_of(chapter, f"{root}/context") == [root]
    ref = (await known(chapter, held)).ref
    for client in (chapter.client(), await chapter.signed_in(Role.MEMBER)):
        for accept in ("text/html", "application/activity+json"):
            there = await client.get(f"/comments/{ref}", headers={"Accept": accept})
            absent = await client.get("/comments/01hzzzzzzzzzzzzzzzzzzzzzzz", headers={"Accept": accept})
            assert there.status_code == absent.status_code == 404
            assert there.text == absent.text
    moderator = await chapter.signed_in(Role.MODERATOR)
    assert "unseen words" in (await moderator.get("/admin/queue")).text
    for path in (f"/comments/{ref}/replies", f"/comments/{ref}/context", f"/comments/{ref}/likes"):
        assert (await chapter.client().get(path)).status_code == 404


async def test_what_answers_something_held_waits_with_it(world: World) -> None:
    chapter, ada, bob = await world.chapter(), world.stranger(), world.stranger("bob", "far.test")
    root = await announced(chapter)
    held, _, _ = await says(chapter, ada, "first", root)
    await bob.tell(chapter, bob.activity("Follow", chapter.uri))
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=bob.uri, decision="approved"))
    _, state, reason = await says(chapter, bob, "oh", held)
    assert state == "held"
    assert reason.startswith("it answers a comment that waits")


async def test_a_refused_reply_is_hidden_and_its_author_is_not_told(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    first, _, _ = await says(chapter, ada, "rude", root)
    assert await decide(chapter, "refuse", first) == 303
    await chapter.settle()
    assert (await known(chapter, first)).state == "hidden"
    assert await shown(chapter, root, Role.ADMIN) == []
    assert ada.received == []
    _, state, _ = await says(chapter, ada, "again", root)
    assert state == "held"


async def test_always_holding_somebody_outlives_an_approval(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    await says(chapter, ada, "one", root)
    assert await decide_all(chapter, "refuse-wait", ada, reason="sells watches") == 303
    assert await mark_of(chapter, ada.uri) == "hold"
    second, state, reason = await says(chapter, ada, "two", root)
    assert state == "held"
    assert reason.startswith("an admin wants to see what comes from there first")
    await says(chapter, ada, "three", root)
    await decide(chapter, "approve", second)
    assert await shown(chapter, root) == ["two"], "each is looked at by itself"
    assert await mark_of(chapter, ada.uri) == "hold"


async def test_somebody_refused_for_good_says_nothing_more(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    await says(chapter, ada, "one", root)
    await decide_all(chapter, "refuse-suspend", ada)
    _, state, reason = await says(chapter, ada, "two", root)
    assert state == "refused"
    assert reason.startswith("an admin refused this actor")
    assert await chapter.count("known_object", "state = 'held'") == 0
    assert (await ada.tell(chapter, ada.activity("Like", root)))[0] == "refused"


async def test_a_shown_comment_can_be_hidden(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    first, _, _ = await says(chapter, ada, "one", root)
    await decide(chapter, "approve", first)
    await decide(chapter, "refuse", first)
    assert await shown(chapter, root) == []
    assert (await known(chapter, root)).replies == 0


async def test_a_decision_can_be_undone_once_and_the_log_keeps_both(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    first, _, _ = await says(chapter, ada, "one", root)
    await decide(chapter, "approve", first)
    client = await chapter.signed_in(Role.MODERATOR, name="Rosa")
    rows = await chapter.rows("SELECT id, what, batch FROM decision ORDER BY what")
    assert [row["what"] for row in rows] == ["allow-actor", "approve"]
    for row in rows:
        assert (
            await client.post(f"/admin/decisions/{row['id']}/undo", data={"reason": "too soon"})
        ).status_code == 303
    assert (await known(chapter, first)).state == "held"
    assert (await known(chapter, root)).replies == 0
    assert await mark_of(chapter, ada.uri) is None
    again = await client.post(f"/admin/decisions/{rows[1]['id']}/undo")
    assert (again.status_code, "undone already" in again.text) == (400, True)
    page = (await client.get("/admin/decisions")).text
    assert "Undone: approved somebody" in page
    assert "too soon" in page
    assert "Rosa" in page
    assert await chapter.count("decision") == 4


async def test_an_undo_does_not_overrule_what_came_after(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    first, _, _ = await says(chapter, ada, "one", root)
    await decide(chapter, "refuse", first)
    [row] = await chapter.rows("SELECT id FROM decision")
    await ada.tell(chapter, ada.activity("Delete", first))
    client = await chapter.signed_in(Role.MODERATOR)
    answer = await client.post(f"/admin/decisions/{row['id']}/undo")
    assert "it is gone" in answer.text
    assert (await known(chapter, first)).state == "gone"


async def test_links_in_what_is_held_cannot_be_clicked(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    await says(chapter, ada, 'see <a href="https://trap.test/who-are-you">this</a>', root)
    page = (await (await chapter.signed_in(Role.MODERATOR)).get("/admin/queue")).text
    assert "Links to: trap.test" in page
    assert "https://trap.test" not in page
    assert "@ada@elsewhere.test" in page


@pytest.mark.parametrize("role", [None, Role.MEMBER])
async def test_only_moderators_decide(world: World, role: Role | None) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    first, _, _ = await says(chapter, ada, "one", root)
    client = chapter.client() if role is None else await chapter.signed_in(role)
    assert (await client.post("/admin/queue", data={"act": "approve", "uri": first})).status_code == 403
    assert (await client.get("/admin/decisions")).status_code in (303, 403)
    assert (await known(chapter, first)).state == "held"


async def test_deciding_twice_says_so(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    first, _, _ = await says(chapter, ada, "one", root)
    assert await decide(chapter, "approve", first) == 303
    assert await decide(chapter, "approve", first) == 400
    assert await decide(chapter, "approve", root) == 400
    assert await decide(chapter, "shout", first) == 400


async def test_return_addresses_stay_here(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    first, _, _ = await says(chapter, ada, "one", root)
    client = await chapter.signed_in(Role.MODERATOR)
    form = {"act": "approve", "uri": first, "next": "https://evil.test/"}
    assert (await client.post("/admin/queue", data=form)).headers["location"] == "/admin/queue"


async def test_c3_the_page_shows_what_is_held_to_moderators_only(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    post_id = await chapter.unit(lambda unit: announcements.write(unit, Draft("We meet on Sunday.")))
    root = chapter.settings.uri("announcements", post_id)
    await says(chapter, ada, 'moonbeam <a href="https://trap.test/">words</a>', root)
    for role, sees in ((None, False), (Role.MEMBER, False), (Role.MODERATOR, True)):
        client = chapter.client() if role is None else await chapter.signed_in(role)
        page = (await client.get(root)).text
        assert ("moonbeam" in page) is sees
        assert "No comments yet" in page
        assert "trap.test" not in page
    home = (await chapter.client().get("/")).text
    assert "moonbeam" not in home
    document = await chapter.get_json(root)
    assert "moonbeam" not in str(document)
