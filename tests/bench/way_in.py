"""Accepting and processing: our inbox against bare starlette + RSA verify + grouped insert, both under uvicorn."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiosqlite
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedchapter.actors import ActorFacts, KeyFacts, store_actor
from fedchapter.app import Instance, create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.policy import set_mark
from fedchapter.settings import Settings, settings_from
from fedchapter.signatures import (
    HttpMessage,
    generate_rsa,
    public_from_pem,
    public_to_pem,
    read_signature,
    verify,
)
from fedchapter.store import Known, Unit, know
from tests.bench.peers import comment, encoded, fire, free_ports, in_process, request_bytes, wait_for
from tests.bench.report import Report

REQUESTS = 4000
ACTOR = "https://peer.test/users/ada"
KEY_ID = f"{ACTOR}#main-key"


def settings_for(folder: Path, port: int) -> Settings:
    """A chapter on localhost."""
    return settings_from(
        {"domain": f"localhost:{port}", "name": "Bench", "data": str(folder), "listen_port": port}
    )


async def prepare(settings: Settings, pem: str) -> Instance:
    """A founded chapter that knows the sender and has a post to comment on."""
    await bring_up(settings)
    instance = create_instance(settings, limits_scale=1000)
    await instance.open()
    await found(instance)

    async def seed(unit: Unit) -> None:
        facts = ActorFacts(ACTOR, "Person", "ada", f"{ACTOR}/inbox", keys=(KeyFacts(KEY_ID, "rsa", pem),))
        await store_actor(unit, facts)
        await set_mark(unit, scope="actor", subject=ACTOR, decision="approved")
        post = settings.uri("announcements", "bench")
        await know(
            unit,
            Known(post, "announcement", "bench", settings.chapter_uri, unit.now, local=True, listed=True),
        )

    await instance.house.database.run(instance.house.database.in_unit(seed))
    return instance


def run_chapter(folder: str, port: int, pem: str) -> None:
    """Serves a chapter whose workers do not run."""

    async def main() -> None:
        settings = settings_for(Path(folder), port)
        instance = await prepare(settings, pem)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await instance(scope, receive, send)

        await _serve(app, port)

    uvloop.run(main())


class Group:
    """Rows of many requests in one transaction, over a bare connection."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        self._database = database
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None

    async def put(self, body: str) -> None:
        """The row is committed."""
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((body, stored))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        await stored

    async def _flush(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            await self._database.execute("BEGIN")
            await self._database.executemany(
                "INSERT INTO item (body) VALUES (?)", [(body,) for body, _ in group]
            )
            await self._database.execute("COMMIT")
            for _, stored in group:
                stored.set_result(None)


def run_limit(folder: str, port: int, pem: str) -> None:
    """The least that could do it: starlette, one verification, rows of many requests in one transaction."""
    key = public_from_pem(pem)

    async def main() -> None:
        database = await aiosqlite.connect(Path(folder) / "limit.sqlite3", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            await database.execute(f"PRAGMA {pragma}")
        await database.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, body TEXT)")
        group = Group(database)

        async def inbox(request: Request) -> Response:
            body = await request.body()
            headers = tuple((name.decode(), value.decode()) for name, value in request.headers.raw)
            message = HttpMessage("POST", f"http://localhost:{port}/inbox", headers, body)
            parsed = read_signature(message, now=datetime.now(UTC), hosts=(f"localhost:{port}",))
            assert verify(parsed, key)
            await group.put(body.decode())
            return Response(status_code=202)

        await _serve(Starlette(routes=[Route("/inbox", inbox, methods=["POST"])]), port)

    uvloop.run(main())


async def _serve(app: Any, port: int) -> None:
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
    )
    await uvicorn.Server(config).serve()


def measure(folder: Path, report: Report) -> None:
    """Accepting per second, ours and the limit in turns, and processing per second."""
    key = generate_rsa()
    pem = public_to_pem(key.public_key())
    rates: dict[str, list[float]] = {"limit": [], "ours": []}
    for turn in range(3):
        for name, target in (("limit", run_limit), ("ours", run_chapter)):
            place = folder / f"{name}{turn}"
            place.mkdir(parents=True)
            [port] = free_ports(1)
            process = in_process(target, str(place), port, pem)
            wait_for(port)
            url = f"http://localhost:{port}/inbox"
            post = f"http://localhost:{port}/announcements/bench"
            bodies = [encoded(comment(ACTOR, number, post)) for number in range(REQUESTS)]
            requests = [request_bytes(url, body, key, KEY_ID) for body in bodies]
            uvloop.run(fire(port, requests[:200]))
            seconds = uvloop.run(fire(port, requests[200:]))
            rates[name].append((REQUESTS - 200) / seconds)
            process.kill()
            process.join()
    ours, limit = sorted(rates["ours"])[1], sorted(rates["limit"])[1]
    report.figure("accepting, signed Create{Note} POSTs, keep-alive, 32 at once", ours, "/s")
    report.figure("  its limit: starlette + verify + grouped insert", limit, "/s")
    report.at_least("accepting, of its limit", ours / limit, 0.5)
    report.figure("processing to stored comments", uvloop.run(process_rate(folder / "ours2", pem)), "/s")


async def process_rate(folder: Path, pem: str) -> float:
    """How many of the stored activities become comments each second."""
    [database] = folder.glob("*.sqlite3")
    settings = settings_for(folder, _port_of(database))
    instance = create_instance(settings, limits_scale=1000)
    await instance.open()
    began_s = time.perf_counter()
    await instance.settle()
    seconds = time.perf_counter() - began_s
    rows = await instance.house.database.run(
        instance.house.database.rows("SELECT state, count(*) AS total FROM inbox_item GROUP BY state")
    )
    assert {row["state"] for row in rows} == {"done"}, rows
    await instance.close()
    return sum(row["total"] for row in rows) / seconds


def _port_of(database: Path) -> int:
    import sqlite3

    with sqlite3.connect(database) as connection:
        [uri] = connection.execute("SELECT uri FROM actor WHERE local AND type = 'Group'").fetchone()
    return int(str(uri).split("/")[2].partition(":")[2])
