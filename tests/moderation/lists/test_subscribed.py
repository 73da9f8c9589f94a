"""Lists by address: asked daily over real sockets, kept as drafts, never applied or taken back by themselves."""

import hashlib
import json

import pytest

from fedchapter.errors import Refusal
from fedchapter.moderation import audit
from fedchapter.moderation.audit import Judge
from fedchapter.moderation.lists import applying, fetching, rows
from fedchapter.moderation.lists.drafts import Review, find_review
from fedchapter.policy import set_mark
from fedchapter.store import Unit
from tests.moderation.lists.conftest import ListServer
from tests.support.network import Chapter, World

HEAD = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
JUDGE = Judge("", batch="0" * 26)


def csv(*lines: str) -> bytes:
    return (HEAD + "\n".join(lines) + "\n").encode()


async def taken_up(chapter: Chapter, url: str, sort: str = rows.BLOCKS) -> str:
    async def work(unit: Unit) -> str:
        list_id = await rows.add_list(unit, sort=sort, name="Tier 0", url=url, judge=Judge(""))
        await rows.plan_fetch(unit, list_id, at_once=True)
        return list_id

    list_id = await chapter.unit(work)
    await chapter.settle()
    return list_id


async def review(chapter: Chapter, list_id: str) -> Review:
    house = chapter.house

    async def look() -> Review:
        found = await rows.get_list(house.database, list_id)
        return await find_review(house.database, house.marks, found, chapter.uri)

    return await chapter.run(look())


async def about(chapter: Chapter, list_id: str) -> rows.HostSource:
    return await chapter.run(rows.get_list(chapter.house.database, list_id))


async def applied(chapter: Chapter, list_id: str, *hosts: str, judge: Judge = JUDGE) -> applying.Applied:
    return await chapter.run(applying.apply_some(chapter.house, list_id, hosts, judge))


async def test_a_list_is_asked_daily_and_proposes_without_deciding(
    each_world: World, list_server: ListServer
) -> None:
    chapter = await each_world.chapter()
    list_server.serves(chapter)
    list_server.body = csv("bad.example,suspend,,,spam,", "loud.example,silence", "quiet.example,noop")
    list_id = await taken_up(chapter, list_server.url)
    proposed = await review(chapter, list_id)
    assert [(draft.host, draft.state) for draft in proposed.drafts] == [
        ("bad.example", "new"),
        ("loud.example", "new"),
    ]
    assert proposed.others == {"nothing": 1}
    assert await chapter.count("mark") == 0
    each_world.move(hours=25)
    list_server.body = csv("bad.example,suspend,,,worse,", "loud.example,silence", "new.example,silence")
    await chapter.settle()
    assert len(list_server.asked) == 2
    assert [draft.host for draft in (await review(chapter, list_id)).drafts] == [
        "bad.example",
        "loud.example",
        "new.example",
    ]
    assert await chapter.count("mark") == 0


async def test_what_was_applied_is_undone_in_one_go(each_world: World, list_server: ListServer) -> None:
    chapter = await each_world.chapter()
    list_server.serves(chapter)
    list_server.body = csv("bad.example,suspend,,,spam,true", "loud.example,silence,true")
    list_id = await taken_up(chapter, list_server.url)
    assert (await applied(chapter, list_id, "bad.example", "loud.example", "else.example")).done == 2
    assert chapter.house.marks.decision("sub.bad.example") == "refuse"
    mark = chapter.house.marks.find("bad.example")
    assert mark is not None
    assert (mark.source, mark.public_reason, mark.obfuscate) == (f"list:{list_id}", "spam", True)
    assert (await review(chapter, list_id)).others == {"covered": 2}
    assert await chapter.unit(lambda unit: audit.undo_batch(unit, JUDGE.batch, Judge(""))) == (2, 0)
    assert await chapter.count("mark") == 0


async def test_what_a_list_takes_back_is_proposed_and_lifts_nothing_by_itself(
    each_world: World, list_server: ListServer
) -> None:
    chapter = await each_world.chapter()
    list_server.serves(chapter)
    list_server.body = csv("a.example", "b.example", "c.example")
    list_id = await taken_up(chapter, list_server.url)
    await chapter.unit(
        lambda unit: set_mark(unit, scope="host", subject="b.example", decision="refuse", reason="seen it")
    )
    await chapter.run(chapter.house.marks.load(chapter.house.database))
    await applied(chapter, list_id, "a.example", "b.example")
    list_server.body = csv("c.example")
    await chapter.run(fetching.fetch_list(chapter.house, list_id))
    assert chapter.house.marks.decision("a.example") == "refuse"
    lifts = [draft.host for draft in (await review(chapter, list_id)).drafts if draft.state == "lift"]
    # What was decided by hand is not the list's to take back.
    assert lifts == ["a.example"]
    await applied(chapter, list_id, "a.example")
    assert chapter.house.marks.decision("a.example") is None
    assert chapter.house.marks.decision("b.example") == "refuse"


