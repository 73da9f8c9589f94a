"""Reports that leave: what the other side gets, to whom a copy goes, and the word about what became of it."""

from typing import Any

import httpx

from fedchapter.members import Role
from fedchapter.policy import set_mark
from fedchapter.store import find_known
from tests.objects.sister.test_sisters import made_sisters
from tests.support.network import Chapter, Stranger, World
from tests.support.threads import announced


async def posted(chapter: Chapter, who: Stranger, reply_to: str, text: str = "<p>Buy watches.</p>") -> str:
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=who.uri, decision="approved"))
    note = who.note(text, reply_to=reply_to)
    await who.tell(chapter, who.create(note))
    return str(note["id"])


async def send(client: httpx.AsyncClient, target: str, *posts: str, **more: Any) -> httpx.Response:
    form = {"target": target, "posts": list(posts), "text": "Please look."} | more
    return await client.post("/admin/reports/send", data=form)


def flags(who: Stranger) -> list[dict[str, Any]]:
    return [one for one in who.received if one["type"] == "Flag"]


async def test_a_moderator_reports_posts_to_their_server_and_nobody_there_learns_who(
    each_world: World,
) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    post = await posted(chapter, ada, await announced(chapter))
    client = await chapter.signed_in(Role.MODERATOR, "Mona")
    page = await client.get("/admin/reports/send", params={"uri": post})
    assert page.status_code == 200
    assert "They will see: a report by the server riverside.test" in page.text
    assert "Buy watches." in page.text
    answer = await send(client, ada.uri, post)
    assert answer.status_code == 303, answer.text
    await each_world.settle()
    [flag] = flags(ada)
    assert flag["actor"] == chapter.settings.server_uri
    assert (flag["object"], flag["content"]) == ([ada.uri, post], "Please look.")
    assert flag["id"].startswith("https://riverside.test/activities/")
    assert "Mona" not in str(flag)
    got = await chapter.client().get(flag["id"], headers={"Accept": "application/activity+json"})
    assert got.status_code in (401, 403, 404), "only whom it was sent to may have it"
    page = await client.get(answer.headers["location"])
    assert "Our report about" in page.text
    assert "Buy watches." in page.text
    assert await chapter.count("decision", "what = 'send-report'") == 1


