"""The one queue: groups, evidence as it was at arrival, deciding by group, claims, notes, undo in one go."""

import re

import httpx
import pytest

from fedchapter.members import Role
from fedchapter.moderation.grouping import group_of_actor
from fedchapter.policy import find_mark
from tests.support.network import Chapter, Stranger, World
from tests.support.threads import announced, known

WORDS = "Buy these fine watches today, they are cheap and quite real"


async def says(chapter: Chapter, who: Stranger, text: str, to: str) -> str:
    note = who.note(f"<p>{text}</p>", reply_to=to)
    assert (await who.tell(chapter, who.create(note)))[0] == "held"
    return str(note["id"])


def seen(chapter: Chapter, act: str, **more: str) -> dict[str, str]:
    return {"act": act, "seen": chapter.clock.now().isoformat()} | more


def of(who: Stranger) -> str:
    return f"/admin/queue/{group_of_actor(who.uri)}"


async def group_keys(chapter: Chapter) -> list[str]:
    rows = await chapter.rows(
        "SELECT DISTINCT group_key FROM desk_item WHERE state = 'open' ORDER BY group_key"
    )
    return [row["group_key"] for row in rows]


async def flash_after(client: httpx.AsyncClient, answer: httpx.Response) -> str:
    assert answer.status_code == 303
    return (await client.get(answer.headers["location"])).text


async def test_the_same_words_by_several_authors_are_one_group(each_world: World) -> None:
    chapter = await each_world.chapter()
    root = await announced(chapter)
    who = [each_world.stranger(f"s{n}", f"host{n}.test") for n in range(3)]
    await says(chapter, who[0], f"{WORDS} 1", root)
    assert await group_keys(chapter) == [group_of_actor(who[0].uri)]
    for number, one in enumerate(who[1:], 2):
        await says(chapter, one, f"@riverside {WORDS} {number}", root)
    [key] = await group_keys(chapter)
    assert key.startswith(("text:", "wave:"))
    client = await chapter.signed_in(Role.MODERATOR)
    page = (await client.get("/admin/queue")).text
    assert "Refuse all 3" in page
    assert "3 servers" in page
    said = await flash_after(client, await client.post(f"/admin/queue/{key}", data=seen(chapter, "refuse")))
    assert "3 posts are hidden" in said
    assert await chapter.count("known_object", "state = 'hidden'") == 3
    [undo] = set(re.findall(r'action="(/admin/decisions/batch/\w+/undo)"', said))
    said = await flash_after(client, await client.post(undo))
    assert "Undone: 3 decisions." in said
    assert await chapter.count("known_object", "state = 'held'") == 3
    assert await group_keys(chapter) == [key]


