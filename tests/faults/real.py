"""A chapter whose server is a real process on loopback, with followers on a sink, and an author who signs for real."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

from fedchapter.app import create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.clock import MovedClock
from fedchapter.settings import Settings, settings_from
from fedchapter.signatures import HttpMessage, generate_rsa, public_to_pem, sign_cavage
from fedchapter.store import Database, Unit
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.faults.sink import Sink
from tests.support.processes import Running, free_ports, running
from tests.support.stranger import AS2, PUBLIC

Result = TypeVar("Result")
# Long enough for an answer on loopback, short enough to wait for; tests hold answers back for less.
LEASE_S = 3


@dataclass(frozen=True, slots=True)
class Real:
    """A chapter on disk; `serve` and `worker` start processes of it, `unit` and `rows` look in from here."""

    folder: Path
    settings: Settings
    env: dict[str, str]

    @asynccontextmanager
    async def process(self, *arguments: str, **env: str) -> AsyncIterator[Running]:
        """A `fedchapter` process that is ready; the variables change its settings."""
        async with running(*arguments, cwd=self.folder, env=self.env | env) as started:
            await started.ready()
            yield started

    async def unit(
        self, service: Callable[[Unit], Awaitable[Result]], *, ago: timedelta = timedelta()
    ) -> Result:
        """Runs a service in a unit of its own, as if it were earlier."""
        return await self._inside(lambda database: database.in_unit(service), ago)

    async def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a query."""
        return await self._inside(lambda database: database.rows(statement, *values))

    async def _inside(
        self, work: Callable[[Database], Coroutine[Any, Any, Result]], ago: timedelta = timedelta()
    ) -> Result:
        instance = create_instance(self.settings, clock=MovedClock(datetime.now(UTC) - ago))
        await instance.open()
        try:
            return await instance.house.database.run(work(instance.house.database))
        finally:
            await instance.close()


async def real_chapter(folder: Path, database_url: str, sink: Sink, **changes: str) -> Real:
    """A chapter that was founded and not started yet."""
    [port] = free_ports(1)
    values = {
        "domain": f"localhost:{port}",
        "name": "Riverside",
        "data": str(folder),
        "database": database_url,
        "listen_port": str(port),
        "localhost_ports": ",".join(str(one) for one in sink.ports),
        "lease_s": str(LEASE_S),
    } | changes
    settings = settings_from(values)
    await bring_up(settings)
    instance = create_instance(settings)
    await instance.open()
    await found(instance)
    await instance.close()
    return Real(folder, settings, {f"FEDCHAPTER_{name.upper()}": value for name, value in values.items()})


async def follow_from(unit: Unit, ports: list[int]) -> None:
    """On each of these hosts somebody follows the chapter."""
    for port in ports:
        uri = f"http://localhost:{port}/users/fan"
        await introduce(unit, uri)
        await unit.execute(
            "INSERT INTO follow (id, uri, follower_uri, followed_uri, state, created_at) "
            "VALUES (?, ?, ?, ?, 'accepted', ?)",
            unit.new_id(),
            f"{uri}/follow",
            uri,
            unit.settings.chapter_uri,
            unit.now,
        )


async def introduce(unit: Unit, uri: str, pem: str = "") -> None:
    """The chapter knows that actor, and their key, from before."""
    origin, _, username = uri.partition("/users/")
    await unit.execute(
        "INSERT INTO actor (id, uri, type, username, host, name, summary, url, icon, inbox, shared_inbox, "
        "outbox, followers, featured, local, approves_followers, state, moved_to, also_known_as, "
        "first_seen_at, fetched_at) VALUES (?, ?, 'Person', ?, ?, '', '', '', '', ?, '', '', '', '', "
        "false, false, 'active', '', '', ?, ?)",
        unit.new_id(),
        uri,
        username,
        origin.removeprefix("http://"),
        f"{uri}/inbox",
        unit.now,
        unit.now,
    )
    if pem:
        await unit.execute(
            "INSERT INTO actor_key (uri, actor_uri, kind, public, private, fetched_at) "
            "VALUES (?, ?, 'rsa', ?, '', ?)",
            f"{uri}#main-key",
            uri,
            pem,
            unit.now,
        )


class Crowd:
    """Many people on one host of the sink, with one key between them, whom the chapter knows."""

    def __init__(self, sink: Sink, size: int) -> None:
        self.origin = f"http://localhost:{sink.ports[0]}"
        self.uris = [f"{self.origin}/users/ada{number}" for number in range(size)]
        self._key = generate_rsa()

    async def introduce(self, unit: Unit) -> None:
        """The chapter knows them all."""
        pem = public_to_pem(self._key.public_key())
        for uri in self.uris:
            await introduce(unit, uri, pem)

    def activity(self, uri: str, type_: str, object_: str) -> dict[str, Any]:
        """An activity of that person; the same one each time."""
        id_ = f"{uri}/{type_.lower()}"
        return {"@context": AS2, "id": id_, "type": type_, "actor": uri, "object": object_, "to": [PUBLIC]}

    async def send(
        self, client: httpx.AsyncClient, real: Real, activity: dict[str, Any], port: int = 0
    ) -> None:
        """POSTs it, signed, to the shared inbox, through the door at that port; the answer is 202."""
        url, body = f"{real.settings.origin}/inbox", msgspec.json.encode(activity)
        message = HttpMessage("POST", url, (("Content-Type", ACTIVITY_JSON),), body)
        key_id = f"{activity['actor']}#main-key"
        signed = sign_cavage(message, key_id=key_id, key=self._key, now=datetime.now(UTC))
        headers = dict([("Content-Type", ACTIVITY_JSON), ("Host", real.settings.domain), *signed])
        door = f"http://127.0.0.1:{port or real.settings.listen_port}/inbox"
        answer = await client.post(door, content=body, headers=headers)
        assert answer.status_code == 202, answer.text
