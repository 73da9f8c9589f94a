"""Slow, huge and deceptive bodies (operations.md §3 row B4)."""

import asyncio
import gzip

import pytest

from fedchapter.errors import PeerFailed, PeerRefused
from fedchapter.net import client
from tests.net.conftest import Localhost, Serve, answer

JSON = "application/activity+json"


async def test_b4_a_body_that_drips_ends_with_the_deadline(serve: Serve, localhost: Localhost) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0)

    port = await serve(handler)
    with pytest.raises(PeerFailed) as caught:
        await localhost(port).get(f"http://localhost:{port}/", accept=JSON, deadline_s=0.3)
    assert caught.value.code == "timeout"


async def test_b4_headers_that_never_end_end_with_the_deadline(serve: Serve, localhost: Localhost) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX-A: 1\r\nX-")
        await writer.drain()
        await asyncio.Event().wait()

    port = await serve(handler)
    with pytest.raises(PeerFailed) as caught:
        await localhost(port).post(f"http://localhost:{port}/", b"", content_type=JSON, deadline_s=0.3)
    assert caught.value.code == "timeout"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_b4_ten_megabytes_of_zeros_in_ten_kilobytes_are_refused(
    serve: Serve, localhost: Localhost, encoding: str
) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("200 OK", gzip.compress(bytes(10_000_000)), f"Content-Encoding: {encoding}"))

    port = await serve(handler)
    with pytest.raises(PeerRefused) as caught:
        await localhost(port).get(f"http://localhost:{port}/", accept=JSON)
    assert caught.value.code == "too-large"


async def test_gzip_that_was_not_asked_for_is_read_within_limits(serve: Serve, localhost: Localhost) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("200 OK", gzip.compress(b"hello " * 50_000), "Content-Encoding: gzip"))

    port = await serve(handler)
    found = await localhost(port).get(f"http://localhost:{port}/", accept=JSON)
    assert found.body == b"hello " * 50_000


@pytest.mark.parametrize(
    ("header", "body"),
    [("gzip", b"not gzip at all"), ("br", b"x"), ("gzip", gzip.compress(b"x" * 99)[:-12])],
    # Not the bytes: gzip writes the second into them, and two workers may collect in different ones.
    ids=["no gzip", "br", "half of it"],
)
async def test_an_encoding_that_cannot_be_read_fails(
    serve: Serve, localhost: Localhost, header: str, body: bytes
) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("200 OK", body, f"Content-Encoding: {header}"))

    port = await serve(handler)
    with pytest.raises(PeerFailed) as caught:
        await localhost(port).get(f"http://localhost:{port}/", accept=JSON)
    assert caught.value.code == "encoding"


async def test_b4_a_chunked_body_is_counted(serve: Serve, localhost: Localhost) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
            await writer.drain()

    port = await serve(handler)
    with pytest.raises(PeerRefused) as caught:
        await localhost(port).get(f"http://localhost:{port}/", accept=JSON)
    assert caught.value.code == "too-large"


async def test_b4_a_body_of_exactly_the_limit_is_read(serve: Serve, localhost: Localhost) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("200 OK", b"x" * 1000))

    port = await serve(handler)
    net = localhost(port)
    assert len((await net.get(f"http://localhost:{port}/", accept=JSON, max_bytes=1000)).body) == 1000
    with pytest.raises(PeerRefused):
        await net.get(f"http://localhost:{port}/", accept=JSON, max_bytes=999)


async def test_a_delivery_counts_when_the_status_came_whatever_follows(
    serve: Serve,
    localhost: Localhost,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "POST_ANSWER_S", 0.2)

    async def drip(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 1000\r\n\r\nx")
        await writer.drain()
        await asyncio.Event().wait()

    async def cut(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 1000\r\n\r\nx")

    async def flood(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("202 Accepted", b"x" * 500_000))

    for handler in (drip, cut, flood):
        port = await serve(handler)
        found = await localhost(port).post(f"http://localhost:{port}/", b"{}", content_type=JSON)
        assert found.status == 202 and len(found.body) <= 65_536
