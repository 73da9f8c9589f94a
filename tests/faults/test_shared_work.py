"""Two `serve` and two `worker` processes of one chapter on PostgreSQL: each piece of work is done by one of them.

Sharing is forced, not hoped for: answers are held back until more are under way than one process may have, and one
worker is stopped at a locked row until the other has done the rest.
"""

from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import httpx
import pytest

from fedchapter.federation.process import BATCH
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from tests.faults.real import Crowd, Real, follow_from, real_chapter
from tests.faults.sink import Sink, open_sink
from tests.support.processes import Running, free_ports

# Several processes, one after another: minutes on a busy machine.
pytestmark = pytest.mark.timeout(400)
HOSTS = 40
IN_HAND = 8


async def announce(real: Real) -> str:
    """An announcement is published; returns its URI."""
    id_ = await real.unit(lambda unit: announcements.write(unit, Draft("We meet on Sunday.")))
    return real.settings.uri("announcements", id_)


async def send_all(real: Real, crowd: Crowd, doors: list[int], uri: str) -> None:
    """One Like, then more Follows than a worker claims at once, each message at both doors."""
    like = crowd.activity(crowd.uris[0], "Like", uri)
    follows = [crowd.activity(who, "Follow", real.settings.chapter_uri) for who in crowd.uris]
    async with httpx.AsyncClient() as client:
        for activity in [like, *follows]:
            for door in doors:
                await crowd.send(client, real, activity, door)


@pytest.mark.database("postgres")
async def test_two_servers_and_two_workers_do_everything_once(database_url: str, tmp_path: Path) -> None:
    doors = free_ports(2)
    async with open_sink(HOSTS) as sink, AsyncExitStack() as stack:
        changes = {"work_in_serve": "no", "delivery_concurrency": str(IN_HAND), "lease_s": "60"}
        real = await real_chapter(tmp_path, database_url, sink, **changes)
        crowd = Crowd(sink, BATCH + 1)
        await real.unit(crowd.introduce)
        await real.unit(lambda unit: follow_from(unit, sink.ports))
        processes = [
            await stack.enter_async_context(real.process("serve", FEDCHAPTER_LISTEN_PORT=str(door)))
            for door in doors
        ]
        processes += [await stack.enter_async_context(real.process("worker")) for _ in range(2)]

        sink.hold()
        uri = await announce(real)
        # One process has at most IN_HAND under way.
        await sink.until(lambda: sink.unanswered == 2 * IN_HAND)
        sink.release()
        await sink.until(lambda: len(sink.of("Create")) == HOSTS)

        locker = await asyncpg.connect(database_url)
        async with locker.transaction():
            await locker.execute("SELECT 1 FROM known_object WHERE uri = $1 FOR UPDATE", uri)
            await send_all(real, crowd, doors, uri)
            # Whoever has the Like waits for the row, with what it claimed together with it: the other answers these.
            await sink.until(lambda: bool(sink.of("Accept")))
            assert not await real.rows(
                "SELECT 1 AS yes FROM inbox_item WHERE verb = 'Like' AND state = 'done'"
            )
        await locker.close()
        await sink.until(lambda: len(sink.of("Accept")) == BATCH + 1)
        await stop_all(processes)
        await check_once(sink, real, uri)


async def stop_all(processes: list[Running]) -> None:
    """SIGTERM ended each by itself, with status 0, and none had a fault."""
    assert [await process.stop() for process in processes] == [0] * len(processes)
    for process in processes:
        assert "Traceback" not in process.output


async def check_once(sink: Sink, real: Real, uri: str) -> None:
    """Every row was handled once, and every inbox got everything once."""
    items = await real.rows("SELECT verb, state, attempts FROM inbox_item ORDER BY verb")
    expected = [("Follow", "done", 1)] * (BATCH + 1) + [("Like", "done", 1)]
    assert [(row["verb"], row["state"], row["attempts"]) for row in items] == expected
    [known] = await real.rows("SELECT likes FROM known_object WHERE uri = ?", uri)
    assert known["likes"] == 1
    assert len(sink.posts) == HOSTS + BATCH + 1
    assert len({(post.port, post.uri) for post in sink.posts}) == HOSTS + BATCH + 1
    deliveries = await real.rows("SELECT DISTINCT state, attempts FROM delivery")
    assert [(row["state"], row["attempts"]) for row in deliveries] == [("done", 1)]
