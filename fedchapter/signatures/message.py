"""What is signed and what was read from it: the request, its fields, its address, the parsed signature.

RFC 9110 §5.2 (combining field lines), §7.2 (Host); RFC 9421 §2.2.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from fedchapter.errors import PeerRefused

_DEFAULT_PORT = {"http": ":80", "https": ":443"}

# The fields that say what a request is about. Two of any of them would let the verifier and whoever acts on
# the request each read a different one.
_ONCE = frozenset({"host", "date", "digest", "content-digest", "signature", "signature-input"})


class SignatureError(PeerRefused):
    """A signature, digest, key or proof is malformed (`http_status` 400) or refused (401)."""

    def __init__(self, code: str, message: str, http_status: int = 401) -> None:
        super().__init__(code, message)
        self.http_status = http_status


def malformed(code: str, message: str) -> SignatureError:
    """The error for what cannot be read at all (400)."""
    return SignatureError(code, message, 400)


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """A request; `url` is scheme://authority/path?query as on the wire, with the authority we answer for."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A signature that passed every check possible without the key; any of `bases` may be what was signed."""

    scheme: Literal["cavage", "rfc9421"]
    key_id: str
    algorithm: str | None
    covered: tuple[str, ...]
    created_at: datetime
    bases: tuple[bytes, ...]
    signature: bytes


class Target(NamedTuple):
    """The parts of a URL as signatures use them; `authority` is lower case without a default port."""

    scheme: str
    authority: str
    path: str
    query: str | None

    @property
    def request_target(self) -> str:
        return self.path if self.query is None else f"{self.path}?{self.query}"

    @property
    def uri(self) -> str:
        return f"{self.scheme}://{self.authority}{self.request_target}"


Fields = dict[str, list[str]]


def from_url(url: str) -> Target:
    """The parts of an absolute http(s) URL, path and query untouched; SignatureError for anything else."""
    scheme, separator, rest = url.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _DEFAULT_PORT:
        raise malformed("bad-url", "The address of the request is not an absolute http or https URL.")
    rest = rest.partition("#")[0]
    before_query, question, query = rest.partition("?")
    authority, slash, path = before_query.partition("/")
    return Target(
        scheme, to_authority(authority, scheme), slash + path if slash else "/", query if question else None
    )


def to_authority(authority: str, scheme: str) -> str:
    """`authority` in lower case and without the port that `scheme` implies (RFC 9421 §2.2.3)."""
    return authority.lower().removesuffix(_DEFAULT_PORT[scheme])


def to_fields(headers: Collection[tuple[str, str]]) -> Fields:
    """Header lines by lower-case name, trimmed; SignatureError if a field that must be single comes twice."""
    fields: Fields = {}
    for written, value in headers:
        name = written.lower()
        if name not in fields:
            fields[name] = [value.strip(" \t")]
            continue
        if name in _ONCE:
            raise malformed("duplicate-header", f"The request carries more than one {name} header.")
        fields[name].append(value.strip(" \t"))
    return fields


def get_field(fields: Fields, name: str) -> str:
    """The combined value of a field that the signature covers; SignatureError if it is not there."""
    values = fields.get(name)
    if values is None:
        raise SignatureError("missing-header", f"The signature covers a {name!r} header that is not there.")
    value = values[0] if len(values) == 1 else ", ".join(values)
    if "\n" in value or "\r" in value:
        # A line break would let one header value pose as further lines of the signed text.
        raise malformed("bad-header", f"The {name!r} header contains a line break.")
    return value


def check_host(fields: Fields, target: Target, hosts: Collection[str]) -> None:
    """Refuses a request that was made out to another server (CVE-2023-49079: Host was not looked at)."""
    if target.authority not in hosts:
        raise SignatureError("wrong-host", "The request was not made out to this server.")
    named = fields.get("host")
    if named is not None and to_authority(named[0], target.scheme) not in hosts:
        raise SignatureError("wrong-host", "The Host header names another server.")
