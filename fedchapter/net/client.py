"""Asks and tells other servers, under the guard, with limits on time, size and redirects.

Sources: operations.md §3 rows A5, B1–B4; wire.md §1.3 (limits); RFC 9110 §15.4 (redirects).
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeVar
from urllib.parse import urljoin

import aiohttp
import httpx
import yarl
from httpx_aiohttp import AiohttpTransport

from fedchapter.errors import PeerError, PeerRefused
from fedchapter.net.addresses import EVERYWHERE, NetRules, check_url
from fedchapter.net.bodies import read_body, read_some
from fedchapter.net.busy import IDLE_S, Busy
from fedchapter.net.failures import CONNECTION_ERRORS, to_peer_error
from fedchapter.net.resolver import GuardedResolver, Resolve
from fedchapter.net.tls import get_context
from fedchapter.vocab.uris import Url, parse_url

T = TypeVar("T")

Sign = Callable[[str, str, bytes], Sequence[tuple[str, str]]]
"""Given method, url and body: the header pairs that sign this one request; called anew for every hop."""

MAX_BYTES: Final = 1_048_576
POST_ANSWER_BYTES: Final = 65_536
POST_ANSWER_S: Final = 5.0
DEADLINE_S: Final = 30.0
CONNECT_S: Final = 5.0
READ_S: Final = 10.0
MAX_REDIRECTS: Final = 3
CONNECTIONS: Final = 400
CONNECTIONS_PER_HOST: Final = 4
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

_TIMEOUTS: Final = {"timeout": {"connect": CONNECT_S, "read": READ_S, "write": READ_S, "pool": None}}
# Every URL library leaves these as they are, so that what is signed is what is sent.
_PLAIN = re.compile(r"(?:/[A-Za-z0-9_~@-][A-Za-z0-9_.~@-]*)*/?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. `url` is where the answer came from; header names are lower-case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Question:
    """What stays the same from hop to hop of one GET."""

    accept: str
    sign: Sign | None
    max_bytes: int
    max_redirects: int
    headers: Sequence[tuple[str, str]]
    check: Callable[[str], None] | None


class Net:
    """Connections to other servers. One per instance; a test's `transport` replaces the sockets only."""

    def __init__(
        self,
        rules: NetRules,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolve | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rules = rules
        self._given = transport
        self._busy = Busy(monotonic)
        self._resolver = GuardedResolver(rules, resolve, monotonic)
        self._transport = transport or self._to_transport()

    def _to_transport(self) -> AiohttpTransport:
        context = get_context(self._rules.extra_ca_file)

        def open_session() -> aiohttp.ClientSession:
            connector = aiohttp.TCPConnector(
                ssl=context,
                resolver=self._resolver,
                use_dns_cache=False,
                limit=CONNECTIONS,
                limit_per_host=CONNECTIONS_PER_HOST,
                keepalive_timeout=IDLE_S,
            )
            return aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )

        return AiohttpTransport(verify=context, trust_env=False, client=open_session)

    async def get(
        self,
        url: str,
        *,
        accept: str,
        sign: Sign | None = None,
        max_bytes: int = MAX_BYTES,
        deadline_s: float = DEADLINE_S,
        max_redirects: int = MAX_REDIRECTS,
        headers: Sequence[tuple[str, str]] = (),
        check: Callable[[str], None] | None = None,
    ) -> Answer:
        """The answer after at most `max_redirects` redirects, each checked and signed anew.

        Every hop gets `headers`, and `check` is given its host first, and raises for one that may not be asked.
        """
        target = self._check(url)
        question = _Question(accept, sign, max_bytes, max_redirects, headers, check)
        return await _within(self._follow(target, url, question), deadline_s, target.host)

    async def post(
        self,
        url: str,
        body: bytes,
        *,
        content_type: str,
        sign: Sign | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> Answer:
        """The answer to one POST; redirects are not followed, and at most 64 kB of the answer are read."""
        target = self._check(url)
        sending = self._send("POST", target, [("Content-Type", content_type)], body, sign)
        response = await _within(sending, deadline_s, target.host)
        return await _finish(response, url, _read_remark(response))

    @asynccontextmanager
    async def for_ourselves(self) -> AsyncIterator["Net"]:
        """A client that may ask our own public address, wherever its name leads: for the doctor and nobody else.

        The name is from our settings and the answer is only compared, so neither A6 nor B1 applies.
        """
        own = self._rules.own_hosts
        ports = frozenset(int(port) for port in (host.partition(":")[2] for host in own) if port)
        rules = replace(
            self._rules, own_hosts=frozenset(), private_networks=EVERYWHERE, localhost_ports=ports
        )
        net = Net(rules, transport=self._given)
        try:
            yield net
        finally:
            if self._given is None:
                await net.aclose()

    async def aclose(self) -> None:
        """All connections are closed and the resolver's threads let go."""
        await self._transport.aclose()
        await self._resolver.close()

    def _check(self, url: str) -> Url:
        target = parse_url(url, allow_http_localhost=True)
        check_url(target, self._rules)
        return target

    async def _follow(self, target: Url, url: str, question: _Question) -> Answer:
        headers = [("Accept", question.accept), *question.headers]
        seen = {str(target)}
        while True:
            if question.check is not None:
                question.check(target.host)
            response = await self._send("GET", target, headers, b"", question.sign)
            location = response.headers.get("location") if response.status_code in REDIRECTS else None
            if location is None:
                return await _finish(response, url, read_body(response, question.max_bytes))
            await response.aclose()
            url = urljoin(url, location)
            target = self._check_hop(target, url, seen, question.max_redirects)

    def _check_hop(self, came_from: Url, url: str, seen: set[str], max_redirects: int) -> Url:
        """The parsed next hop; raises PeerRefused for one too many, a loop, or a step down from https."""
        target = self._check(url)
        if came_from.scheme == "https" and target.scheme != "https":
            raise PeerRefused("redirect-to-http", "The server redirects from https to plain http.")
        if str(target) in seen:
            raise PeerRefused("redirect-loop", "The server redirects in a circle.")
        if len(seen) > max_redirects:
            raise PeerRefused("too-many-redirects", f"There are more than {max_redirects} redirects.")
        seen.add(str(target))
        return target

    async def _send(
        self, method: str, target: Url, headers: list[tuple[str, str]], body: bytes, sign: Sign | None
    ) -> httpx.Response:
        wire = to_wire(target)
        pairs = [
            ("Host", target.host),
            ("User-Agent", self._rules.user_agent),
            ("Accept-Encoding", "identity"),
            ("Connection", "keep-alive" if self._busy.use(target.host) else "close"),
            *headers,
        ]
        if sign is not None:
            signed = sign(method, str(wire), body)
            names = {name.lower() for name, _ in signed}
            pairs = [pair for pair in pairs if pair[0].lower() not in names]
            pairs.extend(signed)
        request = httpx.Request(method, wire, headers=pairs, content=body or None, extensions=_TIMEOUTS)
        return await self._transport.handle_async_request(request)


@lru_cache(maxsize=4096)
def _to_httpx(text: str) -> httpx.URL:
    return httpx.URL(text)


def to_wire(target: Url) -> httpx.URL:
    """The address in the one spelling that is both signed and sent; raises PeerRefused if there is none."""
    text = str(target)
    if not target.query and _PLAIN.fullmatch(target.path):
        return _to_httpx(text)
    # httpx and yarl each tidy percent signs and dots in their own way: the spelling they agree on is used, or
    # else the signature would cover another address than the one that is asked for.
    try:
        wire = _to_httpx(str(yarl.URL(str(httpx.URL(text)))))
        agreed = str(wire) == str(yarl.URL(str(wire)))
    except (ValueError, httpx.InvalidURL) as error:
        raise PeerRefused("url-encoding", "The address cannot be written in a request.") from error
    if not agreed:
        raise PeerRefused("url-encoding", "The address can be read in two ways.")
    return wire


async def _within(journey: Awaitable[T], deadline_s: float, host: str) -> T:
    """Its result; raises PeerFailed when it takes longer in total, however steadily bytes drip in."""
    try:
        async with asyncio.timeout(deadline_s):
            return await journey
    except CONNECTION_ERRORS as error:
        raise to_peer_error(error, host) from error


async def _finish(response: httpx.Response, url: str, reading: Awaitable[bytes]) -> Answer:
    """The answer with its body; the connection is given back, or closed if there was more to read."""
    try:
        body = await reading
    finally:
        await response.aclose()
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Answer(response.status_code, url, headers, body)


async def _read_remark(response: httpx.Response) -> bytes:
    """The beginning of what is said to a POST: the status is known by now, so nothing here is an error."""
    if response.headers.get("content-length") == "0":
        return b""
    try:
        async with asyncio.timeout(POST_ANSWER_S):
            return (await read_some(response, POST_ANSWER_BYTES))[0]
    except (*CONNECTION_ERRORS, PeerError):
        return b""
