"""What is not for everybody is not told: the same 404 for absent, held and private; nothing to refused servers."""

from itertools import product
from typing import Any

import httpx

from fedchapter.house.limits import Limits
from fedchapter.members import Role
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.policy import set_mark
from fedchapter.signatures import HttpMessage, sign_cavage
from fedchapter.store.kinds import change
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.objects.announcement.support import announce, followed_by
from tests.support.network import Chapter, Stranger, World


async def get(
    chapter: Chapter, uri: str, who: Stranger | None = None, *, page: bool = False
) -> httpx.Response:
    """The answer to a GET, signed by somebody or by nobody."""
    url = uri if uri.startswith("https://") else chapter.settings.origin + uri
    headers = [("Accept", "text/html" if page else ACTIVITY_JSON)]
    if who is not None:
        message = HttpMessage("GET", url, tuple(headers))
        headers += sign_cavage(message, key_id=who.key_id, key=who.key, now=chapter.clock.now())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=chapter.instance)) as client:
        return await client.get(url, headers=headers)


async def refuse_host(chapter: Chapter, host: str) -> None:
    """An admin refuses that server."""
    await chapter.unit(lambda unit: set_mark(unit, scope="host", subject=host, decision="refuse"))
    await chapter.run(chapter.house.marks.load(chapter.house.database))


async def test_c3_authorized_fetch_answers_signed_requests_of_acceptable_servers_only(world: World) -> None:
    chapter = await world.chapter(authorized_fetch=True)
    ada, eve = world.stranger(), world.stranger("eve", "evil.test")
    post = await announce(chapter, "We meet on Sunday.")
    [sent] = await chapter.rows("SELECT uri FROM outbox_item WHERE verb = 'Create'")
    await refuse_host(chapter, "evil.test")
    sub = world.stranger("sub", "deep.evil.test")
    addresses = [post, sent["uri"], chapter.uri, f"{chapter.uri}/outbox", f"{chapter.uri}/followers"]
    addresses += [
        f"{chapter.uri}/outbox?page=1",
        f"{chapter.uri}/featured",
        f"{post}/replies",
        f"{post}/context",
    ]
    for uri in addresses:
        answer = await get(chapter, uri, ada)
        assert answer.status_code == 200, uri
        assert (
            "private" in answer.headers["cache-control"] or "no-store" in answer.headers["cache-control"]
        ), uri
        for nobody in (None, eve, sub):
            refused = await get(chapter, uri, nobody)
            assert refused.status_code == 401, (uri, refused.status_code)
            assert "Sunday" not in refused.text
    assert (await get(chapter, chapter.settings.server_uri)).status_code == 200
    assert eve.site.asked == sub.site.asked == []


async def test_c3_a_signature_that_does_not_fit_the_request_opens_nothing(world: World) -> None:
    chapter, ada = await world.chapter(authorized_fetch=True), world.stranger()
    post = await announce(chapter, "We meet on Sunday.")
    message = HttpMessage("GET", f"{post}/replies", ())
    for_another = sign_cavage(message, key_id=ada.key_id, key=ada.key, now=world.clock.now())
    eve = world.stranger("eve", "evil.test")
    forged = sign_cavage(HttpMessage("GET", post, ()), key_id=ada.key_id, key=eve.key, now=world.clock.now())
    broken = [("Signature", 'keyId="x"'), ("Date", "x")]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=chapter.instance)) as client:
        for headers in (for_another, forged, broken, [*for_another, ("Signature", "x")]):
            answer = await client.get(post, headers=[("Accept", ACTIVITY_JSON), *headers])
            assert answer.status_code in (400, 401), headers