async def test_a_copy_goes_to_the_server_of_whom_they_answered_by_choice(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("ada")
    cy = world.stranger("cy", "c.test")
    first = await posted(chapter, cy, await announced(chapter), "<p>We come.</p>")
    post = await posted(chapter, ada, first)
    client = await chapter.signed_in(Role.MODERATOR)
    assert "c.test" in (await client.get("/admin/reports/send", params={"uri": post})).text
    await send(client, ada.uri, post)
    await world.settle()
    assert (len(flags(ada)), len(flags(cy))) == (1, 0)
    await send(client, ada.uri, post, forward=cy.uri)
    await world.settle()
    assert (len(flags(ada)), len(flags(cy))) == (2, 1)
    assert flags(cy)[0]["object"] == [ada.uri, post]


async def test_somebody_who_is_suspended_here_is_reported_all_the_same(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await posted(chapter, ada, await announced(chapter))
    client = await chapter.signed_in(Role.MODERATOR)
    await client.post(
        "/admin/queue/actor:x/act", data={"action": "suspend-actor", "target": ada.uri, "next": "/admin"}
    )
    assert await chapter.count("mark", "decision = 'refuse' AND subject = ?", ada.uri) == 1
    await send(client, ada.uri, post)
    await world.settle()
    assert len(flags(ada)) == 1


async def test_nothing_is_sent_about_our_own_or_to_a_suspended_server(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await posted(chapter, ada, await announced(chapter))
    client = await chapter.signed_in(Role.MODERATOR)
    assert (await send(client, chapter.uri)).status_code == 404
    await chapter.unit(lambda unit: set_mark(unit, scope="host", subject=ada.host, decision="refuse"))
    await chapter.run(chapter.house.marks.load(chapter.house.database))
    assert (await send(client, ada.uri)).status_code == 400
    assert await chapter.count("report") == 0


async def test_of_private_information_only_the_address_is_sent(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    post = await posted(chapter, ada, await announced(chapter), "<p>Vera lives at Mill Lane 7.</p>")
    member, client = await chapter.signed_in(Role.MEMBER), await chapter.signed_in(Role.MODERATOR)
    form = {"uri": post, "category": "private", "text": "That is my address"}
    assert (await member.post("/report", data=form)).status_code == 303
    [report] = await chapter.rows("SELECT id FROM report")
    page = await client.get("/admin/reports/send", params={"for": report["id"]})
    assert "only the address is sent" in page.text
    assert (await send(client, ada.uri, post, text="Mill Lane", **{"for": report["id"]})).status_code == 303
    await each_world.settle()
    [flag] = flags(ada)
    assert flag["object"] == [ada.uri, post]
    assert flag["content"] == "This gives away somebody’s private information. Please look at it."
    assert "Mill Lane" not in str(await chapter.rows("SELECT text FROM report"))
    assert "Mill Lane" not in str(await chapter.rows("SELECT evidence FROM report_item"))


async def _reported_by_hillside(world: World) -> tuple[Chapter, Chapter, httpx.AsyncClient, str]:
    """Hillside reported Riverside's chapter to Riverside; the id of the report at Riverside, and who decides there."""
    riverside, hillside = await made_sisters(world)
    client = await hillside.signed_in(Role.MODERATOR)
    assert (await send(client, riverside.uri)).status_code == 303
    await world.settle()
    [report] = await riverside.rows("SELECT id, host, source FROM report WHERE way = 'in'")
    assert (report["host"], report["source"]) == (hillside.host, "flag")
    return riverside, hillside, await riverside.signed_in(Role.MODERATOR), report["id"]


async def test_a_sister_chapter_is_told_what_became_of_its_report(each_world: World) -> None:
    riverside, hillside, client, report_id = await _reported_by_hillside(each_world)
    await client.post(f"/admin/reports/{report_id}", data={"act": "close", "outcome": "acted"})
    await each_world.settle()
    assert (await hillside.rows("SELECT answer FROM report"))[0]["answer"] == "acted"
    asked = await hillside.signed_in(Role.MODERATOR)
    [ours] = await hillside.rows("SELECT id, uri FROM report")
    assert "They say: Something was done about it" in (await asked.get(f"/admin/reports/{ours['id']}")).text
    await client.post(f"/admin/reports/{report_id}", data={"act": "reopen"})
    await each_world.settle()
    assert (await hillside.rows("SELECT answer FROM report"))[0]["answer"] == "open"
    assert await riverside.count("delivery", "state <> 'done'") == 0
    assert await hillside.run(find_known(hillside.house.database, ours["uri"])) is not None


async def test_a_sister_is_told_of_each_report_that_was_counted_with_another(world: World) -> None:
    riverside, hillside, client, report_id = await _reported_by_hillside(world)
    again = await hillside.signed_in(Role.MODERATOR)
    assert (await send(again, riverside.uri, text="And once more.")).status_code == 303
    await world.settle()
    assert await riverside.count("report") == 1
    await client.post(f"/admin/reports/{report_id}", data={"act": "close", "outcome": "none"})
    await world.settle()
    answers = await hillside.rows("SELECT answer FROM report WHERE way = 'out'")
    assert [row["answer"] for row in answers] == ["none", "none"]


async def test_whoever_is_no_sister_hears_nothing_of_the_outcome(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Flag", [chapter.uri]))
    [report] = await chapter.rows("SELECT id FROM report")
    client = await chapter.signed_in(Role.MODERATOR)
    await client.post(f"/admin/reports/{report['id']}", data={"act": "close", "outcome": "acted"})
    await world.settle()
    assert ada.received == []


async def test_an_answer_counts_only_from_the_server_that_was_asked(world: World) -> None:
    chapter, ada, eve = await world.chapter(), world.stranger("ada"), world.stranger("eve", "eve.test")
    post = await posted(chapter, ada, await announced(chapter))
    await send(await chapter.signed_in(Role.MODERATOR), ada.uri, post)
    await world.settle()
    flag = {"id": flags(ada)[0]["id"], "type": "Flag", "actor": chapter.settings.server_uri}
    told = eve.activity("Accept", flag, **{"fc:reportOutcome": "acted"})
    assert await eve.tell(chapter, told) == ("refused", "we sent no such report there")
    odd = ada.activity("Accept", flag, **{"fc:reportOutcome": "<b>won</b>"})
    assert (await ada.tell(chapter, odd))[0] == "ignored"
    assert (await ada.tell(chapter, ada.activity("Accept", flag)))[0] == "ignored"
    said = ada.activity("Accept", flag, **{"fc:reportOutcome": "none"})
    assert (await ada.tell(chapter, said))[0] == "done"
    assert (await chapter.rows("SELECT answer FROM report"))[0]["answer"] == "none"


async def test_what_is_kept_away_is_reported_by_its_address_alone(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await posted(chapter, ada, await announced(chapter), "<p>Vera lives at Mill Lane 7.</p>")
    client = await chapter.signed_in(Role.MODERATOR)
    form = {"action": "private", "target": post, "next": "/admin"}
    assert (await client.post("/admin/queue/actor:x/act", data=form)).status_code == 303
    page = await client.get("/admin/reports/send", params={"uri": post})
    assert page.status_code == 200
    assert post in page.text
    assert "Mill Lane" not in page.text
    assert (await send(client, ada.uri, post, text="Mill Lane 7!")).status_code == 303
    await world.settle()
    [flag] = flags(ada)
    assert (flag["object"], flag["content"].startswith("This gives away")) == ([ada.uri, post], True)


async def test_a_moderator_comes_from_a_remote_post_to_the_report_to_its_server(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await posted(chapter, ada, await announced(chapter))
    staff, member = await chapter.signed_in(Role.MODERATOR), await chapter.signed_in(Role.MEMBER)
    assert "/admin/reports/send?uri=" in (await staff.get("/report", params={"uri": post})).text
    assert "/admin/reports/send" not in (await member.get("/report", params={"uri": post})).text
