"""Reports: from other servers within limits, from members and visitors by the form, closed, reopened, told."""

import re
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from fedchapter.actors import from_document, store_actor
from fedchapter.members import Role
from fedchapter.moderation.reports import count_quarter
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.policy import set_mark
from fedchapter.policy.marks import Marking, put_mark
from fedchapter.store import Unit
from tests.support.network import Chapter, Stranger, World
from tests.support.threads import announced, known


async def shown(chapter: Chapter, who: Stranger, root: str, text: str = "<p>Look at this.</p>") -> str:
    """A comment of somebody elsewhere who is approved here; returns its URI."""
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=who.uri, decision="approved"))
    note = who.note(text, reply_to=root)
    assert (await who.tell(chapter, who.create(note)))[0] == "done"
    return str(note["id"])


async def written(chapter: Chapter) -> str:
    """An announcement of the chapter with a page of its own."""
    ref = await chapter.unit(lambda unit: announcements.write(unit, Draft("We meet on Sunday.")))
    return chapter.settings.uri("announcements", ref)


async def form_of(world: World, client: httpx.AsyncClient, uri: str) -> dict[str, str]:
    """The form for a visitor as a person fills it in: opened a while ago."""
    page = await client.get("/report", params={"uri": uri})
    assert page.status_code == 200, page.text
    world.move(seconds=20)
    found = re.search(r'name="since" value="([^"]*)"', page.text)
    return {"uri": uri, "category": "abuse", "text": "It is unkind.", "since": found[1] if found else ""}


async def reports(chapter: Chapter) -> list[dict[str, Any]]:
    return await chapter.rows("SELECT * FROM report ORDER BY id")


async def close(chapter: Chapter, outcome: str, client: httpx.AsyncClient | None = None) -> str:
    """The one report is closed by a moderator; returns the page that they see then."""
    client = client or await chapter.signed_in(Role.MODERATOR)
    [report] = await reports(chapter)
    url = f"/admin/reports/{report['id']}"
    answer = await client.post(url, data={"act": "close", "outcome": outcome, "text": "as agreed"})
    assert answer.status_code == 303, answer.text
    return (await client.get(url)).text


def flag(who: Stranger, *objects: str, **fields: Any) -> dict[str, Any]:
    return who.activity("Flag", list(objects), content="bad", **fields)


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


