"""The way out: leases, retries, second knock, resting hosts, shared inboxes."""

from fedchapter.federation import Audience, publish
from fedchapter.store import Unit
from tests.support.network import Chapter, Stranger, World


async def follow(chapter: Chapter, *followers: Stranger) -> None:
    for follower in followers:
        assert (await follower.tell(chapter, follower.activity("Follow", chapter.uri)))[0] == "done"
        follower.received.clear()


async def announce(chapter: Chapter, visibility: str = "public", *actors: str) -> str:
    async def work(unit: Unit) -> str:
        activity = {"type": "View", "actor": chapter.uri, "object": chapter.uri}
        return await publish(unit, activity, Audience(visibility, actors), kind="test")

    return await chapter.unit(work)


async def deliveries(chapter: Chapter) -> list[tuple[str, int, int | None]]:
    rows = await chapter.rows(
        "SELECT state, attempts, status FROM delivery JOIN outbox_item ON outbox_item.id = delivery.outbox_id "
        "WHERE outbox_item.kind = 'test' ORDER BY delivery.id"
    )
    return [(row["state"], row["attempts"], row["status"]) for row in rows]


async def test_followers_with_one_shared_inbox_get_one_delivery(each_world: World) -> None:
    chapter = await each_world.chapter()
    one, two = each_world.stranger("one", "big.test"), each_world.stranger("two", "big.test")
    for stranger in (one, two):
        stranger.put(stranger.uri, stranger.document(endpoints={"sharedInbox": "https://big.test/inbox"}))
    await follow(chapter, one, two)
    await announce(chapter)
    await chapter.settle()
    assert await deliveries(chapter) == [("done", 1, 202)]
    assert len(one.site.received["/inbox"]) == 1


async def test_a_failing_host_is_tried_again_for_two_days_and_then_given_up(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await follow(chapter, ada)
    await announce(chapter)
    world.network.answering(ada.host, 503)
    began_at = world.clock.now()
    for _ in range(200):
        await chapter.settle()
        [(state, attempts, status)] = await deliveries(chapter)
        if state != "due":
            break
        world.move(minutes=45)
    assert (state, status) == ("gave-up", 503)
    assert attempts > 10
    assert (world.clock.now() - began_at).total_seconds() > 2 * 86_400


async def test_permanent_answers_are_not_tried_again(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await follow(chapter, ada)
    for status, state in ((404, "refused"), (501, "refused"), (410, "gone"), (403, "refused")):
        world.network.answering(ada.host, status)
        await announce(chapter)
        await chapter.settle()
        world.move(days=1)
        await chapter.settle()
        assert (await deliveries(chapter))[-1] == (state, 1, status)


async def test_retry_after_is_honoured(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await follow(chapter, ada)
    world.network.answering(ada.host, 429, {"Retry-After": "3600"})
    await announce(chapter)
    await chapter.settle()
    world.network.mend(ada.host)
    world.move(minutes=55)
    await chapter.settle()
    assert await deliveries(chapter) == [("due", 1, 429)]
    world.move(minutes=50)
    await chapter.settle()
    assert await deliveries(chapter) == [("done", 2, 202)]


async def test_a_message_from_a_resting_host_wakes_what_waits_for_it(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await follow(chapter, ada)
    world.network.cut(ada.host)
    for _ in range(6):
        await announce(chapter)
        await chapter.settle()
    assert await chapter.count("peer", "resting_until_at IS NOT NULL AND host = ?", ada.host) == 1
    world.network.mend(ada.host)
    await announce(chapter)
    await chapter.settle()
    assert not ada.received
    world.move(minutes=2)
    await ada.tell(chapter, ada.activity("View", "https://elsewhere.test/x"))
    assert len(ada.received) == 7


async def test_the_second_knock_is_remembered(world: World) -> None:
    """A server that reads only RFC 9421 answers cavage with 401 (wire.md §7.4)."""
    chapter, ada = await world.chapter(), world.stranger()
    await follow(chapter, ada)
    site = world.network.apps[ada.host]
    seen: list[str] = []

    async def picky(scope: object, receive: object, send: object) -> None:
        headers = dict(scope["headers"])  # type: ignore[index]
        modern = b"signature-input" in headers
        seen.append("rfc9421" if modern else "cavage")
        if modern:
            await site(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 401, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    world.network.apps[ada.host] = picky
    await announce(chapter)
    await chapter.settle()
    await announce(chapter)
    await chapter.settle()
    assert seen == ["cavage", "rfc9421", "rfc9421"]
    [row] = await chapter.rows("SELECT scheme FROM peer WHERE host = ?", ada.host)
    assert row["scheme"] == "rfc9421"


async def test_each_attempt_is_signed_anew(world: World) -> None:
    """A signature is good for about an hour: a retried delivery needs a new Date (wire.md §1.1)."""
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    from fedchapter.federation.fetch import fetch_actor
    from fedchapter.objects.follow import service

    actor = await riverside.run(fetch_actor(riverside.house, hillside.uri))
    world.network.cut(hillside.host)
    await riverside.unit(lambda unit: service.ask(unit, riverside.uri, actor))
    await riverside.settle()
    world.network.mend(hillside.host)
    world.move(hours=9)
    await world.settle()
    assert ("/@hillside/inbox", 202) in world.network.posts_to(hillside.host)


async def test_a_refused_host_gets_nothing(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await follow(chapter, ada)
    from fedchapter.policy import set_mark

    await chapter.unit(lambda unit: set_mark(unit, scope="host", subject=ada.host, decision="refuse"))
    await chapter.run(chapter.house.marks.load(chapter.house.database))
    await announce(chapter)
    await chapter.settle()
    assert [state for state, _, _ in await deliveries(chapter)] == ["stopped"]
    assert not ada.received
