"""Someone's private information: gone everywhere at once with its copies, and not a word of it is kept."""

import re

import pytest

from fedchapter.members import Role
from fedchapter.moderation import hide_private
from fedchapter.moderation.audit import Judge
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.policy import set_mark
from tests.moderation.test_queue import flash_after
from tests.support.network import Chapter, Stranger, World
from tests.support.threads import announced, known

SECRET = "Anna Weber lives in Mill Lane, second door on the left, look for the green bicycle"


async def tells(chapter: Chapter, who: Stranger, text: str, to: str) -> tuple[str, str]:
    note = who.note(f"<p>{text}</p>", reply_to=to)
    return str(note["id"]), (await who.tell(chapter, who.create(note)))[0]


async def friends(chapter: Chapter, *who: Stranger) -> None:
    for one in who:
        await one.tell(chapter, one.activity("Follow", chapter.uri))
        uri = one.uri
        await chapter.unit(
            lambda unit, uri=uri: set_mark(unit, scope="actor", subject=uri, decision="approved")
        )


async def everything(chapter: Chapter) -> str:
    """Every text in every table."""
    names = await chapter.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if not chapter.house.database.postgres
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    )
    found = [str(await chapter.rows(f'SELECT * FROM "{row["name"]}"')) for row in names]
    return "\n".join(found)


async def test_it_and_its_copies_are_gone_and_no_word_is_kept(each_world: World) -> None:
    chapter = await each_world.chapter()
    ada, bob = each_world.stranger(), each_world.stranger("bob", "far.test")
    await friends(chapter, ada, bob)
    post_id = await chapter.unit(lambda unit: announcements.write(unit, Draft("We meet on Sunday.")))
    root = chapter.settings.uri("announcements", post_id)
    first, state = await tells(chapter, ada, SECRET, root)
    assert state == "done"
    await tells(chapter, bob, f"@ada {SECRET}!", root)
    await tells(chapter, bob, f'see <a href="{first}">this</a>', root)
    other, _ = await tells(chapter, bob, "I did not know that", root)
    assert "Mill Lane" in (await chapter.client().get(root)).text
    rosa = await chapter.signed_in(Role.MODERATOR, "Rosa")
    await chapter.signed_in(Role.MODERATOR, "Tomás")
    form = {"action": "private", "target": first, "next": "/admin/queue"}
    said = await flash_after(rosa, await rosa.post("/admin/queue/any/act", data=form))
    assert "with its copies: 3" in said
    await chapter.settle()
    page = (await chapter.client().get(root)).text
    assert ("Mill Lane" in page, "I did not know that" in page) == (False, True)
    assert first not in str(await chapter.get_json(f"{root}/replies"))
    kept = await everything(chapter)
    for word in ("Mill", "bicycle", "Weber"):
        assert word not in kept
    assert other in kept
    [told] = await chapter.rows(
        "SELECT count(*) AS total FROM told JOIN notice ON notice.id = told.notice_id WHERE notice.key LIKE 'private:%'"
    )
    assert told["total"] == 1, "every moderator but who did it"


async def test_it_stays_away_however_often_it_is_sent(each_world: World) -> None:
    chapter, ada, bob = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("bob", "far.test"),
    )
    await friends(chapter, ada, bob)
    root = await announced(chapter)
    note = ada.note(f"<p>{SECRET}</p>", reply_to=root)
    uri = str(note["id"])
    await ada.tell(chapter, ada.create(note))
    await chapter.unit(lambda unit: hide_private(unit, uri, Judge("")))
    await chapter.settle()
    edited = note | {"content": f"<p>{SECRET}, number 7</p>", "updated": chapter.clock.now().isoformat()}
    for activity in (ada.create(note) | {"id": f"{uri}/again"}, ada.activity("Update", edited)):
        assert (await ada.tell(chapter, activity))[0] == "refused"
    assert (await tells(chapter, bob, f"{SECRET}.", root))[1] == "refused"
    assert "Mill" not in await everything(chapter)
    client = await chapter.signed_in(Role.MODERATOR)
    [line] = await chapter.rows("SELECT id FROM decision WHERE what = 'private'")
    await client.post(f"/admin/decisions/{line['id']}/undo")
    await chapter.settle()
    assert (await ada.tell(chapter, ada.create(note) | {"id": f"{uri}/third"}))[0] == "done"


