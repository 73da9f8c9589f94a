"""Reports: from other servers within limits, as they were, closed by one, reopened, counted, erased."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from fedchapter.actors import from_document, store_actor
from fedchapter.members import Role
from fedchapter.moderation.reports import count_quarter, receive_report
from fedchapter.moderation.reports.draft import FLAG, Report
from fedchapter.policy.marks import Marking, put_mark
from fedchapter.store import Unit
from tests.moderation.reporting import close, flag, reports, shown
from tests.support.network import Stranger, World
from tests.support.sweeping import sweep
from tests.support.threads import announced, known


async def test_reports_of_one_server_about_one_actor_are_one_report(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger("ada")
    root = await announced(chapter)
    assert await ada.tell(chapter, flag(ada, chapter.uri)) == ("done", "a report that waits for a moderator")
    other = each_world.stranger("bo")
    again = await other.tell(chapter, flag(other, chapter.uri, root))
    assert again == ("done", "counted with a report that waits already")
    [report] = await reports(chapter)
    assert report["times"] == 2
    assert await chapter.count("report_item") == 1
    assert await chapter.count("desk_item", "state = 'open'") == 1
    each_world.move(hours=25)
    assert (await ada.tell(chapter, flag(ada, chapter.uri)))[1] == "a report that waits for a moderator"
    assert await chapter.count("report") == 2


async def test_the_same_flag_is_taken_once(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    first = flag(ada, chapter.uri)
    await ada.tell(chapter, first)
    again = await ada.tell(chapter, first | {"content": "other words"})
    assert again == ("ignored", "this report is here already")
    assert await chapter.count("report") == 1


async def test_the_id_of_another_servers_flag_is_not_kept(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    foreign = flag(ada, chapter.uri) | {"id": "https://third.test/flags/1"}
    assert (await ada.tell(chapter, foreign))[0] == "done"
    [report] = await reports(chapter)
    assert report["uri"] == ""


@pytest.mark.parametrize("inbox", ["/inbox", "/actor/inbox", "/@riverside/inbox"])
async def test_a_flag_is_taken_at_any_inbox(world: World, inbox: str) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    url = chapter.settings.origin + inbox
    assert (await ada.tell(chapter, flag(ada, chapter.uri), inbox=url))[0] == "done"


async def test_no_more_than_fifty_reports_a_day_come_from_one_domain(each_world: World) -> None:
    chapter = await each_world.chapter()
    authors = [each_world.stranger(f"w{n}", f"w{n}.test") for n in range(51)]
    await chapter.unit(lambda unit: _know_all(unit, authors))
    ada = each_world.stranger("ada", "a.flood.test")
    for author in authors[:50]:
        assert (await ada.tell(chapter, flag(ada, author.uri)))[0] == "done"
    bo = each_world.stranger("bo", "b.flood.test")
    last = await bo.tell(chapter, flag(bo, authors[50].uri))
    assert last == ("ignored", "too many reports from there today")
    each_world.move(hours=25)
    assert (await bo.tell(chapter, flag(bo, authors[50].uri)))[0] == "done"


async def _know_all(unit: Unit, authors: list[Stranger]) -> None:
    for author in authors:
        await store_actor(unit, from_document(author.document(), author.uri))


async def test_reports_of_a_server_whose_reports_are_refused_are_not_taken(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    marking = Marking("", reject_reports=True)
    await chapter.unit(lambda unit: put_mark(unit, scope="host", subject=ada.host, marking=marking))
    await chapter.run(chapter.house.marks.load(chapter.house.database))
    state, reason = await ada.tell(chapter, flag(ada, chapter.uri))
    assert (state, reason) == ("refused", "reports from this server are not taken here")
    assert await chapter.count("report") == 0


async def test_whatever_a_flag_says_is_plain_and_short(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    text = "<script>alert(1)</script><p>bad\u202e &lt;b&gt;</p>" + "x" * 40_000
    objects = [chapter.uri, "not an address", {"id": 7}, None, "https://nowhere.test/notes/1"]
    message = ada.activity("Flag", objects, content=text)
    assert (await ada.tell(chapter, message))[0] == "done"
    [report] = await reports(chapter)
    assert "script" not in report["text"]
    assert "\u202e" not in report["text"]
    assert len(report["text"]) == 5000
    [item] = await chapter.rows("SELECT uri, is_known FROM report_item")
    assert (item["uri"], bool(item["is_known"])) == ("https://nowhere.test/notes/1", False)
    page = (await (await chapter.signed_in(Role.MODERATOR)).get(f"/admin/reports/{report['id']}")).text
    assert "Nothing is known of this here." in page


async def test_a_flag_that_names_nothing_is_ignored(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    for object_ in ("words", [], {"type": "Note"}, 7):
        assert (await ada.tell(chapter, ada.activity("Flag", object_)))[0] == "ignored"
    assert await chapter.count("report") == 0


async def test_the_words_stay_as_they_were_though_their_author_edits_or_deletes(each_world: World) -> None:
    chapter, ada, bo = (
        await each_world.chapter(),
        each_world.stranger("ada"),
        each_world.stranger("bo", "b.test"),
    )
    post = await shown(chapter, ada, await announced(chapter), "<p>I know where you live.</p>")
    await bo.tell(chapter, flag(bo, ada.uri, post))
    await ada.tell(chapter, ada.activity("Delete", post))
    client = await chapter.signed_in(Role.MODERATOR)
    [report] = await reports(chapter)
    page = (await client.get(f"/admin/reports/{report['id']}")).text
    assert "I know where you live." in page
    assert "deleted by its author since" in page
    assert "b.test" in page
    assert bo.uri not in page, "of whoever reports only the server is shown"


async def test_fine_is_not_asked_again_until_it_changes(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    post = await shown(chapter, ada, await announced(chapter))
    bo, cy = each_world.stranger("bo", "b.test"), each_world.stranger("cy", "c.test")
    await bo.tell(chapter, flag(bo, ada.uri, post))
    await close(chapter, "fine")
    said = await cy.tell(chapter, flag(cy, ada.uri, post))
    assert said == ("done", "moderators found this to be fine, and it says still the same")
    assert await chapter.count("desk_item", "state = 'open'") == 0
    assert await chapter.count("report", "outcome = 'fine'") == 2
    each_world.move(hours=30)
    note = {"id": post, "type": "Note", "attributedTo": ada.uri, "content": "<p>Now I am rude.</p>"}
    note |= {
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "updated": chapter.clock.now().isoformat(),
    }
    await ada.tell(chapter, ada.activity("Update", note))
    assert (await cy.tell(chapter, flag(cy, ada.uri, post)))[1] == "a report that waits for a moderator"


async def test_nobody_decides_on_a_report_about_themselves(world: World) -> None:
    chapter, bo = await world.chapter(), world.stranger()
    accused, other = await chapter.signed_in(Role.MODERATOR, "Max"), await chapter.signed_in(Role.MODERATOR)
    form = {"name": "Max", "source": "", "read": "yes", "handle": "max"}
    assert (await accused.post("/me/handle", data=form)).status_code == 303
    await bo.tell(chapter, flag(bo, f"{chapter.settings.origin}/@max"))
    assert "This report is about you" in await close(chapter, "none", accused)
    assert [one["state"] for one in await reports(chapter)] == ["open"]
    await close(chapter, "none", other)
    assert [one["state"] for one in await reports(chapter)] == ["closed"]


async def test_of_two_who_close_at_once_the_second_reads_so(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, flag(ada, chapter.uri))
    await close(chapter, "acted")
    assert "This report is closed already" in await close(chapter, "none")
    assert (await reports(chapter))[0]["outcome"] == "acted"
    assert await chapter.count("decision", "what = 'close-report'") == 1


async def test_two_who_close_in_the_same_moment_are_one(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, flag(ada, chapter.uri))
    [report] = await reports(chapter)
    both = [await chapter.signed_in(Role.MODERATOR) for _ in range(2)]
    url, outcomes = f"/admin/reports/{report['id']}", ("acted", "none")
    answers = await asyncio.gather(
        *(
            client.post(url, data={"act": "close", "outcome": outcome})
            for client, outcome in zip(both, outcomes, strict=True)
        )
    )
    assert [answer.status_code for answer in answers] == [303, 303]
    pages = [(await client.get(url)).text for client in both]
    assert sum("This report is closed already" in page for page in pages) == 1
    assert await chapter.count("decision", "what = 'close-report'") == 1


async def test_reports_that_come_in_the_same_moment_are_one(each_world: World) -> None:
    chapter = await each_world.chapter()
    several = [
        Report(FLAG, (chapter.uri,), host="a.test", uri=f"https://a.test/flags/{number}")
        for number in range(4)
    ]
    await asyncio.gather(*(chapter.unit(partial(receive_report, report=one)) for one in several))
    [report] = await reports(chapter)
    assert report["times"] == 4
    assert await chapter.count("desk_item") == 1


async def test_reopening_is_undone_like_everything_else(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, flag(ada, chapter.uri))
    client = await chapter.signed_in(Role.MODERATOR)
    await close(chapter, "none", client)
    [report] = await reports(chapter)
    assert (await client.post(f"/admin/reports/{report['id']}", data={"act": "reopen"})).status_code == 303
    assert (await reports(chapter))[0]["state"] == "open"
    [line] = await chapter.rows("SELECT id FROM decision WHERE what = 'reopen-report'")
    assert (await client.post(f"/admin/decisions/{line['id']}/undo")).status_code == 303
    [report] = await reports(chapter)
    assert (report["state"], report["outcome"]) == ("closed", "none")
    assert await chapter.count("desk_item", "state = 'open'") == 0


async def test_reports_are_erased_half_a_year_after_they_were_closed(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, flag(ada, chapter.uri, "https://nowhere.test/notes/1"))
    await sweep(each_world, chapter, days=200)
    assert await chapter.count("report") == 1, "as long as nobody decided it stays"
    await close(chapter, "none")
    await sweep(each_world, chapter, days=179)
    assert await chapter.count("report_item") == 1
    await sweep(each_world, chapter, days=2)
    for table in ("report", "report_item", "report_event"):
        assert await chapter.count(table) == 0


async def test_several_actions_are_taken_without_closing(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await shown(chapter, ada, await announced(chapter))
    bo = world.stranger("bo", "b.test")
    await bo.tell(chapter, flag(bo, ada.uri, post))
    [report] = await reports(chapter)
    client, url = await chapter.signed_in(Role.MODERATOR), f"/admin/reports/{report['id']}"
    for action, target in (("hide", post), ("limit-actor", ada.uri)):
        answer = await client.post(f"{url}/act", data={"action": action, "target": target, "next": url})
        assert answer.status_code == 303, answer.text
    assert (await client.post(url, data={"act": "note", "text": "asked Ana"})).status_code == 303
    page = (await client.get(url)).text
    assert (await known(chapter, post)).state == "hidden"
    assert "Hid a post" in page
    assert "asked Ana" in page
    assert "Close the report" in page


async def test_what_is_counted_for_everybody(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    from_at = chapter.clock.now()
    await ada.tell(chapter, flag(ada, chapter.uri))
    await ada.tell(chapter, flag(ada, chapter.uri))
    each_world.move(hours=5)
    await close(chapter, "acted")
    until_at = chapter.clock.now() + timedelta(days=1)
    counts = await chapter.run(count_quarter(chapter.house.database, from_at, until_at))
    assert (counts.came, counts.sent, counts.closed, counts.outcomes["acted"]) == (2, 0, 1, 1)
    assert counts.to_close is not None
    assert abs(counts.to_close - timedelta(hours=5)) < timedelta(minutes=1)


async def test_a_flag_about_many_long_posts_keeps_only_so_much(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    long = f"<p>{'word ' * 8_000}</p>"
    posts = [await announced(chapter, html=long) for _ in range(60)]
    assert (await ada.tell(chapter, flag(ada, chapter.uri, *posts)))[0] == "done"
    rows = await chapter.rows("SELECT length(evidence) AS chars FROM report_item")
    assert len(rows) == 50
    assert all(row["chars"] < 25_000 for row in rows)
