"""The one way an address is taken apart, so that every part of the program sees the same host in it.

Sources: RFC 3986 appendix B; IDNA2008 (RFC 5891) with the mapping of UTS 46; WHATWG URL "ends in a number";
operations.md §3 row C1; FEP-fe34 (origin).
"""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import idna

from fedchapter.errors import PeerRefused

PUBLIC: Final = "https://www.w3.org/ns/activitystreams#Public"
PUBLIC_SPELLINGS: Final = frozenset({PUBLIC, "as:Public", "Public"})
URL_CHARS_MAX: Final = 2048
# What the columns for ids and hosts hold; PostgreSQL refuses a row with more, so nothing longer gets that far.
URI_CHARS_MAX: Final = 1024
HOST_CHARS_MAX: Final = 255
LOCALHOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


class UriError(PeerRefused):
    """The text is no address that we would ever use; `code` says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Url:
    """An address in its parts. `host` has the port unless it is the scheme's own; `str()` has no fragment."""

    scheme: str
    host: str
    hostname: str
    port: int
    path: str
    query: str
    fragment: str
    is_address: bool
    """Whether the host is an IP address written out, in place of a name."""

    @property
    def origin(self) -> str:
        """Scheme, host and port: what two ids must share to vouch for each other (FEP-fe34)."""
        return f"{self.scheme}://{self.host}"

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.host}{self.path}{query}"


@lru_cache(maxsize=4096)
def parse_url(text: str, *, allow_http_localhost: bool = False, allow_http: bool = False) -> Url:
    """The parts of an https address, or of a plain http one that a flag admits; else raises UriError."""
    if len(text) > URL_CHARS_MAX:
        raise UriError("url-too-long", f"The address is longer than {URL_CHARS_MAX} characters.")
    # Not printable: control characters, line ends, and the marks that reverse the direction of writing.
    # Backslash: Python reads `https://good.example\@evil.example/` as evil.example, browsers as good.example.
    if "\\" in text or " " in text or not text.isprintable():
        raise UriError("url-characters", "The address has a backslash, a space or a control character.")
    match = _PARTS.fullmatch(text)
    if match is None:
        raise UriError("url-scheme", "The address does not begin with https://.")
    scheme, authority, path, query, fragment = match.groups(default="")
    scheme = scheme.lower()
    host, hostname, port, is_address = _read_authority(authority, _DEFAULT_PORTS[scheme])
    if scheme == "http" and not allow_http and not (allow_http_localhost and hostname in LOCALHOSTS):
        raise UriError("url-scheme", "The address is plain http.")
    return Url(scheme, host, hostname, port, path or "/", query, fragment, is_address)


# Addresses are new with every message, their servers are not.
@lru_cache(maxsize=4096)
def _read_authority(authority: str, default_port: int) -> tuple[str, str, int, bool]:
    """Host with its port unless that is the default, host name, port, and whether it is an IP address."""
    hostname, port = _split_authority(authority, default_port)
    host = f"[{hostname}]" if ":" in hostname else hostname
    if port != default_port:
        host = f"{host}:{port}"
    if len(host) > HOST_CHARS_MAX:
        raise UriError("url-host", "The host and port are longer than any real ones.")
    return host, hostname, port, _as_address(hostname) is not None


def _split_authority(authority: str, default_port: int) -> tuple[str, int]:
    if "@" in authority:
        raise UriError("url-userinfo", "The address carries a user name.")
    if authority.startswith("["):
        name, bracket, rest = authority[1:].partition("]")
        hostname = _to_ipv6(name) if bracket else ""
    else:
        name, colon, digits = authority.partition(":")
        rest = colon + digits
        hostname = to_hostname(name)
    if not hostname or (rest and not rest.startswith(":")):
        raise UriError("url-host", "The address has no host.")
    return hostname, _to_port(rest[1:], default_port)


def _to_port(digits: str, default_port: int) -> int:
    if not digits:
        return default_port
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5 and 0 < int(digits) < 65536):
        raise UriError("url-port", "The port of the address is not a number from 1 to 65535.")
    return int(digits)


def _to_ipv6(text: str) -> str:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError as error:
        raise UriError("url-host", "The address has a malformed IPv6 host.") from error
    if address.scope_id is not None:
        raise UriError("url-host", "The address names a network card.")
    return address.compressed


@lru_cache(maxsize=4096)
def to_hostname(text: str) -> str:
    """The name in lower-case A-labels without its last dot, or a dotted IPv4 address; raises UriError."""
    name = text.removesuffix(".").lower()
    if not name.isascii() or "xn--" in name:
        try:
            name = idna.encode(name, uts46=True, std3_rules=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise UriError("url-host", "The host is not a valid international name.") from error
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise UriError("url-host", "The host is not a name that the domain name system knows.")
    # 127.1, 2130706433 and 0x7f000001 all resolve to 127.0.0.1: only the usual four numbers are an address.
    if _NUMBER.fullmatch(labels[-1]) and _as_address(name) is None:
        raise UriError("url-host", "The host is a number.")
    return name


def _as_address(hostname: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(hostname)
    except ValueError:
        return None


def is_uri(text: object) -> bool:
    """Whether it can be the id of something: https, or http on localhost (the guard decides on more); not too long."""
    if not isinstance(text, str) or len(text) > URI_CHARS_MAX:
        return False
    try:
        parse_url(text, allow_http_localhost=True)
    except UriError:
        return False
    return True


def same_origin(one: str, other: str) -> bool:
    """Whether both are addresses with the same scheme, host and port; what is no address has no origin."""
    try:
        return origin_of(one) == origin_of(other)
    except UriError:
        return False


def origin_of(uri: str) -> str:
    """`scheme://host` of an id; raises UriError."""
    return parse_url(uri, allow_http_localhost=True).origin


def host_of(uri: str) -> str:
    """The authority of an id, with the port when it is not the usual one; raises UriError."""
    return parse_url(uri, allow_http_localhost=True).host


def strip_fragment(uri: str) -> str:
    """The same address without what follows `#`, otherwise byte for byte."""
    return uri.partition("#")[0]


def is_public(uri: str) -> bool:
    """Whether it is one of the three spellings of "everybody" (ActivityPub §5.6)."""
    return uri in PUBLIC_SPELLINGS


def registrable(hostname: str) -> str:
    """The last two labels of a name, or an address whole: the unit in which strangers are counted.

    This is not the public suffix list: `a.co.uk` and `b.co.uk` count as one. So a rate may be shared too
    widely, and nothing may be trusted because of it.
    """
    if _as_address(hostname) is not None:
        return hostname
    return ".".join(hostname.split(".")[-2:])


def domain_of(uri: str) -> str:
    """The registrable domain of an id; raises UriError."""
    return registrable(parse_url(uri, allow_http_localhost=True).hostname)
