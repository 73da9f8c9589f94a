"""Asking and telling other servers over real sockets (operations.md §3 rows A5, B2, B3 and B4)."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Sequence
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from fedchapter.errors import PeerFailed, PeerRefused, SettingsError
from fedchapter.net import Net, NetRules, client
from fedchapter.net.busy import Busy
from tests.net.conftest import Authority, Handler, Serve

JSON = "application/activity+json"
Localhost = Callable[..., Net]


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.fixture
async def nets() -> AsyncIterator[list[Net]]:
    made: list[Net] = []
    yield made
    for net in made:
        await net.aclose()


@pytest.fixture
def localhost(nets: list[Net]) -> Localhost:
    def make(*ports: int) -> Net:
        net = Net(NetRules(user_agent="fedchapter test", localhost_ports=frozenset(ports)))
        nets.append(net)
        return net

    return make


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


class Pages(httpx.AsyncBaseTransport):
    """An internet of pages: each address leads to a redirect or to a text."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        page = self.pages[str(request.url)]
        if page.startswith("->"):
            return httpx.Response(302, headers={"Location": page[2:]}, request=request)
        return httpx.Response(200, content=page.encode(), request=request)


def pages_net(**pages: str) -> tuple[Net, Pages]:
    transport = Pages({f"https://{name}.example/": page for name, page in pages.items()})
    return Net(NetRules(user_agent="test", localhost_ports=frozenset({8001})), transport=transport), transport


async def test_a5_the_answer_names_the_address_it_came_from() -> None:
    net, _ = pages_net(a="->https://b.example/", b="hello")
    assert (await net.get("https://a.example/", accept=JSON)).url == "https://b.example/"
    assert (await net.get("https://B.example/", accept=JSON)).url == "https://B.example/"


async def test_b2_every_hop_is_signed_anew() -> None:
    net, pages = pages_net(a="->https://b.example/", b="->/c")
    pages.pages["https://b.example/c"] = "there"
    signed: list[str] = []

    def sign(method: str, url: str, body: bytes) -> Sequence[tuple[str, str]]:
        signed.append(url)
        return [("Signature", url)]

    assert (await net.get("https://a.example/", accept=JSON, sign=sign)).body == b"there"
    assert signed == ["https://a.example/", "https://b.example/", "https://b.example/c"]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("https://169.254.169.254/latest/meta-data", "blocked-address"),
        ("https://[::1]/", "blocked-address"),
        ("http://good.example/", "url-scheme"),
        ("http://localhost:8001/", "redirect-to-http"),
        ("http://localhost:9999/", "plain-http"),
        ("https://a.example/", "redirect-loop"),
        ("https://user@good.example/", "url-userinfo"),
        ("https://good.example\\@evil.example/", "url-characters"),
        ("https://good.example:22/", "port"),
        ("data:text/plain,hello", "url-scheme"),
        ("file:///etc/passwd", "url-scheme"),
    ],
)
async def test_b2_a_redirect_is_checked_like_a_first_address(target: str, code: str) -> None:
    net, pages = pages_net(a=f"->{target}")
    with pytest.raises(PeerRefused) as caught:
        await net.get("https://a.example/", accept=JSON)
    assert caught.value.code == code
    assert pages.asked == ["https://a.example/"]


async def test_b2_a_circle_of_redirects_ends() -> None:
    net, pages = pages_net(a="->https://b.example/", b="->https://a.example/#again")
    with pytest.raises(PeerRefused) as caught:
        await net.get("https://a.example/", accept=JSON)
    assert caught.value.code == "redirect-loop" and len(pages.asked) == 2


async def test_b2_three_redirects_are_followed_and_not_a_fourth() -> None:
    chain = {
        "a": "->https://b.example/",
        "b": "->https://c.example/",
        "c": "->https://d.example/",
        "d": "end",
    }
    net, _ = pages_net(**chain)
    assert (await net.get("https://a.example/", accept=JSON)).body == b"end"
    net, pages = pages_net(**{**chain, "d": "->https://e.example/", "e": "end"})
    with pytest.raises(PeerRefused) as caught:
        await net.get("https://a.example/", accept=JSON)
    assert caught.value.code == "too-many-redirects" and len(pages.asked) == 4


