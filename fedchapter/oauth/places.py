"""Which server to ask about somebody, and where on it.

wire.md §6.1–§6.2; RFC 8414 §3 (metadata, issuer); operations.md §3 rows A10, C1, C3. The handle only leads to a
server: who somebody is, that server says after they signed in there.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import PeerFailed, PeerRefused, Refusal
from ..federation.finger import fetch_jrd, self_link, to_handle, to_host
from ..house import House
from ..net import Answer
from ..policy import check_host
from ..vocab.normalise import parse_json
from ..vocab.uris import LOCALHOSTS, UriError, host_of, is_uri, parse_url

METADATA = "/.well-known/oauth-authorization-server"
BYTES_MAX = 65_536
# A person waits for the answer.
DEADLINE_S = 8.0
PROFILE, ACCOUNTS = "profile", "read:accounts"
ENDPOINTS = {
    "authorize": ("authorization_endpoint", "/oauth/authorize"),
    "token": ("token_endpoint", "/oauth/token"),
    "register": ("app_registration_endpoint", "/api/v1/apps"),
    "revoke": ("revocation_endpoint", "/oauth/revoke"),
    "userinfo": ("userinfo_endpoint", ""),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One server's addresses for signing in; `userinfo` is empty where there is none (wire.md §6.7).

    `described` is whether the server said all this itself; `handle` is what was typed, if it was one.
    """

    host: str
    authorize: str
    token: str
    register: str
    revoke: str
    userinfo: str = ""
    scope: str = ACCOUNTS
    promises_iss: bool = False
    described: bool = False
    handle: str = field(default="", compare=False)


def origin_of_host(host: str) -> str:
    """Where that host answers."""
    return f"{'http' if host.partition(':')[0] in LOCALHOSTS else 'https'}://{host}"


async def find_place(house: House, text: str) -> Place:
    """The server of a handle, a host or the address of a profile; raises Refusal, PeerRefused or PeerFailed."""
    host, handle = await _find_host(house, text)
    _check_open(house, host)
    metadata = await _fetch_metadata(house, host)
    return replace(to_place(host, metadata), handle=handle)


async def _find_host(house: House, text: str) -> tuple[str, str]:
    """The host of the actor behind a handle (not of the handle, wire.md §6.1), or the host that was named."""
    text = text.strip()
    if text.startswith(("https://", "http://")):
        try:
            return host_of(text), ""
        except UriError as error:
            raise Refusal(
                "host", "That is not the name of a server. Write it like social.example."
            ) from error
    if "@" not in text.removeprefix("@"):
        return to_host(text.removeprefix("@")), ""
    handle = to_handle(text)
    _check_open(house, handle.host)
    uri = self_link(await fetch_jrd(house, handle.host, handle.acct))
    return host_of(uri), f"{handle.name}@{handle.host}"


def _check_open(house: House, host: str) -> None:
    if host == house.settings.domain:
        raise Refusal("own-server", "That is this server. Write the server where your other account is.")
    check_host(house.marks, host)


async def _fetch_metadata(house: House, host: str) -> dict[str, Any] | None:
    """What the server says of itself, or None when it has no such page (Mastodon before 4.3, GoToSocial, Pleroma)."""
    url = f"{origin_of_host(host)}{METADATA}"
    try:
        answer = await house.net.get(
            url, accept="application/json", max_bytes=BYTES_MAX, deadline_s=DEADLINE_S, max_redirects=0
        )
    except PeerRefused as error:
        # A server without this page may lead to its front page instead.
        if error.code in ("too-many-redirects", "too-large"):
            return None
        raise
    if answer.status >= 500 or answer.status == 429:
        raise PeerFailed("status", f"{host} answered {answer.status} when asked how to sign in")
    if answer.status != 200 or not _is_json(answer):
        return None
    return parse_json(answer.body)


def _is_json(answer: Answer) -> bool:
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json"


def to_place(host: str, metadata: dict[str, Any] | None) -> Place:
    """The addresses from its metadata, or Mastodon's old ones; raises PeerRefused for one on another server."""
    origin = origin_of_host(host)
    if metadata is None:
        return _placed(host, {name: origin + path if path else "" for name, (_, path) in ENDPOINTS.items()})
    if not _is_on(metadata.get("issuer"), host):
        raise PeerRefused("issuer", f"{host} says that it is somebody else")
    found: dict[str, str] = {}
    for name, (key, path) in ENDPOINTS.items():
        value = metadata.get(key)
        if value is None:
            found[name] = origin + path if path else ""
            continue
        if not _is_on(value, host):
            raise PeerRefused("elsewhere", f"{host} wants people to sign in on another server")
        found[name] = str(value)
    scopes = metadata.get("scopes_supported")
    return replace(
        _placed(host, found),
        scope=PROFILE if isinstance(scopes, list) and PROFILE in scopes else ACCOUNTS,
        promises_iss=metadata.get("authorization_response_iss_parameter_supported") is True,
        described=True,
    )


def _placed(host: str, found: dict[str, str]) -> Place:
    return Place(
        host, found["authorize"], found["token"], found["register"], found["revoke"], found["userinfo"]
    )


def _is_on(address: object, host: str) -> bool:
    """Whether it is an address on exactly that host, by https (or http on our own localhost)."""
    if not isinstance(address, str) or not is_uri(address):
        return False
    parsed = parse_url(address, allow_http_localhost=True)
    return parsed.host == host and parsed.origin == origin_of_host(host)
