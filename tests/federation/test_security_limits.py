"""What a message may cost: bytes, time, requests to others; who floods is told so before anything expensive."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from fedchapter.federation import inlet, process, receive
from fedchapter.federation.inlet import Arrival
from fedchapter.house.limits import RULES, Limits
from tests.objects.announcement.support import follows
from tests.support.network import PUBLIC, Chapter, Stranger, World
from tests.support.threads import announced


async def send_all(chapter: Chapter, messages: list[tuple[Stranger, dict[str, Any]]]) -> list[httpx.Response]:
    """All at once."""
    return list(await asyncio.gather(*(who.send(chapter, activity) for who, activity in messages)))


def many(world: World, host: str, count: int) -> list[Stranger]:
    """Actors of one server who share a key, since making one takes time."""
    first = world.stranger("p0", host)
    people = [first]
    for number in range(1, count):
        one = object.__new__(Stranger)
        one.__dict__ |= first.__dict__ | {"username": f"p{number}", "uri": f"https://{host}/users/p{number}"}
        one.key_id = f"{one.uri}#main-key"
        one.put(one.uri, one.document())
        people.append(one)
    return people


async def test_b4_a_body_is_counted_and_ends_at_one_megabyte(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 65_536
            yield b" " * 65_536

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=chapter.instance)) as client:
        for headers in ({}, {"Content-Length": "10"}):
            answer = await client.post(f"{chapter.settings.origin}/inbox", content=endless(), headers=headers)
            assert answer.status_code == 413
    assert read < 3 * receive.BODY_BYTES_MAX
    fits = ada.activity("View", ada.uri, summary="x" * (receive.BODY_BYTES_MAX - 400))
    assert (await ada.send(chapter, fits)).status_code == 202


async def test_b4_a_body_that_drips_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chapter = await world.chapter()
    monkeypatch.setattr(receive, "BODY_WITHIN_S", 0.05)

    async def dripping() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=chapter.instance)) as client:
        answer = await client.post(f"{chapter.settings.origin}/inbox", content=dripping())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"


async def test_b4_who_hangs_up_in_the_middle_is_no_fault_of_ours(world: World) -> None:
    chapter = await world.chapter()
    pieces = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    answered: list[Any] = []

    async def hang_up() -> Any:
        return pieces.pop(0)

    async def note(message: Any) -> None:
        answered.append(message)

    scope = {"type": "http", "method": "POST", "path": "/inbox", "raw_path": b"/inbox", "query_string": b""}
    scope |= {"headers": [(b"host", chapter.host.encode())], "scheme": "https", "http_version": "1.1"}
    with capture_logs() as logs:
        await chapter.instance(scope, hang_up, note)
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
    assert answered[0]["status"] == 503


async def test_b4_what_is_nested_numerous_or_compressed_is_refused(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]
    for odd in (
        ada.activity("View", ada.uri, tag=deep),
        ada.activity("View", ada.uri, tag={f"k{number}": 1 for number in range(1001)}),
        ada.activity("View", ada.uri, tag=[0] * 20_001),
        ada.activity("View", ada.uri, tag=2**60),
    ):
        assert (await ada.send(chapter, odd)).status_code == 400
    body = gzip.compress(msgspec.json.encode(ada.activity("View", ada.uri)))
    assert (await ada.send(chapter, body)).status_code == 400
    assert (await ada.send(chapter, b"[" * 900_000)).status_code == 400
    assert await chapter.count("inbox_item") == 0


async def test_b5_an_endless_chain_of_parents_is_not_followed(world: World) -> None:
    chapter, eve = await world.chapter(), world.stranger("eve", "evil.test")
    await follows(chapter, eve)
    notes = [eve.note("n", reply_to=f"https://evil.test/chain/{number}") for number in range(30)]
    for number, note in enumerate(notes):
        eve.put(
            f"https://evil.test/chain/{number - 1}", note | {"id": f"https://evil.test/chain/{number - 1}"}
        )
    for activity in (
        eve.create(notes[0]),
        eve.activity("Announce", "https://evil.test/chain/3", to=[PUBLIC]),
        eve.activity(
            "Announce", eve.activity("Announce", eve.activity("Announce", notes[9]["id"])), to=[PUBLIC]
        ),
        eve.activity("Create", notes[5]["id"], to=[PUBLIC]),
    ):
        eve.site.asked.clear()
        await eve.tell(chapter, activity)
        assert len(eve.site.asked) <= 3, eve.site.asked


async def test_b5_one_message_costs_at_most_ten_requests(world: World) -> None:
    """A server that sends us on and on: by redirects, by ids, by refusing each first knock."""
    chapter, eve = await world.chapter(), world.stranger("eve", "evil.test")
    await follows(chapter, eve)
    victim = world.stranger("v", "victim.test")
    for number in range(40):
        eve.site.redirects[f"https://evil.test/r/{number}"] = f"https://evil.test/r/{number + 1}"
    eve.put("https://evil.test/n", {"id": "https://evil.test/n2", "type": "Note"}, status=401)
    eve.put("https://evil.test/m", {"id": "https://evil.test/m2", "type": "Note", "attributedTo": victim.uri})
    eve.put(
        "https://evil.test/m2", {"id": "https://evil.test/m2", "type": "Note", "attributedTo": victim.uri}
    )
    for uri in ("https://evil.test/r/0", "https://evil.test/n", "https://evil.test/m"):
        eve.site.asked.clear()
        victim.site.asked.clear()
        await eve.tell(chapter, eve.activity("Announce", uri, to=[PUBLIC]))
        assert len(eve.site.asked) + len(victim.site.asked) <= 10
        assert victim.site.asked == []


async def test_b5_nobody_sends_us_to_a_third_server(world: World) -> None:
    chapter, eve = await world.chapter(), world.stranger("eve", "evil.test")
    victim = world.stranger("v", "victim.test")
    root, note = await announced(chapter), world.stranger("w", "victim.test").note("x")
    for object_ in (note["id"], note, {"id": note["id"]}, eve.note("x", reply_to=note["id"])):
        for verb in (
            "Create",
            "Update",
            "Delete",
            "Announce",
            "Like",
            "Undo",
            "Accept",
            "Add",
            "Move",
            "Flag",
            "Join",
        ):
            activity = eve.activity(
                verb, object_, target=victim.uri, to=[PUBLIC, victim.uri], instrument=victim.uri
            )
            await eve.send(chapter, activity)
    for author in (victim.uri, [victim.uri]):
        await eve.send(
            chapter, eve.create(eve.note("x", reply_to=root, attributedTo=author, context=victim.uri))
        )
    await chapter.settle()
    assert victim.site.asked == []


async def test_b5_a_thousand_keys_of_a_dead_host_cost_two_attempts(world: World) -> None:
    chapter, people = await world.chapter(), many(world, "dead.test", 40)
    world.network.cut("dead.test")
    carried = world.network.handle_async_request
    tried: list[str] = []

    async def counted(request: httpx.Request) -> httpx.Response:
        tried.append(str(request.url))
        await asyncio.sleep(0)
        return await carried(request)

    world.network.handle_async_request = counted  # type: ignore[method-assign]
    answers = await send_all(chapter, [(one, one.activity("Follow", chapter.uri)) for one in people])
    assert {answer.status_code for answer in answers} == {503}
    assert all("retry-after" in answer.headers for answer in answers)
    assert len(tried) <= 2
    world.network.mend("dead.test")
    world.move(minutes=6)
    assert (await people[3].send(chapter, people[3].activity("Follow", chapter.uri))).status_code == 202


async def test_b5_an_address_that_breaks_does_not_shut_out_its_whole_server(world: World) -> None:
    """Anybody may name an address of a server as a key; one that answers 500 says nothing about its actors."""
    chapter, ada, eve = await world.chapter(), world.stranger(), world.stranger("eve", "evil.test")
    for status in (500, 503, 406, 429, 302):
        ada.put(f"https://elsewhere.test/{status}", {}, status=status)
        forged = eve.activity("Follow", chapter.uri)
        answer = await eve.send(chapter, forged, key_id=f"https://elsewhere.test/{status}#key")
        assert answer.status_code in (401, 503)
    assert (await ada.send(chapter, ada.activity("Follow", chapter.uri))).status_code == 202


async def test_b5_boosts_and_likes_by_strangers_cost_no_request(world: World) -> None:
    chapter, eve = await world.chapter(), world.stranger("eve", "evil.test")
    other = world.stranger("o", "other.test")
    await eve.tell(chapter, eve.activity("View", eve.uri))
    before = len(world.network.log)
    for verb in ("Announce", "Like", "EmojiReact"):
        for number in range(5):
            await eve.tell(chapter, eve.activity(verb, f"https://other.test/notes/{number}", to=[PUBLIC]))
            await eve.tell(chapter, eve.activity(verb, f"https://evil.test/notes/{number}", to=[PUBLIC]))
    assert len(world.network.log) == before
    assert other.site.asked == []


async def test_b5_a_slow_server_holds_up_nobody_elses_messages(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "PATIENCE_S", 0.05)
    chapter, eve, ada = await world.chapter(), world.stranger("eve", "evil.test"), world.stranger()
    await follows(chapter, eve)
    root = await announced(chapter)
    posts = [eve.note("slow") for _ in range(6)]
    await ada.send(chapter, ada.activity("View", ada.uri))
    await chapter.settle()
    never = asyncio.Event()
    carried = world.network.handle_async_request

    async def stuck(request: httpx.Request) -> httpx.Response:
        if request.url.host == "evil.test":
            await never.wait()
        return await carried(request)

    world.network.handle_async_request = stuck  # type: ignore[method-assign]
    for post in posts:
        await eve.send(chapter, eve.activity("Announce", post["id"], to=[PUBLIC]))
    await ada.send(chapter, ada.create(ada.note("quick", reply_to=root)))
    worked = await chapter.run(chapter.instance.processor.work())
    assert worked == 7
    states = await chapter.rows("SELECT state, reason FROM inbox_item WHERE verb IN ('Announce', 'Create')")
    assert sum(row["state"] == "held" for row in states) == 1
    # Four wait for their server, two were put back: they do not fill the place of others.
    assert sum("its server is slow" in row["reason"] for row in states) == 2
    assert not chapter.instance.processor.idle
    never.set()
    await chapter.settle()
    assert chapter.instance.processor.idle
    world.move(minutes=1)
    await chapter.settle()
    assert await chapter.count("known_object", "kind = 'announcement' AND owner_uri = ?", eve.uri) == 6


async def test_e2_strangers_are_counted_before_anything_is_asked_or_verified(world: World) -> None:
    chapter = await world.chapter()
    chapter.house.limits = Limits(0.01)
    crowd = [world.stranger("a", f"h{number}.flood.test") for number in range(6)]
    before = len(world.network.log)
    answers = [await one.send(chapter, one.activity("Follow", chapter.uri)) for one in crowd]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429, 429, 429]
    assert answers[-1].headers["retry-after"] == "60"
    assert len(world.network.log) == before + 3
    calm = world.stranger("c", "calm.test")
    assert (await calm.send(chapter, calm.activity("Follow", chapter.uri))).status_code == 202


async def test_e2_a_known_server_is_counted_by_messages_and_by_bytes(world: World) -> None:
    chapter, ada, bob = await world.chapter(), world.stranger(), world.stranger("bob", "calm.test")
    for one in (ada, bob):
        await one.send(chapter, one.activity("View", one.uri))
    chapter.house.limits = Limits(3 / RULES["inbox-known"][0])
    statuses = [(await ada.send(chapter, ada.activity("View", ada.uri))).status_code for _ in range(5)]
    assert statuses == [202, 202, 202, 429, 429]
    chapter.house.limits = Limits(9000 / RULES["inbox-bytes"][0])
    assert (await bob.send(chapter, bob.activity("View", bob.uri, summary="x" * 9000))).status_code == 202
    late = await bob.send(chapter, bob.activity("View", bob.uri))
    assert (late.status_code, late.headers["retry-after"]) == (429, "60")


async def test_e2_forged_messages_do_not_use_up_a_servers_share(world: World) -> None:
    chapter, ada, eve = await world.chapter(), world.stranger(), world.stranger("eve", "evil.test")
    await ada.send(chapter, ada.activity("View", ada.uri))
    chapter.house.limits = Limits(3 / RULES["inbox-known"][0])
    for _ in range(8):
        forged = await eve.send(chapter, ada.activity("View", ada.uri), key_id=ada.key_id)
        assert forged.status_code == 401
    assert (await ada.send(chapter, ada.activity("View", ada.uri))).status_code == 202


async def test_e2_the_farewell_of_somebody_unknown_costs_nothing(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    for verb in ("Delete", "Update"):
        assert (await ada.send(chapter, ada.activity(verb, ada.uri))).status_code == 202
        assert (await ada.send(chapter, ada.activity(verb, ada.document()))).status_code == 202
    assert ada.site.asked == []
    assert await chapter.count("inbox_item") == 0
    assert await chapter.count("actor", "NOT local") == 0


async def test_e2_a_full_inlet_says_when_to_come_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    monkeypatch.setattr(inlet, "WAITING_MAX", 0)
    answer = await ada.send(chapter, ada.activity("View", ada.uri))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert ada.site.asked == []


async def test_e2_a_row_that_the_database_refuses_loses_no_other(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.send(chapter, ada.activity("View", ada.uri))
    stored = Arrival.values.fget
    assert stored is not None

    def spoiled(arrival: Arrival) -> tuple[object, ...]:
        values = stored(arrival)
        return (None, *values[1:]) if "poison" in arrival.activity_uri else values

    activities = [ada.activity("View", f"https://elsewhere.test/{number}") for number in range(12)]
    activities[5]["id"] += "/poison"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Arrival, "values", property(spoiled))
        answers = await send_all(chapter, [(ada, activity) for activity in activities])
    statuses = [answer.status_code for answer in answers]
    assert statuses == [202] * 5 + [503] + [202] * 6
    assert answers[5].json()["code"] == "not-stored"
    assert await chapter.count("inbox_item") == 12
    assert (await ada.send(chapter, activities[5])).status_code == 202
