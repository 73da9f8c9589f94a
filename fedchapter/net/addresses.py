"""Which addresses a name given by a stranger may lead to.

Sources: operations.md §3 rows B1–B3; IANA special-purpose address registries (RFC 6890).
"""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path
from typing import Final

from fedchapter.errors import PeerRefused
from fedchapter.vocab.uris import LOCALHOSTS, Url

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

USUAL_PORTS: Final = frozenset({80, 443})
HIDDEN_ENDINGS: Final = (".onion", ".i2p")

# `is_global` of Python 3.11 says yes to every one of these; Mastodon and Fedify both had to patch them in
# (GHSA-vwhj-3g83-v276, CVE-2026-50131). Those that carry an IPv4 address inside (::/96, NAT64, 6to4 and, in
# 2001::/23, Teredo) are refused whole: what matters is the address within, and no public server needs them.
DENIED: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
        "ff00::/8",
    )
)


EVERYWHERE: Final[tuple[Network, ...]] = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))


@dataclass(frozen=True, slots=True)
class NetRules:
    """What this instance may connect to, beside the public internet over https."""

    user_agent: str
    localhost_ports: frozenset[int] = frozenset()
    private_networks: tuple[Network, ...] = ()
    extra_ca_file: Path | None = None
    own_hosts: frozenset[str] = frozenset()


def check_url(url: Url, rules: NetRules) -> None:
    """Raises PeerRefused for an address that is refused before anything is resolved."""
    if url.host in rules.own_hosts:
        # A6: an answer of our own would vouch for what a stranger uploaded here.
        raise PeerRefused("own-host", "The address is on this server.")
    if is_our_localhost(url.hostname, url.port, rules):
        return
    if url.scheme != "https":
        raise PeerRefused("plain-http", "The address is plain http.")
    if url.hostname.endswith(HIDDEN_ENDINGS):
        raise PeerRefused("hidden-network", "The address is in a hidden network that this server is not in.")
    if url.port not in USUAL_PORTS and not rules.private_networks:
        raise PeerRefused("port", f"The address has the unusual port {url.port}.")
    if url.is_address:
        check_private(url.hostname, rules)


def is_our_localhost(hostname: str, port: int, rules: NetRules) -> bool:
    """Whether it is one of the localhost ports in the settings: the other chapters of a demo or a test."""
    return port in rules.localhost_ports and hostname in LOCALHOSTS


def check_address(address: str, rules: NetRules) -> None:
    """Raises PeerRefused unless it is a public address or in a private network that the settings admit."""
    parsed = _parse(address)
    if _is_within(parsed, rules.private_networks):
        return
    if _is_denied(parsed):
        raise PeerRefused("blocked-address", f"The name leads to {address}, which is not a public address.")


def check_private(address: str, rules: NetRules) -> None:
    """Raises PeerRefused unless it is in a private network that the settings admit."""
    if not _is_within(_parse(address), rules.private_networks):
        raise PeerRefused("blocked-address", f"{address} is not in a private network of the settings.")


@lru_cache(maxsize=4096)
def _parse(address: str) -> Address:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed


@lru_cache(maxsize=4096)
def _is_denied(address: Address) -> bool:
    return not address.is_global or address.is_multicast or _is_within(address, DENIED)


def _is_within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
