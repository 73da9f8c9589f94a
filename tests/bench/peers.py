"""What the benchmarks talk to and as: a signing actor, a load of signed POSTs over keep-alive, sinks on many ports.

Each runs in a process of its own, so that the measured server has a core to itself.
"""

import asyncio
import multiprocessing
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

import msgspec
import uvloop
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from fedchapter.signatures import HttpMessage, sign_cavage
from fedchapter.vocab.context import ACTIVITY_JSON

CONNECTIONS = 32


def free_ports(count: int) -> list[int]:
    """Ports that are free now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def comment(actor: str, number: int, reply_to: str) -> dict[str, Any]:
    """A Create{Note} of about 3 kB, Mastodon-shaped."""
    origin = actor.partition("/users/")[0]
    note = {
        "id": f"{origin}/notes/{number}",
        "type": "Note",
        "attributedTo": actor,
        "content": "<p>" + f"Comment number {number}, and words. " * 60 + "</p>",
        "published": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
        "cc": [f"{actor}/followers"],
        "inReplyTo": reply_to,
    }
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{note['id']}/activity",
        "type": "Create",
        "actor": actor,
        "object": note,
        "to": note["to"],
        "cc": note["cc"],
    }


def request_bytes(url: str, body: bytes, key: RSAPrivateKey, key_id: str) -> bytes:
    """A whole signed HTTP/1.1 request."""
    message = HttpMessage("POST", url, (("Content-Type", ACTIVITY_JSON),), body)
    headers = dict(sign_cavage(message, key_id=key_id, key=key, now=datetime.now(UTC)))
    host = url.split("/")[2]
    headers = {"Host": host, "Content-Type": ACTIVITY_JSON, "Content-Length": str(len(body))} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    path = "/" + url.split("/", 3)[3]
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def fire(port: int, requests: list[bytes]) -> float:
    """Sends all requests over 32 kept connections; returns the seconds it took. Every answer must be 202."""
    waiting = list(requests)

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            writer.write(waiting.pop())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 202"), head
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
            if length:
                await reader.readexactly(length)
        writer.close()

    began_s = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return time.perf_counter() - began_s


def in_process(target: Callable[..., None], *arguments: Any) -> multiprocessing.Process:
    """A started process of the `spawn` kind."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments, daemon=True)
    process.start()
    return process  # type: ignore[return-value]


def wait_for(port: int) -> None:
    """Until something listens there."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def start_sink(count: int, delay_s: float) -> tuple[multiprocessing.Process, list[int]]:
    """A process that answers every POST with 202, after a delay, on that many ports of its own choice."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = in_process(sink, count, delay_s, there)
    return process, here.recv()


def sink(count: int, delay_s: float, ports: Connection) -> None:
    """Answers every POST on `count` ports with 202, after a delay; runs until killed."""

    class Answer(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.transport, self.data = transport, b""

        def data_received(self, data: bytes) -> None:
            self.data += data
            head, found, body = self.data.partition(b"\r\n\r\n")
            if found and len(body) >= int(
                head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0
            ):
                self.data = b""
                asyncio.get_running_loop().call_later(delay_s, self.answer)

        def answer(self) -> None:
            self.transport.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")

    async def main() -> None:
        loop = asyncio.get_running_loop()
        servers = [await loop.create_server(Answer, "127.0.0.1", 0, backlog=16) for _ in range(count)]
        ports.send([server.sockets[0].getsockname()[1] for server in servers])
        await asyncio.Event().wait()

    uvloop.run(main())


def encoded(activity: dict[str, Any]) -> bytes:
    """The activity as bytes."""
    return msgspec.json.encode(activity)
