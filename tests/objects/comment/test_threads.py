"""Threads: replies from anywhere, replies to replies, edits and deletions, counts and collections."""

from typing import Any

from fedchapter.policy import set_mark
from fedchapter.store.choices import choose
from fedchapter.web.thread import thread
from tests.support.network import PUBLIC, Chapter, Stranger, World
from tests.support.threads import announced, known, members_of


async def approve(chapter: Chapter, *people: Stranger) -> None:
    for one in people:
        await chapter.unit(
            lambda unit, uri=one.uri: set_mark(unit, scope="actor", subject=uri, decision="approved")
        )


async def texts(chapter: Chapter, root: str) -> list[tuple[str, int]]:
    nodes = await chapter.run(thread(chapter.house.database, root, sees_held=False))
    return [(node["content"].striptags(), depth) for node, depth in nodes]


async def test_people_talk_under_an_announcement(each_world: World) -> None:
    chapter, ada, bob = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("bob", "far.test"),
    )
    await approve(chapter, ada, bob)
    root = await announced(chapter)
    first = ada.note("<p>I will come</p>", reply_to=root)
    state, reason = await ada.tell(chapter, ada.create(first))
    assert (state, reason) == ("done", "shown as a comment: approved before")
    each_world.move(minutes=1)
    answer = bob.note("<p>Me too</p>", reply_to=first["id"])
    await bob.tell(chapter, bob.create(answer))
    each_world.move(minutes=1)
    other = bob.note("<p>Where?</p>", reply_to=root)
    await bob.tell(chapter, bob.create(other))
    assert await texts(chapter, root) == [("I will come", 0), ("Me too", 1), ("Where?", 0)]
    assert (await known(chapter, root)).replies == 3
    assert (await known(chapter, first["id"])).replies == 1
    assert await members_of(chapter, f"{root}/replies") == [first["id"], other["id"]]
    assert await members_of(chapter, f"{root}/context") == [root, first["id"], answer["id"], other["id"]]