@pytest.mark.parametrize("body", [b"", HEAD.encode(), csv("one.example", "two.example")])
async def test_a_list_that_is_suddenly_short_changes_nothing(
    each_world: World, list_server: ListServer, body: bytes
) -> None:
    chapter = await each_world.chapter()
    list_server.serves(chapter)
    list_server.body = csv(*(f"h{n}.example" for n in range(6)))
    list_id = await taken_up(chapter, list_server.url)
    list_server.body = body
    diff = await chapter.run(fetching.fetch_list(chapter.house, list_id))
    assert diff.shrunk == (0 if len(body) < 90 else 2)
    assert (await about(chapter, list_id)).shrunk_to == diff.shrunk
    assert await chapter.count("list_entry", "retracted_at IS NOT NULL") == 0
    # A moderator says that it is meant so.
    await chapter.run(fetching.fetch_list(chapter.house, list_id, force=True))
    assert (await about(chapter, list_id)).shrunk_to is None
    assert await chapter.count("list_entry", "retracted_at IS NOT NULL") >= 4


async def test_what_we_allowed_wins_over_every_list(each_world: World, list_server: ListServer) -> None:
    chapter = await each_world.chapter()
    list_server.serves(chapter)
    await chapter.unit(lambda unit: set_mark(unit, scope="host", subject="good.example", decision="approved"))
    await chapter.run(chapter.house.marks.load(chapter.house.database))
    list_server.body = csv("good.example", "sub.good.example")
    list_id = await taken_up(chapter, list_server.url)
    assert (await review(chapter, list_id)).others == {"allowed": 2}
    assert (await applied(chapter, list_id, "good.example")).done == 0


async def test_a_list_of_allows_does_not_open_what_was_closed_by_hand(
    each_world: World, list_server: ListServer
) -> None:
    chapter = await each_world.chapter()
    list_server.serves(chapter)
    await chapter.unit(lambda unit: set_mark(unit, scope="host", subject="bad.example", decision="refuse"))
    await chapter.run(chapter.house.marks.load(chapter.house.database))
    list_server.body = b"#domain\nbad.example\ngood.example\n"
    list_id = await taken_up(chapter, list_server.url, rows.ALLOWS)
    proposed = await review(chapter, list_id)
    assert [draft.host for draft in proposed.drafts] == ["good.example"]
    assert proposed.others == {"by-hand": 1}
    await applied(chapter, list_id, "good.example")
    assert chapter.house.marks.decision("good.example") == "approved"


async def test_masked_names_are_found_among_those_we_have_met(
    each_world: World, list_server: ListServer
) -> None:
    chapter = await each_world.chapter()
    list_server.serves(chapter)
    names = ["far.test", "never.example"]
    digests = [hashlib.sha256(name.encode()).hexdigest() for name in names]
    entries = [
        {"domain": "f**.**st", "digest": digests[0], "severity": "suspend", "comment": "spam"},
        {"domain": "ne**r.exa**le", "digest": digests[1], "severity": "suspend"},
    ]
    list_server.body = json.dumps(entries).encode()
    list_server.etag = '"one"'
    list_id = await taken_up(chapter, list_server.url)
    assert (await review(chapter, list_id)).others == {"unknown": 2}
    bob = each_world.stranger("bob", "far.test")
    await chapter.unit(lambda unit: _meet(unit, bob.host))
    # The list is the same, so it says 304, and what we have learned since counts nevertheless.
    diff = await chapter.run(fetching.fetch_list(chapter.house, list_id))
    assert (diff.changed, b"if-none-match" in list_server.asked[-1].lower()) == (1, True)
    assert [draft.host for draft in (await review(chapter, list_id)).drafts] == ["far.test"]


async def _meet(unit: Unit, host: str) -> None:
    await unit.execute(
        "INSERT INTO peer (host, software, scheme, failures, failing_days, failed_on, last_error, first_seen_at) "
        "VALUES (?, '', 'cavage', 0, 0, '', '', ?)",
        host,
        unit.now,
    )


