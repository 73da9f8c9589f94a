"""Asking and telling other servers over real sockets: what is sent, what comes back, and what fails how."""

import asyncio
from collections.abc import Sequence

import pytest

from fedchapter.errors import PeerFailed
from fedchapter.net import Net, NetRules
from fedchapter.net.busy import Busy
from tests.net.conftest import Handler, Localhost, Serve, answer

JSON = "application/activity+json"


async def test_a_get_brings_status_headers_and_body(serve: Serve, localhost: Localhost) -> None:
    seen: list[bytes] = []

    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(request)
        writer.write(answer("200 OK", b"{}", "Content-Type: application/json", "X-A: 1", "x-a: 2"))

    port = await serve(handler)
    url = f"http://localhost:{port}/people/ann"
    found = await localhost(port).get(url, accept=JSON)
    assert (found.status, found.url, found.body) == (200, url, b"{}")
    assert found.headers["content-type"] == "application/json" and found.headers["x-a"] == "1, 2"
    head = seen[0].decode()
    assert head.startswith("GET /people/ann HTTP/1.1\r\n")
    lines = head.lower().split("\r\n")
    assert {f"host: localhost:{port}", f"accept: {JSON}", "accept-encoding: identity"} <= set(lines)
    assert "user-agent: fedchapter test" in lines


async def test_a_post_is_signed_over_what_is_sent(serve: Serve, localhost: Localhost) -> None:
    seen: list[bytes] = []
    signed: list[tuple[str, str, bytes]] = []

    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(request)
        writer.write(answer("202 Accepted", b"thanks", "Retry-After: 7"))

    def sign(method: str, url: str, body: bytes) -> Sequence[tuple[str, str]]:
        signed.append((method, url, body))
        return [("Host", f"localhost:{port}"), ("Signature", "s")]

    port = await serve(handler)
    url = f"http://localhost:{port}/inbox"
    found = await localhost(port).post(url, b'{"a":1}', content_type=JSON, sign=sign)
    assert (found.status, found.body, found.headers["retry-after"]) == (202, b"thanks", "7")
    assert signed == [("POST", url, b'{"a":1}')]
    assert seen[0].lower().count(b"\r\nhost:") == 1 and b"\r\nsignature: s\r\n" in seen[0].lower()
    assert seen[0].endswith(b'\r\n\r\n{"a":1}')


@pytest.mark.parametrize(
    "path",
    [
        "/?author=1",
        "/a%2Fb/%7Eann?x=%20y",
        "/b\u00fccher/\u00e9?q=\u00fc",
        "/a/../b",
        "/@ann;v=1",
        "/a?b=c+d&e",
    ],
)
async def test_the_address_that_is_signed_is_sent(serve: Serve, localhost: Localhost, path: str) -> None:
    seen: list[str] = []
    signed: list[str] = []

    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(request.split()[1].decode())
        writer.write(answer("200 OK"))

    def sign(method: str, url: str, body: bytes) -> Sequence[tuple[str, str]]:
        signed.append(url)
        return []

    port = await serve(handler)
    await localhost(port).get(f"http://localhost:{port}{path}", accept=JSON, sign=sign)
    assert signed == [f"http://localhost:{port}{seen[0]}"]


async def test_cookies_are_not_kept(serve: Serve, localhost: Localhost) -> None:
    seen: list[bytes] = []

    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(request)
        writer.write(answer("200 OK", b"", "Set-Cookie: a=b; Path=/"))

    port = await serve(handler)
    net = localhost(port)
    for _ in range(2):
        await net.get(f"http://localhost:{port}/", accept=JSON)
    assert b"cookie" not in b"".join(seen).lower()


async def silence(request: bytes, writer: asyncio.StreamWriter) -> None:
    return


async def nonsense(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9\r\n\r\n")


async def cut_short(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")


@pytest.mark.parametrize(
    ("handler", "code"), [(silence, "disconnected"), (nonsense, "protocol"), (cut_short, "cut-off")]
)
async def test_each_failure_has_its_code(
    serve: Serve, localhost: Localhost, handler: Handler, code: str
) -> None:
    port = await serve(handler)
    with pytest.raises(PeerFailed) as caught:
        await localhost(port).get(f"http://localhost:{port}/", accept=JSON)
    assert caught.value.code == code


async def test_a_closed_port_is_a_failure_to_connect(serve: Serve, localhost: Localhost) -> None:
    with pytest.raises(PeerFailed) as caught:
        await localhost(1).get("http://localhost:1/", accept=JSON)
    assert caught.value.code == "connect"


async def test_an_unknown_name_is_a_failure_of_dns(nets: list[Net]) -> None:
    async def resolve(hostname: str, port: int) -> Sequence[str]:
        return []

    net = Net(NetRules(user_agent="test"), resolve=resolve)
    nets.append(net)
    with pytest.raises(PeerFailed) as caught:
        await net.post("https://nowhere.example/inbox", b"{}", content_type=JSON)
    assert caught.value.code == "dns"


async def test_two_hundred_slow_hosts_are_waited_for_at_once(serve: Serve, localhost: Localhost) -> None:
    waiting = 0
    all_there = asyncio.Event()

    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal waiting
        waiting += 1
        if waiting == 200:
            all_there.set()
        await all_there.wait()
        writer.write(answer("202 Accepted"))

    ports = [await serve(handler) for _ in range(200)]
    net = localhost(*ports)
    posts = (net.post(f"http://localhost:{port}/inbox", b"{}", content_type=JSON) for port in ports)
    assert {found.status for found in await asyncio.gather(*posts)} == {202}


def test_only_a_busy_host_keeps_its_connection() -> None:
    now = 0.0
    busy = Busy(lambda: now)
    assert not busy.use("a.example")
    assert busy.use("a.example")
    now = 31.0
    assert not busy.use("a.example")


def test_the_number_of_hosts_with_an_open_connection_is_limited() -> None:
    busy = Busy(lambda: 0.0)
    names = [f"h{number}.example" for number in range(200)]
    for name in names:
        busy.use(name)
    assert sum(busy.use(name) for name in names) == 100
