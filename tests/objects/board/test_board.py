"""The board: posting, answering and erasing here, and between sister chapters without names."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from fedchapter.members import Role, leave
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.objects.sister.test_sisters import made_sisters
from tests.site.people import member, sign_in
from tests.support.network import PUBLIC, Chapter, World

ENTRY = {"sort": "need", "title": "A lift to the clinic", "text": "On Tuesdays at nine.", "category": "rides"}
NAME = "Zuzana Quist"


def overhear(world: World) -> list[str]:
    """Everything that goes over the wires from now on."""
    heard: list[str] = []
    carry = world.network.handle_async_request

    async def listen(request: httpx.Request) -> httpx.Response:
        heard.append(f"{request.url} {(await request.aread()).decode()}")
        return await carry(request)

    world.network.handle_async_request = listen  # type: ignore[method-assign]
    return heard


async def client_of(chapter: Chapter, name: str) -> httpx.AsyncClient:
    """Somebody signed in."""
    await member(chapter, name)
    client = chapter.client()
    await sign_in(client, name)
    return client


async def posted(client: httpx.AsyncClient, **more: str) -> str:
    """The path of a fresh entry."""
    answer = await client.post("/board/new", data=ENTRY | more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_a_member_posts_and_another_answers_through_the_site(each_world: World) -> None:
    chapter = await each_world.chapter()
    zuzana, bo, visitor = await client_of(chapter, NAME), await client_of(chapter, "Bo"), chapter.client()
    path = await posted(zuzana)
    assert "A lift to the clinic" in (await bo.get("/board")).text
    page = (await bo.get(path)).text
    assert NAME not in page
    assert (await visitor.get("/board")).status_code == 303
    assert (await bo.post(path, data={"text": "I drive there anyway."})).status_code == 303
    assert (await bo.post(path, data={"text": "And again."})).status_code == 400
    own = (await zuzana.get(path)).text
    assert "I drive there anyway." in own
    assert "Bo" in own
    [row] = await chapter.rows("SELECT id FROM board_answer")
    other = await client_of(chapter, "Cy")
    assert "I drive there" not in (await other.get(path)).text
    assert (await other.post(f"{path}/answers/{row['id']}", data={"text": "x"})).status_code == 403
    assert (
        await zuzana.post(f"{path}/answers/{row['id']}", data={"text": "Call me: 0101"})
    ).status_code == 303
    assert "Call me: 0101" in (await bo.get(path)).text
    keys = {row["key"].partition(":")[0] for row in await chapter.rows("SELECT key FROM notice")}
    assert keys == {"board-answer", "board-reply"}


async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world: World) -> None:
    chapter = await world.chapter()
    client = await client_of(chapter, "Ana")
    wrong = await client.post("/board/new", data=ENTRY | {"title": "A"})
    assert wrong.status_code == 400
    assert "On Tuesdays at nine." in wrong.text
    for _ in range(10):
        await posted(client)
    assert "Close one first" in (await client.post("/board/new", data=ENTRY)).text


async def test_only_its_author_changes_an_entry_and_it_ends_after_sixty_days(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana, bo = await client_of(chapter, "Ana"), await client_of(chapter, "Bo")
    path = await posted(ana)
    assert (await bo.post(f"{path}/edit", data=ENTRY)).status_code == 403
    assert (await bo.post(f"{path}/close")).status_code == 403
    each_world.move(days=50)
    await chapter.unit(
        lambda unit: unit.execute("UPDATE session SET ends_at = ?", unit.now + timedelta(days=99))
    )
    assert (await ana.post(f"{path}/edit", data=ENTRY | {"title": "A lift, still"})).status_code == 303
    each_world.move(days=50)
    await chapter.settle()
    assert await chapter.count("board_entry") == 1
    each_world.move(days=11)
    await chapter.settle()
    assert await chapter.count("board_entry") == 0
    assert await chapter.count("notice", "key LIKE 'board-over:%'") == 1


async def test_a_shared_entry_reaches_sister_chapters_without_a_name(each_world: World) -> None:
    riverside, hillside = await made_sisters(each_world)
    heard = overhear(each_world)
    zuzana, eve = await client_of(riverside, NAME), await client_of(hillside, "Eve Onyango")
    path = await posted(zuzana, shared="yes", named="yes")
    await each_world.settle()
    page = (await eve.get("/board")).text
    assert "A lift to the clinic" in page
    assert "Riverside, a sister chapter" in page
    assert NAME not in page
    [row] = await hillside.rows("SELECT id FROM board_entry")
    answer = await eve.post(f"/board/{row['id']}", data={"text": "My cousin drives there."})
    assert answer.status_code == 303
    await each_world.settle()
    own = (await zuzana.get(path)).text
    assert "My cousin drives there." in own
    assert "Somebody at Hillside" in own
    [mine] = await riverside.rows("SELECT id FROM board_answer")
    await zuzana.post(f"{path}/answers/{mine['id']}", data={"text": "Lovely! Ring 0101."})
    await each_world.settle()
    assert "Lovely! Ring 0101." in (await eve.get(f"/board/{row['id']}")).text
    assert any("clinic" in one for one in heard)
    assert [one for one in heard if NAME in one or "Onyango" in one] == []
    await zuzana.post(f"{path}/close")
    await each_world.settle()
    for chapter in (riverside, hillside):
        assert await chapter.count("board_entry") == 0
        assert await chapter.count("board_answer") == 0
        assert await chapter.count("outbox_item", "body LIKE '%clinic%' OR body LIKE '%cousin%'") == 0
        assert await chapter.count("inbox_item", "body LIKE '%clinic%' OR body LIKE '%cousin%'") == 0


async def test_an_entry_that_is_not_shared_any_more_is_gone_elsewhere_and_can_come_back(world: World) -> None:
    riverside, hillside = await made_sisters(world)
    client = await client_of(riverside, "Ana")
    path = await posted(client, shared="yes")
    await world.settle()
    await client.post(f"{path}/edit", data=ENTRY)
    await world.settle()
    assert await hillside.count("board_entry") == 0
    await client.post(f"{path}/edit", data=ENTRY | {"shared": "yes", "title": "A lift again"})
    await world.settle()
    await client.post(f"{path}/edit", data=ENTRY | {"shared": "yes", "title": "A lift, and back"})
    await world.settle()
    [row] = await hillside.rows("SELECT title FROM board_entry")
    assert row["title"] == "A lift, and back"


async def test_whoever_leaves_takes_their_entries_along_here_and_there(world: World) -> None:
    riverside, hillside = await made_sisters(world)
    ana = await member(riverside, "Ana")
    client = riverside.client()
    await sign_in(client, "Ana")
    await posted(client, shared="yes")
    await world.settle()
    assert await hillside.count("board_entry") == 1
    await riverside.unit(lambda unit: leave(unit, ana.id))
    await world.settle()
    assert await riverside.count("board_entry") == 0
    assert await hillside.count("board_entry") == 0


async def test_the_address_of_a_shared_entry_answers_to_sister_chapters_alone(world: World) -> None:
    riverside, _ = await made_sisters(world)
    client = await client_of(riverside, "Ana")
    await posted(client, shared="yes")
    [row] = await riverside.rows("SELECT uri FROM board_entry")
    for who in (riverside.client(), client):
        answer = await who.get(row["uri"], headers={"Accept": ACTIVITY_JSON})
        assert answer.status_code == 404
        assert "clinic" not in answer.text


def shared_by(stranger: Any, chapter: Chapter, **changes: Any) -> dict[str, Any]:
    """Create of an entry by somebody else."""
    ends = (stranger.clock.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    entry = {
        "id": f"https://{stranger.host}/board/1",
        "type": "Article",
        "attributedTo": stranger.uri,
        "to": [chapter.uri],
        "name": "Free beds",
        "content": "<p>Four of them.</p>",
        "endTime": ends,
        "fc:board": "offer",
    } | changes
    return dict(stranger.activity("Create", entry, to=entry["to"]))


@pytest.mark.parametrize("changes", [{}, {"to": [PUBLIC]}])
async def test_a_chapter_that_is_no_sister_puts_nothing_on_our_board(
    world: World, changes: dict[str, Any]
) -> None:
    chapter, group = await world.chapter(), world.stranger("hill", type_="Group")
    state, _ = await group.tell(chapter, shared_by(group, chapter, **changes))
    assert state == "ignored"
    assert await chapter.count("board_entry") == 0
    assert await chapter.count("known_object", "kind = 'board'") == 0


async def test_nobody_else_changes_or_answers_what_a_sister_shared(world: World) -> None:
    riverside, hillside = await made_sisters(world)
    client = await client_of(riverside, "Ana")
    await posted(client, shared="yes")
    await world.settle()
    [row] = await riverside.rows("SELECT id, uri FROM board_entry")
    ada = world.stranger("ada", type_="Group")
    note = ada.note("<p>Call this number</p>", reply_to=row["uri"], public=False, to=[riverside.uri])
    note["fc:board"] = "answer"
    state, _ = await ada.tell(riverside, ada.create(note))
    assert state == "ignored"
    assert await riverside.count("board_answer") == 0
    state, _ = await ada.tell(hillside, ada.activity("Delete", {"id": row["uri"], "type": "Tombstone"}))
    assert state in ("ignored", "refused")
    assert await hillside.count("board_entry") == 1


async def test_organizers_take_down_what_a_member_posted(world: World) -> None:
    chapter = await world.chapter()
    ana, organizer = await client_of(chapter, "Ana"), await chapter.signed_in(Role.ORGANIZER)
    path = await posted(ana)
    assert (await organizer.post(f"{path}/close")).status_code == 303
    assert await chapter.count("board_entry") == 0
