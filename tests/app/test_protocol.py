"""What a connection may send before it is a request. Row B4: heads that are too long or never end."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from fedchapter.app import protocol
from fedchapter.app.serving import server_for
from tests.support.network import World

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected(world: World) -> AsyncIterator[Streams]:
    """A connection to a real uvicorn server with one chapter."""
    chapter = await world.chapter("riverside")
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = server_for(chapter.instance)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    await server.answers.wait()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        server.should_exit = True
        await running


def request(more: str = "", path: str = "/livez") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: riverside.test\r\n{more}\r\n".encode()


async def status(reader: asyncio.StreamReader) -> int:
    line = await reader.readline()
    length = 0
    while header := (await reader.readline()).strip():
        if header.lower().startswith(b"content-length:"):
            length = int(header.rpartition(b":")[2])
    await reader.readexactly(length)
    return int(line.split()[1])


async def test_b4_usual_requests_share_a_connection(world: World) -> None:
    async with connected(world) as (reader, writer):
        for more in ("", "Cookie: " + "a" * 30_000 + "\r\n", ""):
            writer.write(request(more))
            assert await status(reader) == 200


async def test_b4_a_long_head_in_one_piece_is_refused(world: World) -> None:
    async with connected(world) as (reader, writer):
        writer.write(request("".join(f"X-{number}: {'a' * 900}\r\n" for number in range(80))))
        assert await status(reader) == 400
        assert await reader.read() == b""


async def test_b4_a_head_that_never_ends_is_refused(world: World) -> None:
    async with connected(world) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: riverside.test\r\n")
        for number in range(80):
            writer.write(f"X-{number}: {'a' * 1000}\r\n".encode())
            await writer.drain()
        assert await status(reader) == 400


async def test_b4_a_long_path_is_refused(world: World) -> None:
    async with connected(world) as (reader, writer):
        writer.write(request(path="/" + "a" * 70_000))
        assert await status(reader) == 400


async def test_b4_who_sends_no_head_is_shown_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_S", 0.05)
    async with connected(world) as (reader, writer):
        assert await reader.read() == b""
    async with connected(world) as (reader, writer):
        writer.write(request())
        assert await status(reader) == 200
        # The second head begins and never ends.
        writer.write(b"GET / HT")
        assert await reader.read() == b""