async def test_a_long_thread_is_given_in_pages(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await approve(chapter, ada)
    root = await announced(chapter)
    for _ in range(45):
        await ada.send(chapter, ada.create(ada.note("hello", reply_to=root)))
    await chapter.settle()
    assert len(set(await members_of(chapter, f"{root}/replies"))) == 45
    assert (await chapter.get_json(f"{root}/replies?page=99"))["orderedItems"] == []
    assert len((await chapter.get_json(f"{root}/replies?page=-1"))["orderedItems"]) == 20


async def test_an_edit_changes_the_text_and_an_older_one_does_not(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await approve(chapter, ada)
    root = await announced(chapter)
    note = ada.note("<p>frist</p>", reply_to=root)
    await ada.tell(chapter, ada.create(note))
    newer = note | {"content": "<p>first</p>", "updated": "2026-11-22T12:00:00Z"}
    older = note | {"content": "<p>fisrt</p>", "updated": "2026-11-22T11:00:00Z"}
    assert (await ada.tell(chapter, ada.activity("Update", newer, to=[PUBLIC])))[0] == "done"
    assert (await ada.tell(chapter, ada.activity("Update", older, to=[PUBLIC])))[0] == "ignored"
    assert await texts(chapter, root) == [("first", 0)]


async def test_an_edit_by_somebody_else_is_refused(world: World) -> None:
    chapter, ada, mallory = await world.chapter(), world.stranger(), world.stranger("mallory")
    await approve(chapter, ada, mallory)
    root = await announced(chapter)
    note = ada.note("<p>mine</p>", reply_to=root)
    await ada.tell(chapter, ada.create(note))
    forged = note | {"content": "<p>forged</p>", "attributedTo": mallory.uri}
    for activity in (mallory.activity("Update", forged), mallory.activity("Delete", note["id"])):
        assert (await mallory.tell(chapter, activity))[0] == "refused"
    assert await texts(chapter, root) == [("mine", 0)]


async def test_a_deleted_comment_is_gone_and_its_answers_stay(each_world: World) -> None:
    chapter, ada, bob = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("bob", "far.test"),
    )
    await approve(chapter, ada, bob)
    root = await announced(chapter)
    note = ada.note("<p>oops</p>", reply_to=root)
    await ada.tell(chapter, ada.create(note))
    await bob.tell(chapter, bob.create(bob.note("<p>what?</p>", reply_to=note["id"])))
    tombstone = {"id": note["id"], "type": "Tombstone"}
    assert (await ada.tell(chapter, ada.activity("Delete", tombstone)))[0] == "done"
    assert await texts(chapter, root) == [("what?", 0)]
    assert (await known(chapter, root)).replies == 1
    assert (await known(chapter, note["id"])).html == ""
    late = ada.activity("Create", note, to=[PUBLIC])
    assert (await ada.tell(chapter, late))[0] == "ignored"
    assert await texts(chapter, root) == [("what?", 0)]


async def test_a4_a_delete_before_its_create_wins(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await approve(chapter, ada)
    root = await announced(chapter)
    note = ada.note("<p>never mind</p>", reply_to=root)
    state = await ada.tell(chapter, ada.activity("Delete", note["id"], to=[PUBLIC]))
    assert state[0] == "ignored", state
    assert await ada.tell(chapter, ada.create(note)) == ("ignored", "it was deleted before it arrived")
    assert await texts(chapter, root) == []


async def test_a_neighbour_cannot_delete_before_the_create(world: World) -> None:
    chapter, ada, mallory = await world.chapter(), world.stranger(), world.stranger("mallory")
    await approve(chapter, ada)
    root = await announced(chapter)
    note = ada.note("<p>hello</p>", reply_to=root)
    await mallory.tell(chapter, mallory.activity("Delete", note["id"], to=[PUBLIC]))
    assert (await ada.tell(chapter, ada.create(note)))[0] == "done"


async def test_the_same_comment_twice_counts_once(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await approve(chapter, ada)
    root = await announced(chapter)
    note = ada.note("<p>again</p>", reply_to=root)
    await ada.tell(chapter, ada.create(note))
    assert (await ada.tell(chapter, ada.create(note)))[0] == "ignored"
    assert (await known(chapter, root)).replies == 1


async def test_a_private_reply_is_never_a_comment(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await approve(chapter, ada)
    root = await announced(chapter)
    to_followers: dict[str, Any] = {"to": [f"{ada.uri}/followers"], "cc": [chapter.uri]}
    direct: dict[str, Any] = {"to": [chapter.uri], "cc": []}
    for addressed in (to_followers, direct):
        note = ada.note("<p>between us</p>", reply_to=root, **addressed)
        await ada.tell(chapter, ada.create(note))
        # An activity that says "public" about an object that does not is no way around it.
        await ada.tell(chapter, ada.activity("Create", note | {"id": note["id"] + "x"}, to=[PUBLIC]))
    assert await texts(chapter, root) == []
    assert await members_of(chapter, f"{root}/context") == [root]
    assert (await known(chapter, root)).replies == 0


async def test_b5_a_reply_to_something_unknown_fetches_nothing(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    asked = len(ada.site.asked)
    note = ada.note("<p>hm</p>", reply_to="https://elsewhere.test/notes/unknown")
    assert (await ada.tell(chapter, ada.create(note)))[0] == "ignored"
    assert len(ada.site.asked) == asked


async def test_what_takes_no_comments_gets_none(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await approve(chapter, ada)
    follow = ada.activity("Follow", chapter.uri)
    await ada.tell(chapter, follow)
    state, reason = await ada.tell(chapter, ada.create(ada.note("hi", reply_to=follow["id"])))
    assert (state, reason) == ("ignored", "a follow takes no comments")


async def test_without_the_rule_a_stranger_is_shown_at_once(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    root = await announced(chapter)
    assert (await ada.tell(chapter, ada.create(ada.note("<p>hi</p>", reply_to=root))))[0] == "done"


async def test_d1_scripts_and_styles_of_a_comment_do_not_come_in(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await approve(chapter, ada)
    root = await announced(chapter)
    evil = '<p style="position:fixed" onclick="x()">hi <script>alert(1)</script><img src=x onerror=y></p>'
    note = ada.note(evil, reply_to=root)
    await ada.tell(chapter, ada.create(note))
    html = (await known(chapter, note["id"])).html
    assert html == "<p>hi </p>"


async def test_comments_and_likes_of_a_deleted_actor_are_counted_no_more(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await approve(chapter, ada)
    root = await announced(chapter)
    note = ada.note("<p>bye</p>", reply_to=root)
    await ada.tell(chapter, ada.create(note))
    await ada.tell(chapter, ada.activity("Like", root))
    assert ((await known(chapter, root)).replies, (await known(chapter, root)).likes) == (1, 1)
    await ada.tell(chapter, ada.activity("Delete", ada.uri, to=[PUBLIC]))
    assert ((await known(chapter, root)).replies, (await known(chapter, root)).likes) == (0, 0)
    assert (await known(chapter, note["id"])).html == ""
    assert await chapter.count("reaction") == 0


async def test_a_followed_group_brings_in_comments_of_its_members(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    club = world.stranger("club", "forum.test", "Group")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    await approve(chapter, ada)
    root = await announced(chapter)
    note = ada.note("<p>from the club</p>", reply_to=root)
    announce = club.activity("Announce", ada.create(note), to=[PUBLIC])
    await club.tell(chapter, announce)
    assert await texts(chapter, root) == [], "a group that nobody here follows brings nothing"
    await chapter.unit(
        lambda unit: unit.execute(
            "INSERT INTO follow (id, uri, follower_uri, followed_uri, state, created_at) VALUES (?, '', ?, ?, ?, ?)",
            unit.new_id(),
            chapter.uri,
            club.uri,
            "accepted",
            unit.now,
        )
    )
    again = club.activity("Announce", ada.create(note), to=[PUBLIC])
    assert (await club.tell(chapter, again))[0] == "done"
    assert await texts(chapter, root) == [("from the club", 0)]
    assert (await known(chapter, note["id"])).owner_uri == ada.uri
