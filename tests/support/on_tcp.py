"""Real chapters on a port of loopback, under uvicorn in this process, for peers that are programs of their own.

Nothing runs by itself: `hears()` waits until a peer has posted something and then works everything off. The clock is
the machine's, since the other program has no other.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.types import Message, Receive, Scope, Send

from fedchapter.app import Instance, create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.app.serving import listen, server_for
from fedchapter.clock import MovedClock
from fedchapter.members import Role, create_account, start_session
from fedchapter.settings import settings_from
from fedchapter.store import Unit
from tests.support.chapter import Chapter
from tests.support.databases import forget_sql
from tests.support.processes import free_ports

PATIENCE_S = 20


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was answered."""

    method: str
    path: str
    headers: dict[str, str]
    status: int

    @property
    def scheme(self) -> str:
        """How it was signed: cavage, rfc9421, or empty."""
        if "signature" not in self.headers:
            return ""
        return "rfc9421" if "signature-input" in self.headers else "cavage"


@dataclass(slots=True)
class Porter:
    """Stands before an instance and notes what it answered."""

    instance: Instance
    calls: list[Call] = field(default_factory=list)
    posts: asyncio.Queue[Call] = field(default_factory=asyncio.Queue)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: the instance answers, and the call is noted once the answer has begun."""

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(scope, message["status"])
            await send(message)

        await self.instance(scope, receive, note)

    def _note(self, scope: Scope, status: int) -> None:
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        call = Call(scope["method"], scope["path"], headers, status)
        self.calls.append(call)
        if call.method == "POST" and call.path.endswith("/inbox"):
            self.posts.put_nowait(call)


class OpenChapter(Chapter):
    """A chapter that other programs reach."""

    def __init__(self, instance: Instance, clock: MovedClock, porter: Porter) -> None:
        super().__init__(instance, clock)
        self.porter = porter
        self.handle = f"@{self.settings.username}@{self.host}"

    async def hears(self, count: int = 1) -> list[Call]:
        """The next `count` POSTs to an inbox here have come and were worked off; returns them."""
        async with asyncio.timeout(PATIENCE_S):
            calls = [await self.porter.posts.get() for _ in range(count)]
        await self.settle()
        return calls

    async def signed_in(self, role: Role = Role.ADMIN, name: str = "") -> httpx.AsyncClient:
        """A client signed in as a fresh account with that role."""

        async def make(unit: Unit) -> str:
            account = await create_account(
                unit, display_name=name or f"{role.value} {unit.new_id()[-6:]}", role=role
            )
            return await start_session(unit, account.id, "test")

        client = self.client()
        client.cookies[f"fedchapter-session-{self.host.partition(':')[2]}"] = await self.unit(make)
        return client


async def make_schema(folder: Path) -> Path:
    """A SQLite file with the tables and nothing in them, to be copied: making them takes seconds."""
    path = folder / "schema.sqlite3"
    settings = settings_from(
        {"domain": "localhost:1", "name": "Schema", "data": str(folder), "database": f"sqlite://{path}"}
    )
    await bring_up(settings)
    return path


@asynccontextmanager
async def open_chapter(
    folder: Path, schema: Path, port: int, peers: list[int], name: str, **changes: Any
) -> AsyncIterator[OpenChapter]:
    """A founded chapter that answers at that port, and may connect to those other ports of localhost."""
    shutil.copy(schema, folder / f"{name}.sqlite3")
    values = {
        "domain": f"localhost:{port}",
        "name": name.title(),
        "data": str(folder / name),
        "database": f"sqlite://{folder / name}.sqlite3",
        "listen_port": port,
        "localhost_ports": peers,
    }
    settings = settings_from(values | changes)
    clock = MovedClock()
    instance = create_instance(settings, clock=clock, limits_scale=1000)
    await instance.open()
    await found(instance)
    chapter = OpenChapter(instance, clock, Porter(instance))
    server = server_for(instance)
    server.config.app = chapter.porter
    running = asyncio.create_task(server.serve(sockets=[listen(settings)]))
    await server.answers.wait()
    try:
        yield chapter
    finally:
        server.should_exit = True
        await running
        await chapter.close()


class Street:
    """Up to two chapters on ports of this machine, beside the peer at `peer_port`; all of them may meet."""

    def __init__(self, folder: Path, schema: Path, peer_port: int, stack: AsyncExitStack) -> None:
        self._folder, self._schema, self._stack = folder, schema, stack
        self._free = free_ports(2)
        self._ports = [peer_port, *self._free]

    async def chapter(self, name: str = "riverside", **changes: Any) -> OpenChapter:
        """A new chapter, gone with the test."""
        port = self._free.pop()
        opening = open_chapter(self._folder, self._schema, port, self._ports, name, **changes)
        return await self._stack.enter_async_context(opening)


@asynccontextmanager
async def open_street(folder: Path, schema: Path, peer_port: int) -> AsyncIterator[Street]:
    """A street whose chapters are closed at the end."""
    forget_sql()
    async with AsyncExitStack() as stack:
        yield Street(folder, schema, peer_port, stack)
