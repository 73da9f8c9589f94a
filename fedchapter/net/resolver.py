"""Turns a name into addresses that may be dialled: resolved once, every one checked, remembered for a while.

Sources: operations.md §3 rows B1 and B3; wire.md §1.3 (DNS 5 s; two addresses of each kind are tried).
"""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

from fedchapter.errors import PeerFailed
from fedchapter.net.addresses import USUAL_PORTS, NetRules, check_address, check_private, is_our_localhost

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

DNS_S: Final = 5.0
REMEMBERED_S: Final = 60.0
REMEMBERED_NAMES: Final = 2000
THREADS: Final = 16
ADDRESSES_PER_KIND: Final = 2


class SystemResolve:
    """The machine's own look-up, in threads apart: a slow name server must not hold up other thread work."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="dns")

    async def __call__(self, hostname: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._look_up, hostname, port)
        return list(dict.fromkeys(str(address[0]) for _, _, _, _, address in found))

    @staticmethod
    def _look_up(
        hostname: str, port: int
    ) -> list[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str | int | bytes, ...]]]:
        return list(socket.getaddrinfo(hostname, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG))

    def close(self) -> None:
        """No look-up is begun any more; running ones end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedResolver(AbstractResolver):
    """What aiohttp asks before it dials; it dials what this returns and nothing else."""

    def __init__(
        self,
        rules: NetRules,
        resolve: Resolve | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rules = rules
        self._system = None if resolve else SystemResolve()
        self._resolve = resolve or self._system
        self._monotonic = monotonic
        self._known: dict[str, tuple[float, list[str]]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The checked addresses of a name; raises PeerRefused for a forbidden one, PeerFailed for none."""
        if is_our_localhost(host, port, self._rules):
            return [_to_result(host, "::1" if host == "::1" else "127.0.0.1", port)]
        addresses = await self._get_addresses(host, port)
        # One private address among public ones is an attack, or a mistake that we cannot tell from one.
        check = check_address if port in USUAL_PORTS else check_private
        for address in addresses:
            check(address, self._rules)
        return [_to_result(host, address, port) for address in _few_of_each_kind(addresses)]

    async def _get_addresses(self, host: str, port: int) -> list[str]:
        known = self._known.get(host)
        now = self._monotonic()
        if known is not None and known[0] > now:
            return known[1]
        addresses = await self._ask(host, port)
        if len(self._known) >= REMEMBERED_NAMES:
            self._known.clear()
        self._known[host] = (now + REMEMBERED_S, addresses)
        return addresses

    async def _ask(self, host: str, port: int) -> list[str]:
        assert self._resolve is not None
        try:
            async with asyncio.timeout(DNS_S):
                addresses = list(await self._resolve(host, port))
        except TimeoutError as error:
            raise PeerFailed("dns", f"The name {host} took too long to look up.") from error
        except (OSError, UnicodeError) as error:
            raise PeerFailed("dns", f"The name {host} could not be looked up.") from error
        if not addresses:
            raise PeerFailed("dns", f"The name {host} has no address.")
        return addresses

    async def close(self) -> None:
        """The names are forgotten and the threads let go."""
        self._known.clear()
        if self._system is not None:
            self._system.close()


def _few_of_each_kind(addresses: list[str]) -> list[str]:
    four = [address for address in addresses if ":" not in address]
    six = [address for address in addresses if ":" in address]
    kept = {*four[:ADDRESSES_PER_KIND], *six[:ADDRESSES_PER_KIND]}
    return [address for address in addresses if address in kept]


def _to_result(hostname: str, address: str, port: int) -> ResolveResult:
    return {
        "hostname": hostname,
        "host": address,
        "port": port,
        "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
        "proto": 0,
        "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    }
