"""Odd requests and odd messages: headers and paths, characters that no database keeps, things posing as others."""

from typing import Any

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from fedchapter.federation.fetch import fetch_actor
from fedchapter.store import Known, Unit
from fedchapter.store.kinds import COLUMNS
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.objects.announcement.support import announce, follows
from tests.support.network import PUBLIC, Chapter, Stranger, World
from tests.support.stage import broken_rows
from tests.support.threads import announced, known

LONG = "x" * 1100


async def post(chapter: Chapter, body: bytes, headers: list[tuple[str, str]], path: str = "/inbox") -> int:
    """The status of a POST with exactly those headers."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=chapter.instance)) as client:
        answer = await client.post(f"{chapter.settings.origin}{path}", content=body, headers=headers)
    return answer.status_code


async def quiet(chapter: Chapter) -> None:
    """Everything that came in ends without a fault of ours, and no row is half-written."""
    with capture_logs() as logs:
        await chapter.settle()
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
    assert await broken_rows(chapter) == []


async def test_a2_headers_that_say_two_things_are_refused(world: World) -> None:
    chapter, ada, eve = await world.chapter(), world.stranger(), world.stranger("eve", "evil.test")
    body = msgspec.json.encode(ada.activity("Follow", chapter.uri))
    url = f"{chapter.settings.origin}/inbox"
    cavage, rfc9421 = ada.signed(url, body), ada.signed(url, body, rfc9421=True)
    other = eve.signed(url, body)
    for doubled in ("Signature", "Date", "Host", "Digest"):
        second = [pair for pair in other if pair[0] == doubled]
        assert await post(chapter, body, [*cavage, *second]) == 400, doubled
        assert await post(chapter, body, [*second, *cavage]) == 400, doubled
    both = [*cavage, *(pair for pair in rfc9421 if pair[0] == "Signature-Input")]
    assert await post(chapter, body, both) in (400, 401)
    assert await post(chapter, body, [*cavage, *rfc9421]) == 400
    foreign = [("Host", "hillside.test") if name == "Host" else (name, value) for name, value in cavage]
    assert await post(chapter, body, foreign) in (400, 401)
    named = [("X-Forwarded-Host", "hillside.test"), ("X-Original-Url", "/admin"), *cavage]
    assert await post(chapter, body, named) == 202


async def test_a2_of_several_labels_the_one_used_is_the_one_verified(world: World) -> None:
    chapter, ada, eve = await world.chapter(), world.stranger(), world.stranger("eve", "evil.test")
    url = f"{chapter.settings.origin}/inbox"
    body = msgspec.json.encode(ada.activity("Follow", chapter.uri))
    theirs = dict(eve.signed(url, body, rfc9421=True))
    own = dict(ada.signed(url, body, rfc9421=True))

    def labelled(one: dict[str, str], two: dict[str, str], name: str) -> str:
        return f"{one[name]}, {two[name].replace('sig1=', 'sig2=', 1)}"

    for first, second in ((theirs, own), (own, theirs)):
        headers = {
            **own,
            "Signature-Input": labelled(first, second, "Signature-Input"),
            "Signature": labelled(first, second, "Signature"),
        }
        assert await post(chapter, body, list(headers.items())) in (202, 401)
    swapped = {**own, "Signature": theirs["Signature"]}
    assert await post(chapter, body, list(swapped.items())) == 401
    crowd = ", ".join(own["Signature-Input"].replace("sig1=", f"s{number}=", 1) for number in range(9))
    assert await post(chapter, body, list({**own, "Signature-Input": crowd}.items())) == 400


async def test_a2_a_target_written_otherwise_is_no_inbox_or_no_match(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    body = msgspec.json.encode(ada.activity("Follow", chapter.uri))
    signed = ada.signed(f"{chapter.settings.origin}/inbox", body)
    for path in (
        "/inbox/",
        "//inbox",
        "/INBOX",
        "/inbox;x",
        "/inbox%00",
        "/%2finbox",
    ):
        assert await post(chapter, body, signed, path) in (400, 401, 404, 405), path
    assert await post(chapter, body, signed, "/%69nbox") in (400, 401)
    for path in ("/@nobody/inbox", "/@river%00side/inbox", "/@%ff/inbox", f"/@{LONG}/inbox"):
        assert await post(chapter, body, ada.signed(chapter.settings.origin + path, body), path) in (400, 404)
    assert await chapter.count("inbox_item") == 0


async def test_d5_a_slash_too_many_leads_to_no_other_server(world: World) -> None:
    chapter = await world.chapter()
    async with chapter.client() as client:
        for path in ("/events/", "/sign-in/", f"/@{chapter.settings.username}/outbox/"):
            answer = await client.get(path, headers={"Host": "evil.test"})
            assert (answer.status_code, answer.headers["location"]) == (308, path.rstrip("/"))
        for path in ("//evil.test/", "///evil.test//", "/%5cevil.test/", "/%2f/evil.test/", "/x//"):
            answer = await client.get(f"{chapter.settings.origin}{path}")
            assert answer.headers.get("location", "/x")[:2] not in ("//", "/\\"), path
        assert (await client.post("/sign-in/")).status_code == 404


async def test_a_nul_in_an_address_is_no_fault_of_ours(each_world: World) -> None:
    """PostgreSQL has no text with a NUL in it."""
    chapter = await each_world.chapter()
    async with chapter.client() as client:
        for path in (
            "/@river%00side/outbox",
            "/@river%00side",
            "/activities/%00",
            "/announcements/%00",
            "/events/%00",
            "/proposals/%00",
            "/tags/%00",
            "/comments/%00/replies",
            "/media/%00.png",
            "/join/%00",
            f"/@{chapter.settings.username}/outbox?before=%00",
            "/.well-known/webfinger?resource=https://x%00",
            f"/.well-known/webfinger?resource=acct:a%00b@{chapter.host}",
            "/?before=%00",
            "/events?page=%00",
            "/interact?uri=%00",
            "/sign-in?next=%00",
            "/actors?uri=%00",
            "/object?uri=https://x.test/%00",
        ):
            for accept in (ACTIVITY_JSON, "text/html"):
                answer = await client.get(path, headers={"Accept": accept})
                assert answer.status_code < 500, path


async def test_b4_characters_that_no_database_keeps_are_refused_or_kept(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    note = msgspec.json.encode(ada.create(ada.note("TEXT", reply_to=root)))
    for odd in (
        rb"\ud800",
        rb"\udc00\ud800",
        b"\xed\xa0\x80",
        b"\xff",
        b"\x00",
        rb"\u0000",
        b"\xc0\x80",
        rb"\x",
    ):
        for place in (b"TEXT", b"Note", ada.uri.encode(), b"published", b"notes"):
            assert (await ada.send(chapter, note.replace(place, place + odd))).status_code in (400, 401), odd
    for encoding in ("utf-16", "utf-32", "utf-7", "utf-8-sig"):
        assert (await ada.send(chapter, note.decode().encode(encoding))).status_code in (202, 400), encoding
    for text in ("\ufffe\uffff", "\u202e\u2066", "&#0;&#xd800;", "\U0010ffff", "\u0001\u001f\u007f"):
        await ada.send(chapter, ada.create(ada.note(text, reply_to=root, summary=text, name=text)))
    await quiet(chapter)


async def test_b4_ids_longer_than_their_columns_are_refused(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await follows(chapter, ada)
    root, long = await announced(chapter), f"https://elsewhere.test/{LONG}"
    for activity in (
        ada.activity("Follow", chapter.uri, id=long),
        ada.activity("Follow", chapter.uri, actor=long),
        ada.activity("Like", long),
        ada.activity("Announce", long),
        ada.activity("Add", long, target=long),
        ada.create(ada.note("x", reply_to=long)),
        ada.create(ada.note("x", reply_to=root) | {"id": long}),
        ada.create(
            ada.note("x", reply_to=root, url=long, context=long, attachment=[{"type": "Image", "url": long}])
        ),
        ada.create(ada.note("x", url=long, tag=[{"type": "Mention", "href": long, "name": LONG}] * 300)),
        ada.activity(
            "Update", ada.document(url=long, icon={"type": "Image", "url": long}, outbox=long, name=LONG)
        ),
        ada.activity("Update", ada.document(inbox=long)),
        ada.activity("x" * 90, root),
        ada.prove(ada.activity("Like", root)),
    ):
        assert (await ada.send(chapter, activity)).status_code in (202, 400, 401)
    far = Stranger(each_world.network, each_world.clock, LONG, "far.test")
    assert (await far.send(chapter, far.activity("Follow", chapter.uri))).status_code in (400, 401)
    host = ".".join(["a" * 60] * 4) + ".test"
    deep = Stranger(each_world.network, each_world.clock, "deep", f"{host}:65535")
    assert (await deep.send(chapter, deep.activity("Follow", chapter.uri))).status_code in (202, 400, 401)
    await quiet(chapter)


async def test_b4_a_thousand_tags_mentions_and_names_are_cut(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await follows(chapter, ada)
    tags = [{"type": "Hashtag", "name": f"#t{number}"} for number in range(290)]
    tags += [{"type": "Mention", "href": f"https://e.test/{number}", "name": "@a"} for number in range(40)]
    crowd = [f"https://elsewhere.test/users/{number}" for number in range(3000)]
    large = ada.note("<p>x</p>" * 20_000, name="n" * 9000, summary="s" * 9000, type="Article", tag=tags)
    assert (await ada.tell(chapter, ada.create(large)))[0] == "done"
    await ada.send(chapter, ada.create(ada.note("x", to=[PUBLIC, *crowd], cc=crowd)))
    await quiet(chapter)
    assert len((await known(chapter, large["id"])).title) <= 300


async def test_c1_hosts_that_look_like_others_are_others(world: World) -> None:
    chapter = await world.chapter()
    for host in (
        "rıverside.test",
        "riverside.test.evil.test",
        "xn--rverside-5ya.test",
        "riverside\u200d.test",
    ):
        try:
            one = Stranger(world.network, world.clock, "a", host)
            status = (await one.send(chapter, one.activity("Follow", chapter.uri))).status_code
        except UnicodeError:
            continue
        assert status in (202, 400, 401, 503), host
    rows = await chapter.rows("SELECT host FROM actor WHERE NOT local")
    assert chapter.host not in {row["host"] for row in rows}
    assert all(row["host"].isascii() for row in rows)


async def test_a8_an_activity_with_the_id_of_an_object_changes_nothing(each_world: World) -> None:
    """Reactions, follows and answers are known by their ids too: none may take the place of what is known already."""
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await follows(chapter, ada)
    root = await announced(chapter)
    post, reply = ada.note("Mine"), ada.note("Yes", reply_to=root)
    for note in (post, reply):
        await ada.tell(chapter, ada.create(note))
    before = [await known(chapter, uri) for uri in (post["id"], reply["id"])]
    for verb in ("Like", "Announce", "Follow", "Block", "Join", "Flag", "Offer", "QuoteRequest", "Dislike"):
        for uri in (post["id"], reply["id"]):
            about = chapter.uri if verb in ("Follow", "Block") else root
            await ada.tell(chapter, ada.activity(verb, about, id=uri, to=[PUBLIC]))
            await ada.tell(chapter, ada.activity("Undo", {"type": verb, "id": uri, "object": about}))
    # Her Block ended our follow, and what a stranger changes would wait.
    await follows(chapter, ada)
    for type_ in (
        "Event",
        "Question",
        "Article",
        "Tombstone",
        "Person",
        "Like",
        "X" * 90,
        None,
        ["Note", "Event"],
    ):
        changed = post | {"type": type_, "name": "N", "startTime": "2030-01-01T00:00:00Z", "content": "Mine"}
        await ada.tell(chapter, ada.activity("Update", changed, to=[PUBLIC]))
    after = [await known(chapter, uri) for uri in (post["id"], reply["id"])]
    assert [(one.kind, one.ref, one.owner_uri, one.state) for one in after] == [
        (one.kind, one.ref, one.owner_uri, one.state) for one in before
    ]
    await quiet(chapter)


async def test_a8_a_group_cannot_delete_by_announcing_it(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    group = world.stranger("club", "group.test", "Group")
    await follows(chapter, group)
    await follows(chapter, ada)
    ours, theirs = await announce(chapter, "Ours"), ada.note("Mine")
    await ada.tell(chapter, ada.create(theirs))
    for uri in (ours, theirs["id"]):
        for verb in ("Delete", "Undo", "Remove", "Update"):
            for inner in (
                uri,
                {"id": uri, "type": "Tombstone"},
                theirs | {"id": uri, "content": "<p>No</p>"},
            ):
                forged = {"type": verb, "id": f"{ada.uri}/d", "actor": ada.uri, "object": inner}
                await group.tell(chapter, group.activity("Announce", forged, to=[PUBLIC]))
    for uri in (ours, theirs["id"]):
        kept = await known(chapter, uri)
        assert (kept.state, "No" in kept.html) == ("shown", False)


async def test_a8_what_a_group_passes_on_about_a_post_is_no_share_of_it(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    group = world.stranger("club", "group.test", "Group")
    await follows(chapter, group)
    ours = await announce(chapter, "Ours")
    for verb in ("Like", "Dislike", "Undo", "Delete", "Update", "Add"):
        inner = {"type": verb, "id": f"{ada.uri}/{verb}", "actor": ada.uri, "object": ours}
        assert (await group.tell(chapter, group.activity("Announce", inner, to=[PUBLIC])))[0] == "ignored"
    assert (await known(chapter, ours)).boosts == 0


async def test_b5_answers_in_a_circle_or_to_themselves_end(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await follows(chapter, ada)
    root = await announced(chapter)
    one, two = ada.note("one", reply_to=root), ada.note("two")
    two["inReplyTo"] = one["id"]
    alone = ada.note("alone")
    alone["inReplyTo"] = alone["id"]
    for note in (one, two, alone):
        await ada.tell(chapter, ada.create(note))
    for note, parent in ((one, two), (two, two), (alone, alone)):
        changed = note | {"inReplyTo": parent["id"], "updated": "2030-01-01T00:00:00Z"}
        await ada.tell(chapter, ada.activity("Update", changed, to=[PUBLIC]))
    await quiet(chapter)
    async with chapter.client() as client:
        assert (await client.get("/")).status_code == 200


async def test_b5_ten_thousand_answers_deep_is_a_flat_page(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announce(chapter, "We meet on Sunday.")
    await chapter.run(fetch_actor(chapter.house, ada.uri))

    async def deepen(unit: Unit) -> None:
        above, rows = root, []
        for number in range(10_000):
            uri = f"https://elsewhere.test/d/{number}"
            one = Known(
                uri,
                "comment",
                str(number),
                ada.uri,
                unit.now,
                html="<p>x</p>",
                reply_to_uri=above,
                root_uri=root,
            )
            rows.append([unit.now if name == "sort_at" else getattr(one, name) for name in COLUMNS])
            above = uri
        marks = ", ".join("?" * len(COLUMNS))
        await unit.execute_many(f"INSERT INTO known_object ({', '.join(COLUMNS)}) VALUES ({marks})", rows)

    await chapter.unit(deepen)
    reply = ada.note("deeper", reply_to="https://elsewhere.test/d/9999")
    await ada.tell(chapter, ada.create(reply))
    assert (await known(chapter, reply["id"])).root_uri == root
    async with chapter.client() as client:
        for path, accept in ((root, "text/html"), (f"{root}/replies?page=1", ACTIVITY_JSON)):
            page = await client.get(path, headers={"Accept": accept})
            assert (page.status_code, len(page.content) < 2_000_000) == (200, True), path


@pytest.mark.parametrize(
    "verb", ["Create", "Update", "Announce", "Delete", "Undo", "Accept", "Like", "Join", "Flag"]
)
async def test_b4_an_object_that_is_a_list_or_something_else_is_no_fault(world: World, verb: str) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await follows(chapter, ada)
    root = await announced(chapter)
    note = ada.note("x", reply_to=root)
    odd: tuple[Any, ...] = (
        [root, root], [note, note], [note], [[note]], [], {}, None, 0, "", "x", True, [None], {"object": note},
        {"id": []}, {"id": root, "type": []}, {"type": "Follow"}, {"id": None, "type": "Note", "content": {}}, PUBLIC,
    )  # fmt: skip
    for object_ in odd:
        assert (await ada.send(chapter, ada.activity(verb, object_, to=[PUBLIC]))).status_code in (202, 400)
    await quiet(chapter)
