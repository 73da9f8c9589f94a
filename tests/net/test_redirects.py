"""Where a redirect or a change of mind may lead (operations.md §3 rows A5, B2 and B3)."""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from fedchapter.errors import PeerFailed, PeerRefused, SettingsError
from fedchapter.net import Net, NetRules
from tests.net.conftest import Authority, Serve, answer

JSON = "application/activity+json"


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
