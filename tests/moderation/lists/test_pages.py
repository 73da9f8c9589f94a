"""The pages of lists as a moderator uses them: a file is looked at, ticked, decided, undone; ours are taken along."""

import re
from functools import partial

from fedchapter.house import House
from fedchapter.members import Role
from fedchapter.moderation.actions import set_host
from fedchapter.moderation.audit import Judge
from fedchapter.policy import Marking
from fedchapter.store import Unit
from tests.moderation.lists.conftest import ListServer
from tests.support.network import World

CSV = (
    "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
    "bad.example,suspend,,,spam,\nfar.test,suspend,,,a quarrel,\n127.0.0.1,suspend\nriverside.test,suspend\n"
)


async def test_a_file_is_looked_at_ticked_decided_and_undone(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger("ada", "far.test")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    client = await chapter.signed_in(Role.MODERATOR)
    answer = await client.post("/admin/lists", data={"sort": "blocks"}, files={"file": ("tier0.csv", CSV)})
    page = answer.headers["location"]
    shown = (await client.get(page)).text
    ticked = dict(re.findall(r'name="host" value="([^"]+)"( checked)?', shown))
    # What would part somebody here from somebody there is not ticked.
    assert ticked == {"bad.example": " checked", "far.test": ""}
    assert "1 follow us from there" in shown and "2 rows make no sense" in shown
    assert await chapter.count("mark") == 0
    answer = await client.post(page, data={"do": "apply", "host": ["bad.example", "far.test"]})
    assert answer.status_code == 303
    assert chapter.house.marks.decision("far.test") == "refuse"
    assert await chapter.count("follow", "state = 'paused'") == 1
    after = (await client.get(page)).text
    (undo,) = set(re.findall(r'action="(/admin/decisions/batch/[^"]+/undo)"', after))
    assert (await client.post(undo)).status_code == 303
    assert (await chapter.count("mark"), await chapter.count("follow", "state = 'paused'")) == (0, 0)


async def test_what_is_left_out_is_proposed_again_only_when_asked(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MODERATOR)
    answer = await client.post("/admin/lists", data={"sort": "blocks"}, files={"file": ("x.csv", CSV)})
    page = answer.headers["location"]
    await client.post(page, data={"do": "leave", "host": "bad.example"})
    assert 'value="bad.example"' not in (await client.get(page)).text
    await client.post(page, data={"do": "again"})
    assert 'value="bad.example"' in (await client.get(page)).text
    assert (await client.post(page, data={"do": "apply"})).status_code == 303
    assert await chapter.count("mark") == 0


async def test_an_address_is_tried_without_keeping_anything(world: World, list_server: ListServer) -> None:
    chapter = await world.chapter()
    list_server.serves(chapter)
    list_server.body = CSV.encode()
    client = await chapter.signed_in(Role.MODERATOR)
    form = {"sort": "blocks", "url": list_server.url}
    tried = await client.post("/admin/lists", data={**form, "do": "test"})
    assert "names 2 servers" in tried.text and list_server.url in tried.text
    assert await chapter.count("host_list") == 0
    list_server.body = b"<html>Not here"
    refused = await client.post("/admin/lists", data=form)
    assert refused.status_code == 400 and list_server.url in refused.text
    assert await chapter.count("host_list") == 0
    assert (await client.post("/admin/lists", data={"sort": "blocks", "url": "nonsense"})).status_code == 400


async def test_what_is_decided_is_taken_along_and_read_again(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MODERATOR)
    marks = {
        "bad.example": Marking("refuse", public_reason="=1+1", reason="for staff"),
        "loud.example": Marking("limit", reject_media=True, obfuscate=True),
        "held.example": Marking("hold"),
        "good.example": Marking("approved"),
    }
    for host, marking in marks.items():
        await chapter.unit(partial(_decide, chapter.house, host, marking))
    blocks = await client.get("/admin/lists/export/domain_blocks.csv")
    assert blocks.text.splitlines()[1:] == [
        "bad.example,suspend,false,false,'=1+1,false",
        "loud.example,silence,true,false,,true",
    ]
    assert (await client.get("/admin/lists/export/domain_allows.csv")).text == "#domain\ngood.example\n"
    assert (await client.get("/admin/lists/export/members.csv")).status_code == 404


async def _decide(house: House, host: str, marking: Marking, unit: Unit) -> str:
    return await set_host(unit, house, host, marking, Judge(""))


async def test_a_list_that_fails_is_shown_where_admins_look(world: World, list_server: ListServer) -> None:
    chapter = await world.chapter()
    list_server.serves(chapter)
    list_server.body = CSV.encode()
    admin = await chapter.signed_in()
    answer = await admin.post("/admin/lists", data={"sort": "blocks", "url": list_server.url})
    page = answer.headers["location"]
    list_server.status = "503 No"
    for _ in range(3):
        assert (await admin.post(f"{page}/fetch")).status_code == 303
    assert "not read" in (await admin.get("/admin/lists")).text
    assert "could not be reached" in (await admin.get(page)).text
    assert (
        "Lists that cannot be read, or are suddenly much shorter: 1."
        in (await admin.get("/admin/health")).text
    )


async def test_the_switches_of_the_circle_and_of_the_network_work(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MODERATOR)
    circle, closed = "/admin/lists/circle", "/admin/lists/closed"
    assert (await client.post(circle, data={"do": "vouch", "host": "Friends.Example"})).status_code == 303
    wrong = await client.post(circle, data={"do": "vouch", "host": "com"})
    assert wrong.status_code == 400 and 'value="com"' in wrong.text
    assert "friends.example" in (await client.get(circle)).text
    await client.post(circle, data={"do": "choose", "publish": "everybody", "tell": "yes"})
    document = await chapter.get_json("/circle")
    assert document["fc:circleHosts"] == ["friends.example"] and "proof" in document
    assert (await client.post(closed, data={"do": "close", "reason": "quiet"})).status_code == 303
    assert chapter.house.marks.closed
    assert (await client.get("/about/moderation")).status_code == 200
    await client.post(closed, data={"do": "open", "reason": "over"})
    assert not chapter.house.marks.closed