@pytest.mark.parametrize(
    ("status", "headers", "body", "says"),
    [
        ("200 OK", (), b"<!doctype html><title>No</title>", "page"),
        ("200 OK", (), b'{"error": "no"}', "JSON"),
        ("200 OK", (), b"PK\x03\x04\x00\x00\x00", "text"),
        ("200 OK", (), b"Gif89a hello\n" * 40, "Most rows"),
        ("500 Oops", (), b"", "could not be reached"),
        ("404 Not Found", (), b"", "could not be reached"),
        ("302 Found", ("Location: http://192.168.0.1/list",), b"", "could not be reached"),
        ("302 Found", ("Location: /list.csv",), b"", "could not be reached"),
    ],
)
async def test_what_is_no_list_changes_nothing_and_is_said(
    world: World, list_server: ListServer, status: str, headers: tuple[str, ...], body: bytes, says: str
) -> None:
    chapter = await world.chapter()
    list_server.serves(chapter)
    list_server.body = csv("a.example", "b.example")
    list_id = await taken_up(chapter, list_server.url)
    list_server.status, list_server.headers, list_server.body = status, headers, body
    with pytest.raises(Refusal, match=says):
        await chapter.run(fetching.fetch_list(chapter.house, list_id))
    found = await about(chapter, list_id)
    assert says in found.error and found.failures == 1
    assert len((await review(chapter, list_id)).drafts) == 2


async def test_a_list_without_end_is_cut_off(
    world: World, list_server: ListServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await world.chapter()
    list_server.serves(chapter)
    list_id = await taken_up(chapter, list_server.url)
    list_server.drip = True
    monkeypatch.setattr(fetching, "BYTES_MAX", 200_000)
    with pytest.raises(Refusal, match="could not be reached"):
        await chapter.run(fetching.fetch_list(chapter.house, list_id))
    list_server.body, monkeypatched = b"", monkeypatch
    monkeypatched.setattr(fetching, "BYTES_MAX", 10**10)
    monkeypatched.setattr(fetching, "DEADLINE_S", 0.2)
    with pytest.raises(Refusal, match="could not be reached"):
        await chapter.run(fetching.fetch_list(chapter.house, list_id))


async def test_a_redirect_is_followed_and_spreadsheets_are_read(
    world: World, list_server: ListServer
) -> None:
    chapter = await world.chapter()
    list_server.serves(chapter)
    list_server.body = "\ufeff#domain,#severity\r\nbüchern.example,suspend\r\n".encode("utf-16-le")
    list_id = await taken_up(chapter, list_server.url)
    assert [draft.host for draft in (await review(chapter, list_id)).drafts] == ["xn--bchern-3ya.example"]


async def test_a_dropped_list_leaves_what_was_decided_and_comes_back_by_undo(
    each_world: World, list_server: ListServer
) -> None:
    chapter = await each_world.chapter()
    list_server.serves(chapter)
    list_server.body = csv("a.example")
    list_id = await taken_up(chapter, list_server.url)
    await applied(chapter, list_id, "a.example")
    found = await about(chapter, list_id)
    await chapter.unit(lambda unit: rows.drop_list(unit, found, Judge("")))
    assert (await chapter.count("host_list"), await chapter.count("list_entry")) == (0, 0)
    assert chapter.house.marks.decision("a.example") == "refuse"
    line = (await chapter.run(audit.find_lines(chapter.house.database, limit=1)))[0]["id"]
    await chapter.unit(lambda unit: audit.undo(unit, line, Judge("")))
    assert (await about(chapter, list_id)).url == list_server.url
    await chapter.settle()
    assert await chapter.count("list_entry") == 1


async def test_hostile_json_is_read_or_refused_but_breaks_nothing(
    each_world: World, list_server: ListServer
) -> None:
    chapter = await each_world.chapter()
    list_server.serves(chapter)
    list_server.body = (
        b'[{"domain": "a.example", "severity": "suspend", "comment": "nul \\u0000 <b>"}, 7, null, [], {"domain": []},'
        b' {"domain": "b\\u0000.example"}, {"domain": "c.example", "severity": "silence", "comment": {"x": 1}}]'
    )
    list_id = await taken_up(chapter, list_server.url)
    assert [draft.host for draft in (await review(chapter, list_id)).drafts] == ["a.example", "c.example"]
    assert (await about(chapter, list_id)).wrong_count == 5


async def test_many_are_decided_bit_by_bit_under_one_batch(
    world: World, list_server: ListServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await world.chapter()
    monkeypatch.setattr(applying, "STEP", 60)
    list_server.serves(chapter)
    list_server.body = csv(*(f"h{n:03}.example" for n in range(150)))
    list_id = await taken_up(chapter, list_server.url)
    await chapter.unit(lambda unit: applying.apply_harmless(unit, list_id, JUDGE))
    await chapter.settle()
    assert await chapter.count("mark") == 150
    assert await chapter.count("decision", "batch = ?", JUDGE.batch) == 150
