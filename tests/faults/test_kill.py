"""kill -9 of a real server at bad moments: nothing accepted is lost, nothing is handled or made twice."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.store import Unit
from tests.faults.real import Crowd, Real, follow_from, real_chapter
from tests.faults.sink import open_sink

# Several processes, one after another: minutes on a busy machine.
pytestmark = pytest.mark.timeout(400)
HOSTS = 60
IN_HAND = 15
MESSAGES = 150


async def announce(real: Real) -> str:
    """An announcement is published, its deliveries wait; returns its URI."""
    id_ = await real.unit(lambda unit: announcements.write(unit, Draft("We meet on Sunday.")))
    return real.settings.uri("announcements", id_)


@pytest.mark.long
async def test_a_server_killed_in_mid_delivery_brings_everything_everywhere(
    database_url: str, tmp_path: Path
) -> None:
    async with open_sink(HOSTS) as sink:
        real = await real_chapter(tmp_path, database_url, sink, delivery_concurrency=str(IN_HAND))
        await real.unit(lambda unit: follow_from(unit, sink.ports))
        await announce(real)
        async with real.process("serve") as server:
            await sink.until(lambda: len(sink.posts) >= HOSTS // 3)
            sink.hold()
            await sink.until(lambda: sink.unanswered >= IN_HAND)
            await server.kill()
        sink.release()
        await sink.until(lambda: sink.connections == 0)
        before = len(sink.posts)
        left = await real.rows("SELECT inbox FROM delivery WHERE state = 'due'")
        assert IN_HAND <= len(left) < HOSTS
        async with real.process("serve") as server:
            await sink.until(lambda: len(sink.posts) >= before + len(left))
            assert await server.stop() == 0
        states = await real.rows("SELECT state, count(*) AS total FROM delivery GROUP BY state")
    assert [(row["state"], row["total"]) for row in states] == [("done", HOSTS)]
    assert len(sink.posts) == before + len(left)
    # Whoever remembers ids sees one activity, once.
    assert len({post.uri for post in sink.posts}) == 1
    assert sorted({post.port for post in sink.posts}) == sorted(sink.ports)
    assert len({repr(post.activity) for post in sink.posts}) == 1


async def test_every_message_answered_202_survives_a_kill_and_is_handled_once(
    database_url: str, tmp_path: Path
) -> None:
    async with open_sink(1) as sink:
        real, crowd = await real_chapter(tmp_path, database_url, sink), Crowd(sink, MESSAGES)
        await real.unit(crowd.introduce)
        follows = [crowd.activity(uri, "Follow", real.settings.chapter_uri) for uri in crowd.uris]
        accepted: set[str] = set()
        waiting = list(follows)

        async def post(client: httpx.AsyncClient) -> None:
            while waiting:
                follow = waiting.pop()
                await crowd.send(client, real, follow)
                accepted.add(follow["id"])
                if len(accepted) == MESSAGES // 2:
                    # In the middle: some are being read, some stored, some handled.
                    server.process.kill()

        async with real.process("serve") as server, httpx.AsyncClient() as client:
            await asyncio.gather(*(post(client) for _ in range(8)), return_exceptions=True)
            await server.kill()
        assert MESSAGES // 2 <= len(accepted) < MESSAGES
        stored = {row["activity_uri"] for row in await real.rows("SELECT activity_uri FROM inbox_item")}
        assert accepted <= stored
        # What was not answered is sent again, and cautious senders send the rest again too.
        async with real.process("serve") as server, httpx.AsyncClient() as client:
            for follow in follows:
                await crowd.send(client, real, follow)
            await sink.until(lambda: len({post.uri for post in sink.of("Accept")}) == MESSAGES)
            assert await server.stop() == 0
        await check_handled_once(real, follows)
    assert {post.activity["object"]["id"] for post in sink.of("Accept")} == {
        follow["id"] for follow in follows
    }


async def check_handled_once(real: Real, follows: list[dict[str, Any]]) -> None:
    """Each Follow is one row, one follower and one Accept."""
    items = await real.rows("SELECT activity_uri, state FROM inbox_item")
    made = await real.rows("SELECT uri FROM outbox_item WHERE verb = 'Accept'")
    rows = await real.rows("SELECT state FROM follow")
    assert sorted(row["activity_uri"] for row in items) == sorted(follow["id"] for follow in follows)
    assert {row["state"] for row in items} == {"done"}
    assert len(made) == MESSAGES
    assert [row["state"] for row in rows] == ["accepted"] * MESSAGES


@pytest.mark.long
async def test_jobs_of_a_killed_server_are_done_exactly_once(database_url: str, tmp_path: Path) -> None:
    async with open_sink(1) as sink:
        real = await real_chapter(tmp_path, database_url, sink)
        await real.unit(lambda unit: follow_from(unit, sink.ports))

        async def plan(unit: Unit) -> None:
            for number in range(HOSTS):
                due_at = unit.now + timedelta(minutes=1)
                await announcements.write(unit, Draft(f"Number {number}", publish_at=due_at))

        await real.unit(plan, ago=timedelta(hours=1))
        sink.hold()
        async with real.process("serve") as server:
            await sink.until(lambda: bool(sink.posts))
            await server.kill()
        sink.release()
        async with real.process("serve") as server:
            await sink.until(lambda: len({post.uri for post in sink.of("Create")}) == HOSTS)
            assert await server.stop() == 0
        jobs = await real.rows("SELECT state FROM job WHERE name LIKE 'announcement%'")
        made = await real.rows("SELECT object_uri FROM outbox_item WHERE verb = 'Create'")
    assert [row["state"] for row in jobs] == ["done"] * HOSTS
    assert len(made) == len({row["object_uri"] for row in made}) == HOSTS
