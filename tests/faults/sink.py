"""A server on many ports of loopback that keeps every POST and can hold its answers back; one port is one host.

It knows no documents: a test puts the actors that live here into the chapter's database.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import msgspec

PATIENCE_S = 90
_ANSWER = "HTTP/1.1 {status} Well\r\nContent-Type: application/activity+json\r\nContent-Length: 0\r\n\r\n"


class Post(NamedTuple):
    """One activity that reached an inbox."""

    port: int
    uri: str
    activity: dict[str, Any]


class Sink:
    """`posts` has everything that came; `hold()` keeps answers back until `release()`."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.posts: list[Post] = []
        self.unanswered = 0
        self.connections = 0
        self._open = asyncio.Event()
        self._open.set()
        self._news = asyncio.Condition()

    def hold(self) -> None:
        """Nothing is answered any more."""
        self._open.clear()

    def release(self) -> None:
        """Everything is answered at once."""
        self._open.set()

    def of(self, type_: str) -> list[Post]:
        """What came of that type."""
        return [post for post in self.posts if post.activity["type"] == type_]

    async def until(self, true: Callable[[], bool]) -> None:
        """The condition holds; TimeoutError when it does not come to that."""
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(true)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, as long as the other side keeps it."""
        self.connections += 1
        try:
            while True:
                await self._one(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()
            self.connections -= 1
            await self._tell()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method = head[0].partition(" ")[0]
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if method == "POST":
            await self._take(headers["host"], body)
        writer.write(_ANSWER.format(status=202 if method == "POST" else 404).encode())
        await writer.drain()

    async def _take(self, host: str, body: bytes) -> None:
        activity = msgspec.json.decode(body)
        self.posts.append(Post(int(host.partition(":")[2]), activity["id"], activity))
        self.unanswered += 1
        await self._tell()
        await self._open.wait()
        self.unanswered -= 1


@asynccontextmanager
async def open_sink(count: int) -> AsyncIterator[Sink]:
    """A sink on `count` ports."""
    sink = Sink()
    servers = [await asyncio.start_server(sink.answer, "127.0.0.1", 0) for _ in range(count)]
    sink.ports = [server.sockets[0].getsockname()[1] for server in servers]
    try:
        yield sink
    finally:
        sink.release()
        for server in servers:
            server.close()