async def test_c3_what_is_for_followers_or_not_yet_out_is_absent_for_others(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    follower = each_world.stranger("bo", "follower.test")
    await followed_by(chapter, follower)
    absent = f"{chapter.settings.origin}/announcements/01m7x8r4yq4c3m6a1x2z3v4b5n"
    private = await announce(chapter, "For followers only.", visibility="followers")
    later = each_world.clock.now().replace(year=2031)
    waiting = await chapter.unit(lambda unit: announcements.write(unit, Draft("Later.", publish_at=later)))
    uris = (private, chapter.settings.uri("announcements", waiting))
    suffixes = ("", "/replies", "/context", "/likes", "/shares")
    for uri, suffix, page, who in product(uris, suffixes, (False, True), (None, ada)):
        here = await get(chapter, uri + suffix, who, page=page)
        there = await get(chapter, absent + suffix, who, page=page)
        assert here.status_code == there.status_code, (uri, suffix, page)
        assert "followers only" not in here.text and "Later." not in here.text
    listed = await chapter.get_json(f"{chapter.uri}/outbox?page=1")
    assert listed["orderedItems"] == []
    async with chapter.client() as client:
        assert "followers only" not in (await client.get("/")).text
    [sent] = await chapter.rows("SELECT uri FROM outbox_item WHERE verb = 'Create'")
    assert (await get(chapter, sent["uri"])).status_code == 404
    assert (await get(chapter, sent["uri"], ada)).status_code == 404


async def test_c3_what_is_held_hidden_or_gone_is_in_no_page_collection_or_count(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await announce(chapter, "We meet on Sunday.")
    note = ada.note("<p>Spam spam</p>", reply_to=post)
    assert (await ada.tell(chapter, ada.create(note)))[0] == "held"
    paths = ("/", post, f"{post}/replies?page=1", f"{post}/context?page=1")
    for state in ("held", "hidden"):
        await chapter.unit(lambda unit, state=state: change(unit, note["id"], state=state))
        assert (await chapter.get_json(f"{post}/replies"))["totalItems"] == 0
        assert await chapter.rows("SELECT replies FROM known_object WHERE uri = ?", post) == [{"replies": 0}]
        for path, page in product(paths, (False, True)):
            assert "Spam" not in (await get(chapter, path, page=page)).text
    state, reason = await ada.tell(chapter, ada.activity("Like", note["id"]))
    other = await ada.tell(chapter, ada.activity("Like", "https://elsewhere.test/notes/none"))
    assert (state, reason) == other


async def test_c3_a_message_is_for_staff_and_its_activity_for_whom_it_went_to(world: World) -> None:
    chapter, ada, bob = await world.chapter(), world.stranger(), world.stranger("bob", "far.test")
    note = ada.note("<p>In confidence</p>", public=False, to=[chapter.uri])
    await ada.tell(chapter, ada.create(note), inbox=f"{chapter.uri}/inbox")
    bodies = await chapter.rows("SELECT body FROM inbox_item WHERE verb = 'Create'")
    assert bodies == [{"body": ""}]
    member = await chapter.signed_in(Role.MEMBER)
    anybody = chapter.client()
    for path in ("/", "/messages", note["id"]):
        for client in (member, anybody):
            assert "In confidence" not in (await client.get(path)).text, path
    [item] = await chapter.rows("SELECT uri, body FROM outbox_item WHERE verb = 'Create'") or [
        {"uri": "", "body": ""}
    ]
    if item["uri"]:
        assert (await get(chapter, item["uri"], bob)).status_code == 404


async def test_c3_a_refused_server_is_turned_away_before_it_is_asked(world: World) -> None:
    chapter, eve = await world.chapter(), world.stranger("eve", "evil.test")
    sub, relay = world.stranger("s", "a.evil.test"), world.stranger("relay", "relay.test")
    await refuse_host(chapter, "evil.test")
    for one in (eve, sub):
        answer = await one.send(chapter, one.activity("Follow", chapter.uri))
        assert (answer.status_code, answer.json()["code"]) == (403, "host-refused")
        by_way = await relay.send(chapter, one.prove(one.activity("Follow", chapter.uri)))
        assert by_way.status_code == 403
        assert one.site.asked == []
    assert await chapter.count("inbox_item") == 0


async def test_c3_a_refused_actor_becomes_no_follower(world: World) -> None:
    chapter, eve = await world.chapter(), world.stranger("eve", "evil.test")
    await eve.tell(chapter, eve.activity("View", eve.uri))
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=eve.uri, decision="refuse"))
    state, _ = await eve.tell(chapter, eve.activity("Follow", chapter.uri))
    assert state == "refused"
    assert await chapter.count("follow") == 0


async def test_c3_asking_with_somebodys_key_makes_us_ask_them_only_so_often(world: World) -> None:
    chapter = await world.chapter(authorized_fetch=True)
    chapter.house.limits = Limits(0.05)
    victim = world.stranger("v", "victim.test")
    asked: list[Any] = []
    for number in range(8):
        victim.key_id = f"https://victim.test/k/{number}"
        asked.append((await get(chapter, chapter.uri, victim)).status_code)
    assert asked == [401] * 8
    assert len(victim.site.asked) == 3
