"""A real server of lists on loopback, which answers as a test says."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from fedchapter.net import Net, NetRules
from tests.support.network import Chapter


@dataclass(slots=True)
class ListServer:
    """`body` is what it has now; with an `etag`, whoever knows it gets a 304; `drip` sends without an end."""

    port: int = 0
    body: bytes = b""
    status: str = "200 OK"
    headers: tuple[str, ...] = ("Content-Type: text/csv",)
    etag: str = ""
    drip: bool = False
    asked: list[bytes] = field(default_factory=list)
    nets: list[Net] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/list.csv"

    def serves(self, chapter: Chapter) -> None:
        """The chapter asks over real sockets from now on, and may ask this server."""
        net = Net(NetRules(user_agent="fedchapter test", localhost_ports=frozenset({self.port})))
        self.nets.append(net)
        chapter.house.net = net

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(head)
            await self._write(head, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _write(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        if self.etag and f"if-none-match: {self.etag}".encode() in head.lower():
            writer.write(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")
        else:
            more = (*self.headers, *((f"ETag: {self.etag}",) if self.etag else ()), "Connection: close")
            if not self.drip:
                more = (*more, f"Content-Length: {len(self.body)}")
            writer.write("\r\n".join([f"HTTP/1.1 {self.status}", *more, "", ""]).encode())
            writer.write(self.body)
        await writer.drain()
        while self.drip:
            writer.write(b"x" * 65_536 + b"\n")
            await writer.drain()


@pytest.fixture
async def list_server() -> AsyncIterator[ListServer]:
    """The server, listening."""
    made = ListServer()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.port = int(server.sockets[0].getsockname()[1])
    yield made
    server.close()
    for net in made.nets:
        await net.aclose()