async def test_a_member_reports_by_the_form_and_hears_what_became_of_it(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    post = await shown(chapter, ada, root := await written(chapter))
    member = await chapter.signed_in(Role.MEMBER, "Mina")
    page = (await member.get(root)).text
    assert "/report?uri=" in page
    form = await form_of(each_world, member, post)
    assert (await member.post("/report", data=form)).headers["location"] == "/me/reports"
    assert "have not decided yet" in (await member.get("/me/reports")).text
    [report] = await reports(chapter)
    assert (report["source"], report["target_uri"], report["category"]) == ("member", ada.uri, "abuse")
    moderator = await chapter.signed_in(Role.MODERATOR)
    seen = (await moderator.get(f"/admin/reports/{report['id']}")).text
    assert "the member Mina" in seen
    assert "Look at this." in seen
    assert "It is unkind." in (await moderator.get("/admin/queue")).text
    closed = await close(chapter, "acted", moderator)
    assert "Closed. Whoever reported it is told" in closed
    assert "did something about it" in (await member.get("/me/reports")).text
    assert await chapter.count("notice", "text LIKE '%did something about it%'") == 1
    assert await chapter.count("desk_item", "state = 'open'") == 0
    assert ada.received == []
    [undo] = set(re.findall(r'action="(/admin/decisions/batch/\w+/undo)"', closed))
    assert (await moderator.post(undo)).status_code == 303
    assert [one["state"] for one in await reports(chapter)] == ["open"]
    assert await chapter.count("desk_item", "state = 'open' AND sort = 'report'") == 1
    assert "have not decided yet" in (await member.get("/me/reports")).text


async def test_a_visitor_reports_without_an_account_and_sees_the_answer_by_the_link(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await shown(chapter, ada, await announced(chapter))
    client = chapter.client()
    answer = await client.post("/report", data=await form_of(world, client, post))
    assert answer.status_code == 303
    mine = answer.headers["location"]
    assert mine.startswith("/report/mine/")
    assert "have not decided yet" in (await client.get(mine)).text
    await close(chapter, "none")
    page = (await client.get(mine)).text
    assert "nothing has to be done" in page
    assert "It is unkind." not in page
    assert (await client.get(mine + "x")).status_code == 404


async def test_a_visitor_hears_by_one_letter_if_the_address_was_confirmed(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await shown(chapter, ada, await announced(chapter))
    client = chapter.client()
    form = await form_of(world, client, post) | {"email": "Vera@mail.test"}
    await client.post("/report", data=form)
    [letter] = await waiting(chapter)
    assert letter["to"] == "vera@mail.test"
    assert "unkind" not in letter["text"]
    assert (await reports(chapter))[0]["email"] == "", "not before it is confirmed"
    path = re.search(r"https://riverside.test(/report/confirm/\S+)", letter["text"])
    assert path
    assert "Yes, write to me" in (await client.get(path[1])).text
    assert (await client.post(path[1])).status_code == 303
    assert (await client.post(path[1])).status_code == 404, "a link works once"
    moderator = await chapter.signed_in(Role.MODERATOR)
    assert "vera@" not in await close(chapter, "acted", moderator)
    assert "did something about it" in (await waiting(chapter))[-1]["text"]
    assert (await reports(chapter))[0]["email"] == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"website": "https://buy.test"}, "leave this field empty"),
        ({"since": "forged"}, "press the button once more"),
        ({"category": "nonsense"}, "choose what is wrong"),
        ({"text": "x" * 2001}, "shorten this"),
        ({"email": "no address"}, "like name@example.org"),
        ({"uri": "https://nowhere.test/1"}, "do not know this address"),
    ],
)
async def test_the_form_says_what_is_wrong_and_keeps_what_was_written(
    world: World, changes: dict[str, str], words: str
) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await shown(chapter, ada, await announced(chapter))
    client = chapter.client()
    form = await form_of(world, client, post)
    answer = await client.post("/report", data={"text": "Keep me."} | form | changes)
    assert answer.status_code == 400
    assert words in answer.text
    assert "x" * 2001 in answer.text or "It is unkind." in answer.text
    assert await chapter.count("report") == 0


async def test_a_form_sent_the_moment_it_was_opened_is_asked_for_again(world: World) -> None:
    chapter = await world.chapter()
    root, client = await announced(chapter), chapter.client()
    form = await form_of(world, client, root)
    world.clock.move(timedelta(seconds=-19))
    answer = await client.post("/report", data=form)
    assert answer.status_code == 400
    assert "press the button once more" in answer.text


async def test_what_is_not_shown_cannot_be_reported_by_a_visitor(world: World) -> None:
    chapter = await world.chapter()
    held = await announced(chapter, state="held")
    client = chapter.client()
    for uri in (held, "https://nowhere.test/1"):
        assert (await client.get("/report", params={"uri": uri})).status_code == 404


async def test_many_visitors_about_one_actor_become_one_number(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await shown(chapter, ada, await announced(chapter))
    client = chapter.client()
    form = await form_of(world, client, post)
    for _ in range(23):
        assert (await client.post("/report", data=form)).status_code == 303
    rows = await reports(chapter)
    assert len(rows) == 20
    assert sum(row["times"] for row in rows) == 23
    assert (await known(chapter, post)).state == "shown", "no number of reports hides anything"


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


async def waiting(chapter: Chapter) -> list[dict[str, Any]]:
    """The letters that have not left yet."""
    rows = await chapter.rows("SELECT letter FROM letter ORDER BY id")
    return [msgspec.json.decode(row["letter"]) for row in rows]


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