async def test_what_is_not_here_yet_never_comes(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await friends(chapter, ada)
    root = await announced(chapter)
    note = ada.note(f"<p>{SECRET}</p>", reply_to=root)
    assert await chapter.unit(lambda unit: hide_private(unit, str(note["id"]), Judge(""))) == 0
    await chapter.settle()
    assert (await ada.tell(chapter, ada.create(note)))[0] == "refused"


async def test_what_one_of_ours_wrote_is_deleted_wherever_it_went(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await friends(chapter, ada)
    post_id = await chapter.unit(lambda unit: announcements.write(unit, Draft(SECRET)))
    uri = chapter.settings.uri("announcements", post_id)
    await chapter.settle()
    assert await chapter.unit(lambda unit: hide_private(unit, uri, Judge(""))) == 1
    await chapter.settle()
    assert ada.received[-1]["type"] == "Delete"
    for accept in ("text/html", "application/activity+json"):
        answer = await chapter.client().get(uri, headers={"Accept": accept})
        assert answer.status_code == 410
        assert "Mill" not in answer.text
    assert "Mill" not in (await chapter.client().get("/")).text
    assert "Mill" not in str(await chapter.get_json(f"{chapter.uri}/outbox?page=1"))
    assert not re.search("Mill|bicycle", await everything(chapter))


@pytest.mark.parametrize("uri", ["", "nonsense", "javascript:alert(1)"])
async def test_what_is_no_address_is_refused(world: World, uri: str) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MODERATOR)
    form = {"action": "private", "target": uri}
    assert (await client.post("/admin/queue/any/act", data=form)).status_code == 400


async def test_its_server_is_told_without_a_word_of_it(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await friends(chapter, ada)
    root = await announced(chapter)
    first, _ = await tells(chapter, ada, SECRET, root)
    client = await chapter.signed_in(Role.MODERATOR)
    form = {"action": "private-report", "target": first, "next": "/admin/queue"}
    said = await flash_after(client, await client.post("/admin/queue/any/act", data=form))
    assert "Gone from here at once" in said
    await chapter.settle()
    [flag] = [one for one in ada.received if one["type"] == "Flag"]
    assert first in str(flag["object"])
    assert flag["actor"] == chapter.settings.server_uri
    assert not re.search("Mill|bicycle|Weber", str(flag))
    assert not re.search("Mill|bicycle|Weber", await everything(chapter))


async def test_what_many_say_by_chance_and_what_links_elsewhere_stays(world: World) -> None:
    chapter, ada, bob = await world.chapter(), world.stranger(), world.stranger("bob", "far.test")
    await friends(chapter, ada, bob)
    root = await announced(chapter)
    greeting = f'<a href="{chapter.uri}" class="u-url mention">@<span>riverside</span></a> Thank you!'
    first, _ = await tells(chapter, ada, greeting, root)
    thanks, _ = await tells(chapter, bob, greeting, root)
    longer, _ = await tells(chapter, bob, f'see <a href="{first}0">another one</a>', root)
    assert await chapter.unit(lambda unit: hide_private(unit, first, Judge(""))) == 1
    await chapter.settle()
    for uri in (thanks, longer):
        assert (await known(chapter, uri)).state == "shown"
    assert (await tells(chapter, bob, greeting, root))[1] == "done", "nor is it refused from then on"


async def test_the_page_that_its_author_names_takes_no_link_to_others_away(world: World) -> None:
    chapter, ada, bob = await world.chapter(), world.stranger(), world.stranger("bob", "far.test")
    await friends(chapter, ada, bob)
    root = await announced(chapter)
    note = ada.note(f"<p>{SECRET}</p>", reply_to=root, url="https://shop.example/help")
    await ada.tell(chapter, ada.create(note))
    other, _ = await tells(chapter, bob, 'read <a href="https://shop.example/help">this</a>', root)
    assert await chapter.unit(lambda unit: hide_private(unit, str(note["id"]), Judge(""))) == 1
    assert (await known(chapter, other)).state == "shown"