async def test_what_came_while_somebody_looked_is_not_decided_with_it(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    first = await says(chapter, ada, "first", root)
    form = seen(chapter, "refuse")
    each_world.move(minutes=5)
    second = await says(chapter, ada, "second", root)
    client = await chapter.signed_in(Role.MODERATOR)
    await client.post(of(ada), data=form)
    assert (await known(chapter, first)).state == "hidden"
    assert (await known(chapter, second)).state == "held"


async def test_what_was_edited_since_it_came_is_shown_only_by_who_saw_the_edit(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    note = ada.note("<p>a friendly word</p>", reply_to=root)
    await ada.tell(chapter, ada.create(note))
    each_world.move(minutes=5)
    edited = note | {"content": "<p>a rude word</p>", "updated": chapter.clock.now().isoformat()}
    await ada.tell(chapter, ada.activity("Update", edited))
    client = await chapter.signed_in(Role.MODERATOR)
    page = (await client.get(of(ada))).text
    assert "a friendly word" in page, "as it was when it came"
    assert "a rude word" in page, "and as it is now"
    said = await flash_after(client, await client.post(of(ada), data=seen(chapter, "approve")))
    assert "It was edited since it came" in said
    assert (await known(chapter, str(note["id"]))).state == "held"
    [item] = re.findall(r'name="item" value="(\w+)"', page)[:1]
    [exact] = re.findall(r'name="exact" value="(\w+)"', page)[:1]
    await client.post(of(ada), data=seen(chapter, "approve", item=item, exact=exact))
    assert (await known(chapter, str(note["id"]))).state == "shown"


async def test_what_its_author_deleted_is_still_there_for_who_decides(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    first = await says(chapter, ada, "I know where you live", root)
    await ada.tell(chapter, ada.activity("Delete", first))
    client = await chapter.signed_in(Role.MODERATOR)
    page = (await client.get(of(ada))).text
    assert "I know where you live" in page
    assert "deleted by its author since" in page
    said = await flash_after(client, await client.post(of(ada), data=seen(chapter, "approve")))
    assert "its author deleted it" in said
    assert await group_keys(chapter) == []


async def test_fine_is_not_asked_again_until_it_changes(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    first = await says(chapter, ada, "one", root)
    client = await chapter.signed_in(Role.MODERATOR)
    await client.post(of(ada), data=seen(chapter, "fine"))
    assert (await known(chapter, first)).state == "shown"
    assert await chapter.run(find_mark(chapter.house.database, scope="actor", subject=ada.uri)) is None
    await says(chapter, ada, "two", root)
    assert await chapter.count("desk_fine") == 1


async def test_two_see_who_looks_at_what(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    await says(chapter, ada, "one", root)
    rosa, tomas = (
        await chapter.signed_in(Role.MODERATOR, "Rosa"),
        await chapter.signed_in(Role.MODERATOR, "Tomás"),
    )
    await rosa.post(of(ada), data={"act": "claim"})
    assert "Rosa looks at this" in (await tomas.get("/admin/queue")).text
    said = await flash_after(tomas, await tomas.post(of(ada), data={"act": "claim"}))
    assert "Rosa looks at this already." in said
    assert "Nothing waits" in (await tomas.get("/admin/queue?who=unclaimed")).text
    assert "@ada@" in (await rosa.get("/admin/queue?who=mine")).text
    each_world.move(minutes=31)
    assert "Rosa looks" not in (await tomas.get("/admin/queue")).text
    await tomas.post(of(ada), data={"act": "claim"})
    assert "Tomás looks at this" in (await rosa.get("/admin/queue")).text
    await tomas.post(of(ada), data={"act": "release"})
    assert "looks at this</span>" not in (await rosa.get("/admin/queue")).text


async def test_notes_are_for_the_next_moderator(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    await says(chapter, ada, "one", root)
    client = await chapter.signed_in(Role.MODERATOR, "Rosa")
    await client.post(of(ada), data={"act": "note", "text": "I have asked <her> by mail."})
    page = (await client.get(of(ada))).text
    assert "I have asked &lt;her&gt; by mail." in page
    said = await flash_after(client, await client.post(of(ada), data={"act": "note", "text": " "}))
    assert "Write something first." in said


async def test_the_second_of_two_who_decide_reads_who_was_first(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    first = await says(chapter, ada, "one", root)
    form = seen(chapter, "approve")
    rosa, tomas = (
        await chapter.signed_in(Role.MODERATOR, "Rosa"),
        await chapter.signed_in(Role.MODERATOR, "Tomás"),
    )
    await rosa.post(of(ada), data=form)
    answer = await tomas.post(of(ada), data=form | {"act": "refuse"})
    said = (
        (await tomas.get("/")).text if answer.headers["location"] == "/" else await flash_after(tomas, answer)
    )
    assert "Rosa has decided this a moment before you: Shown." in said
    assert (await known(chapter, first)).state == "shown"


async def test_filters_find_a_host_and_a_sort(world: World) -> None:
    chapter, ada, bob = await world.chapter(), world.stranger(), world.stranger("bob", "far.test")
    root = await announced(chapter)
    await says(chapter, ada, "one", root)
    await says(chapter, bob, "two", root)
    client = await chapter.signed_in(Role.MODERATOR)
    page = (await client.get("/admin/queue?host=far.test")).text
    assert ("@bob@far.test" in page, "@ada@" in page) == (True, False)
    assert "Nothing waits" in (await client.get("/admin/queue?sort=report")).text
    for odd in ("page=0", "page=x", "page=99999", "sort=odd&who=odd&host=%25"):
        assert (await client.get(f"/admin/queue?{odd}")).status_code == 200


@pytest.mark.parametrize("form", [{"act": "approve"}, {"act": "approve", "seen": "yesterday"}, {"act": ""}])
async def test_forms_that_lack_something_say_so(world: World, form: dict[str, str]) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    first = await says(chapter, ada, "one", root)
    client = await chapter.signed_in(Role.MODERATOR)
    assert (await client.post(of(ada), data=form)).status_code == 400
    assert (await known(chapter, first)).state == "held"
    assert (await client.get("/admin/queue/actor:nobody")).status_code == 404
    assert (await client.get("/admin/held")).headers["location"] == "/admin/queue"


async def test_acting_on_an_author_leaves_the_group_open(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    first = await says(chapter, ada, "one", root)
    client = await chapter.signed_in(Role.MODERATOR)
    form = {"action": "limit-actor", "target": ada.uri, "reason": "too loud", "next": of(ada)}
    said = await flash_after(client, await client.post(f"{of(ada)}/act", data=form))
    assert "They are on no public page any more." in said
    assert "limited" in said
    assert (await known(chapter, first)).state == "held"
    [undo] = set(re.findall(r'action="(/admin/decisions/batch/\w+/undo)"', said))
    await client.post(undo)
    assert await chapter.run(find_mark(chapter.house.database, scope="actor", subject=ada.uri)) is None


async def test_what_was_held_before_there_was_a_queue_is_in_it(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    await says(chapter, ada, "one", root)
    await chapter.unit(lambda unit: unit.execute("DELETE FROM desk_item"))
    await chapter.unit(
        lambda unit: unit.execute(
            "INSERT INTO job (name, key, payload, state, attempts, error, created_at, due_at) "
            "VALUES ('adopt-held', 'adopt-held', '{}', 'due', 0, '', ?, ?)",
            unit.now,
            unit.now,
        )
    )
    await chapter.settle()
    assert await group_keys(chapter) == [group_of_actor(ada.uri)]


async def test_everything_from_one_server_is_decided_together(each_world: World) -> None:
    chapter = await each_world.chapter()
    ada, bob, cleo = (
        each_world.stranger(),
        each_world.stranger("bob"),
        each_world.stranger("cleo", "far.test"),
    )
    root = await announced(chapter)
    for who, text in ((ada, "one"), (bob, "two"), (cleo, "three")):
        await says(chapter, who, text, root)
    client = await chapter.signed_in(Role.MODERATOR)
    page = (await client.get(f"/admin/queue/host:{ada.host}")).text
    assert "Refuse all 2" in page
    assert f"/admin/queue/host:{ada.host}" in (await client.get(of(ada))).text
    said = await flash_after(
        client, await client.post(f"/admin/queue/host:{ada.host}", data=seen(chapter, "refuse"))
    )
    assert "2 posts are hidden" in said
    assert await group_keys(chapter) == [group_of_actor(cleo.uri)]
