"""Fan-out of one post to many hosts: our queue and client against bare sign + socket, and with slow hosts."""

import asyncio
import time
from pathlib import Path
from typing import Any

import uvloop

from fedchapter.app import Instance, create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.federation import Audience, publish
from fedchapter.settings import settings_from
from fedchapter.signatures import generate_rsa
from fedchapter.store import Unit
from tests.bench.peers import comment, encoded, free_ports, request_bytes, start_sink
from tests.bench.report import Report

HOSTS = 500
MANY_HOSTS = 2000
AT_ONCE = 100
SLOW_S = 0.2


def measure(folder: Path, report: Report) -> None:
    """The fan-outs, best of three each."""
    uvloop.run(_measure(folder, report))


async def _measure(folder: Path, report: Report) -> None:
    started = [start_sink(HOSTS, 0.0), start_sink(HOSTS, SLOW_S), start_sink(MANY_HOSTS, 0.0)]
    fast, slow, many = (ports for _, ports in started)
    limit_s = min([await limit(fast) for _ in range(3)])
    fast_s = min([await fan_out(folder / f"fast{turn}", fast) for turn in range(3)])
    slow_s = await fan_out(folder / "slow", slow)
    many_s = await fan_out(folder / "many", many)
    for process, _ in started:
        process.kill()
    report.figure("fan-out to 500 hosts, plain http, queue included", HOSTS / fast_s, "/s")
    report.figure("  its limit: bare sign + socket", HOSTS / limit_s, "/s")
    report.figure("fan-out to 500 hosts that answer after 200 ms", slow_s, "s")
    report.figure("fan-out to 2,000 hosts", MANY_HOSTS / many_s, "/s")
    report.at_least("fan-out, of its limit", limit_s / fast_s, 0.3)
    report.at_most("slow hosts: over 3 × the fast run + 1 s", slow_s / (3 * fast_s + 1), 1.0)
    report.at_most(
        "cost per delivery at 2,000 hosts, of that at 500", (many_s / MANY_HOSTS) / (fast_s / HOSTS), 1.3
    )


async def limit(ports: list[int]) -> float:
    """Seconds to sign and send one POST to each port over a bare socket, 100 at once."""
    key = generate_rsa()
    body = encoded(comment("https://peer.test/users/ada", 1, "https://peer.test/notes/0"))
    waiting = list(ports)

    async def one() -> None:
        while waiting:
            port = waiting.pop()
            request = request_bytes(
                f"http://localhost:{port}/inbox", body, key, "https://peer.test/users/ada#main-key"
            )
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 202")
            writer.close()

    began_s = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return time.perf_counter() - began_s


async def fan_out(folder: Path, ports: list[int]) -> float:
    """Seconds from publishing one post to the last delivery written down, one follower on each port."""
    instance = await _chapter(folder, ports)
    body = comment("https://peer.test/users/ada", 1, "https://peer.test/notes/0")["object"]

    async def post(unit: Unit) -> None:
        activity: dict[str, Any] = {"type": "Create", "actor": unit.settings.chapter_uri, "object": body}
        await publish(unit, activity, Audience("public"), kind="bench")

    database = instance.house.database
    began_s = time.perf_counter()
    await database.run(database.in_unit(post))
    await instance.settle()
    seconds = time.perf_counter() - began_s
    rows = await database.run(
        database.rows("SELECT state, reason, count(*) AS total FROM delivery GROUP BY state, reason")
    )
    await instance.close()
    assert [(row["state"], row["total"]) for row in rows] == [("done", len(ports))], rows
    return seconds


async def _chapter(folder: Path, ports: list[int]) -> Instance:
    [port] = free_ports(1)
    values = {"domain": f"localhost:{port}", "name": "Bench", "data": str(folder), "localhost_ports": ports}
    settings = settings_from(values)
    await bring_up(settings)
    instance = create_instance(settings)
    await instance.open()
    await found(instance)

    async def seed(unit: Unit) -> None:
        for number in ports:
            origin = f"http://localhost:{number}"
            uri = f"{origin}/users/ada"
            await unit.execute(
                "INSERT INTO actor (id, uri, type, username, host, name, summary, url, icon, inbox, shared_inbox, "
                "outbox, followers, featured, local, approves_followers, state, moved_to, also_known_as, "
                "first_seen_at, fetched_at) VALUES (?, ?, 'Person', 'ada', ?, '', '', '', '', ?, '', '', '', '', "
                "false, false, 'active', '', '', ?, ?)",
                unit.new_id(),
                uri,
                f"localhost:{number}",
                f"{origin}/inbox",
                unit.now,
                unit.now,
            )
            await unit.execute(
                "INSERT INTO follow (id, uri, follower_uri, followed_uri, state, created_at) "
                "VALUES (?, ?, ?, ?, 'accepted', ?)",
                unit.new_id(),
                f"{uri}/follow",
                uri,
                unit.settings.chapter_uri,
                unit.now,
            )

    await instance.house.database.run(instance.house.database.in_unit(seed))
    return instance
