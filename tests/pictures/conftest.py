"""A real server of pictures on loopback that behaves as badly as a test wants, and notes every request."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

Handler = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Origin:
    """Serves what was put, 404 for everything else; `asked` are paths in the order of their requests."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    pages: dict[str, Handler] = field(default_factory=dict)
    now: int = 0
    most_at_once: int = 0

    def url(self, path: str) -> str:
        return f"http://localhost:{self.port}{path}"

    def put(
        self, path: str, body: bytes, type_: str = "image/jpeg", status: str = "200 OK", **headers: str
    ) -> str:
        """The body is at that path; returns its address."""
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {type_}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        whole = "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body

        async def send(writer: asyncio.StreamWriter) -> None:
            writer.write(whole)

        return self.handle(path, send)

    def handle(self, path: str, handler: Handler) -> str:
        """The handler answers at that path; returns its address."""
        self.pages[path] = handler
        return self.url(path)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request."""
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ", 2)[1]
            self.asked.append(path)
            self.heads.append(head)
            handler = self.pages.get(path)
            if handler is None:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                await handler(writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.now -= 1
            writer.close()


@pytest.fixture
async def origin() -> AsyncIterator[Origin]:
    made = Origin()
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(made.connected(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    made.port = int(server.sockets[0].getsockname()[1])
    yield made
    server.close()
    for task in list(tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