async def test_b2_a_post_follows_no_redirect() -> None:
    net, pages = pages_net(a="->https://b.example/", b="stolen")
    found = await net.post("https://a.example/", b"{}", content_type=JSON)
    assert (found.status, pages.asked) == (302, ["https://a.example/"])


async def test_b2_a_redirect_to_a_blocked_name_is_refused_by_the_resolver(
    serve: Serve, nets: list[Net]
) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer("302 Found", b"", "Location: https://inside.example/"))

    async def resolve(hostname: str, port: int) -> Sequence[str]:
        return ["169.254.169.254"]

    port = await serve(handler)
    net = Net(NetRules(user_agent="test", localhost_ports=frozenset({port})), resolve=resolve)
    nets.append(net)
    with pytest.raises(PeerRefused) as caught:
        await net.get(f"http://localhost:{port}/", accept=JSON)
    assert caught.value.code == "blocked-address"


class TlsPeer:
    """A server with a certificate for its name, in a private network that the rules admit."""

    def __init__(self, authority: Authority, port: int, nets: list[Net]) -> None:
        self.looked_up = 0
        self.answers: list[str] = ["127.0.0.1"]
        self.port = port
        rules = NetRules(
            user_agent="test", private_networks=(ip_network("127.0.0.1/32"),), extra_ca_file=authority.file
        )
        self.net = Net(rules, resolve=self.resolve)
        nets.append(self.net)

    async def resolve(self, hostname: str, port: int) -> Sequence[str]:
        self.looked_up += 1
        return [self.answers.pop(0)]


async def greet(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("200 OK", b"hello"))


async def test_a_private_peer_with_our_own_authority_is_reached(
    serve: Serve, authority: Authority, nets: list[Net]
) -> None:
    peer = TlsPeer(authority, await serve(greet, authority.context_for("peer.test")), nets)
    found = await peer.net.get(f"https://peer.test:{peer.port}/", accept=JSON)
    assert found.body == b"hello"


async def test_b3_the_address_that_was_checked_is_the_one_that_is_dialled(
    serve: Serve, authority: Authority, nets: list[Net]
) -> None:
    peer = TlsPeer(authority, await serve(greet, authority.context_for("peer.test")), nets)
    peer.answers = ["127.0.0.1", "127.0.0.2"]
    found = await peer.net.get(f"https://peer.test:{peer.port}/", accept=JSON)
    assert (found.body, peer.looked_up) == (b"hello", 1)
    with pytest.raises(PeerRefused) as caught:
        await peer.net.get(f"https://other.test:{peer.port}/", accept=JSON)
    assert (caught.value.code, peer.looked_up) == ("blocked-address", 2)


async def test_b3_a_connection_is_not_reused_for_another_name_at_the_same_address(
    serve: Serve, authority: Authority, nets: list[Net]
) -> None:
    peer = TlsPeer(authority, await serve(greet, authority.context_for("peer.test")), nets)
    peer.answers = ["127.0.0.1", "127.0.0.1"]
    await peer.net.get(f"https://peer.test:{peer.port}/", accept=JSON)
    with pytest.raises(PeerFailed) as caught:
        await peer.net.get(f"https://other.test:{peer.port}/", accept=JSON)
    assert caught.value.code == "tls"


def test_an_unreadable_authority_file_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "wrong.pem").write_text("nothing")
    for name in ("wrong.pem", "absent.pem"):
        with pytest.raises(SettingsError, match="extra_ca_file"):
            Net(NetRules(user_agent="test", extra_ca_file=tmp_path / name))


async def test_b4_a_body_that_drips_ends_with_the_deadline(serve: Serve, localhost: Localhost) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    port = await serve(handler)
    with pytest.raises(PeerFailed) as caught:
        await localhost(port).get(f"http://localhost:{port}/", accept=JSON, deadline_s=0.3)
    assert caught.value.code == "timeout"


async def test_b4_headers_that_drip_end_with_the_deadline(serve: Serve, localhost: Localhost) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-A: 1\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

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
    ("header", "body"), [("gzip", b"not gzip at all"), ("br", b"x"), ("gzip", gzip.compress(b"x" * 99)[:-12])]
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
