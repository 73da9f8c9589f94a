"""Asking other servers by WebFinger: whose handle is this, and where does a visitor of ours follow from there?

Sources: RFC 7033; RFC 6415 (host-meta); wire.md §1.7 (exact self link, one subject redirect, 404 and 410), §2.7;
FEP-3b86 (intents); operations.md §3 rows A10 (both ways), D5 (where a template may lead).
"""

import re
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from ..actors import ActorRow, find_actor, find_actor_by_handle
from ..errors import NotFound, PeerFailed, PeerRefused, Refusal
from ..house import House
from ..net import Answer
from ..policy import check_outward
from ..vocab.context import is_activity_type
from ..vocab.normalise import parse_json
from ..vocab.uris import LOCALHOSTS, UriError, host_of, is_uri, parse_url
from .discovery import INTENTS, SUBSCRIBE
from .fetch import fetch_actor

JRD = "application/jrd+json, application/json;q=0.9"
XRD = "application/xrd+xml, application/xml;q=0.9, text/xml;q=0.8"
BYTES_MAX = 65_536
# A person waits for the answer.
DEADLINE_S = 10.0
LINKS_MAX = 100
_NAME = re.compile(r"[^\s@/?#:%\\<>\"&]{1,255}")
_BLANK = re.compile(r"\{[^{}]*\}")
_SUBSCRIBE = (
    (f"{INTENTS}Follow", "{object}"),
    (f"{INTENTS}Object", "{object}"),
    (SUBSCRIBE, "{uri}"),
)


@dataclass(frozen=True, slots=True)
class Handle:
    """`name@host`, the host as it is compared: A-labels in lower case, with its port if unusual."""

    name: str
    host: str

    @property
    def acct(self) -> str:
        """As WebFinger asks for it."""
        return f"acct:{self.name}@{self.host}"

    def same(self, other: "Handle") -> bool:
        """Whether both name the same account; case does not matter."""
        return (self.name.lower(), self.host) == (other.name.lower(), other.host)


def to_handle(text: str) -> Handle:
    """The handle in `@name@host`, `name@host` or `acct:name@host`; raises Refusal."""
    plain = text.strip().removeprefix("acct:").removeprefix("@")
    name, at, host = plain.partition("@")
    if not at or not _NAME.fullmatch(name) or not name.isprintable():
        raise Refusal("handle", "That does not look like a handle. Write it like @name@social.example.")
    return Handle(name, to_host(host))


def to_host(text: str) -> str:
    """The host of a server as people type it, with its port if unusual; raises Refusal."""
    try:
        parsed = parse_url(_origin(text.strip().lower()), allow_http_localhost=True)
    except UriError as error:
        raise Refusal("host", "That is not the name of a server. Write it like social.example.") from error
    if (parsed.path, parsed.query, parsed.fragment) != ("/", "", ""):
        raise Refusal("host", "That is not the name of a server. Write it like social.example.")
    return parsed.host


def _origin(host: str) -> str:
    scheme = "http" if host.partition(":")[0] in LOCALHOSTS else "https"
    return f"{scheme}://{host}"


async def find_or_fetch_handle(house: House, text: str) -> ActorRow:
    """The actor behind a handle or an https address, fetched now; raises Refusal, PeerRefused or PeerFailed."""
    text = text.strip()
    if text.startswith(("https://", "http://")):
        return await _by_address(house, text)
    handle = to_handle(text)
    if handle.host == house.settings.domain:
        return await _ours(house, handle)
    found, uri = await _confirmed(house, handle)
    actor = await fetch_actor(house, uri)
    if actor.uri != uri:
        raise PeerRefused("handle-link", f"{found.acct} leads to {uri}, which says that it is {actor.uri}")
    await _check_back(house, found, actor)
    return actor


async def _by_address(house: House, address: str) -> ActorRow:
    if not is_uri(address):
        raise Refusal("address", "That is not an address that begins with https://.")
    if host_of(address) == house.settings.domain:
        found = await find_actor(house.database, address)
        if found is None:
            raise NotFound("no-actor", "Nobody on this server has that address.")
        return found
    return await fetch_actor(house, address)


async def _ours(house: House, handle: Handle) -> ActorRow:
    found = await find_actor_by_handle(house.database, handle.name, handle.host)
    if found is None:
        raise NotFound("no-actor", "Nobody on this server has that handle.")
    return found


async def _confirmed(house: House, asked: Handle) -> tuple[Handle, str]:
    """The handle as its own server writes it, and the actor it leads to; at most one step to another subject."""
    jrd = await fetch_jrd(house, asked.host, asked.acct)
    subject = _subject(jrd) or asked
    uri = self_link(jrd)
    if subject.same(asked):
        return subject, uri
    again = await fetch_jrd(house, subject.host, subject.acct)
    named = _subject(again)
    if named is None or not named.same(subject) or self_link(again) != uri:
        raise PeerRefused("handle-subject", f"{asked.acct} refers to {subject.acct}, which does not agree")
    return subject, uri


async def _check_back(house: House, handle: Handle, actor: ActorRow) -> None:
    """The actor stands by the handle; a domain could else claim somebody else's actor as its own (row A10)."""
    own = Handle(actor.username, actor.host)
    if own.same(handle):
        return
    if handle.host == actor.host:
        raise PeerRefused("handle-name", f"{handle.acct} leads to {actor.uri}, whose name is {own.name}")
    jrd = await fetch_jrd(house, own.host, own.acct)
    named = _subject(jrd)
    if named is None or not named.same(handle) or self_link(jrd) != actor.uri:
        raise PeerRefused("handle-claimed", f"{actor.uri} does not say that its handle is {handle.acct}")


def _subject(jrd: dict[str, Any]) -> Handle | None:
    subject = jrd.get("subject")
    if not isinstance(subject, str) or not subject.startswith("acct:"):
        return None
    try:
        return to_handle(subject)
    except Refusal as error:
        raise PeerRefused("handle-subject", "the WebFinger answer names a malformed handle") from error


def self_link(jrd: dict[str, Any]) -> str:
    """The actor's id that a WebFinger answer links to; raises PeerRefused when there is none."""
    for link in _links(jrd):
        href, type_ = link.get("href"), link.get("type")
        if link.get("rel") != "self" or not isinstance(type_, str) or not is_activity_type(type_):
            continue
        if isinstance(href, str) and is_uri(href):
            return href
    raise PeerRefused("no-self-link", "the WebFinger answer links to no ActivityPub actor")


def _links(jrd: dict[str, Any]) -> list[dict[str, Any]]:
    links = jrd.get("links")
    return [link for link in links[:LINKS_MAX] if isinstance(link, dict)] if isinstance(links, list) else []


async def fetch_jrd(house: House, host: str, resource: str) -> dict[str, Any]:
    """What the host says about the resource, asked where host-meta says after a 404; PeerRefused or PeerFailed."""
    if host == house.settings.domain:
        raise PeerRefused("own-host", f"{resource} is on this server; it is looked up, not fetched")
    query = quote(resource, safe="")
    answer = await _get(house, f"{_origin(host)}/.well-known/webfinger?resource={query}", JRD)
    if answer.status == 404:
        template = await _host_meta(house, host)
        answer = await _get(house, template.replace("{uri}", query), JRD) if template else answer
    _check_status(answer, host, resource)
    return parse_json(answer.body)


async def _get(house: House, url: str, accept: str) -> Answer:
    check = partial(check_outward, house.marks)
    return await house.net.get(url, accept=accept, max_bytes=BYTES_MAX, deadline_s=DEADLINE_S, check=check)


def _check_status(answer: Answer, host: str, resource: str) -> None:
    if answer.status == 410:
        raise PeerRefused("gone", f"{host} says that {resource.removeprefix('acct:')} is gone for good")
    if answer.status in (400, 404):
        raise PeerRefused("not-there", f"{host} knows nobody called {resource.removeprefix('acct:')}")
    if answer.status != 200:
        raise PeerFailed("status", f"{host} answered {answer.status} when asked for {resource}")


async def _host_meta(house: House, host: str) -> str:
    """The host's own WebFinger template (https, with `{uri}` in it), or empty."""
    answer = await _get(house, f"{_origin(host)}/.well-known/host-meta", XRD)
    if answer.status != 200:
        return ""
    reader = _Lrdd()
    reader.feed(answer.body.decode("utf-8", "replace"))
    if "{uri}" not in reader.template or not is_uri(reader.template.replace("{uri}", "x")):
        return ""
    usual = f"{_origin(host)}/.well-known/webfinger?resource={{uri}}"
    return "" if reader.template == usual else reader.template


class _Lrdd(HTMLParser):
    """Reads the lrdd template out of an XRD; this parser knows no entities that could grow."""

    def __init__(self) -> None:
        super().__init__()
        self.template = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remembers the first lrdd link."""
        values = dict(attrs)
        if tag == "link" and values.get("rel") == "lrdd" and not self.template:
            self.template = values.get("template") or ""


async def find_subscribe_template(house: House, host_or_handle: str) -> str:
    """The address on the visitor's own server that opens one of our ids there, with a place for it (`fill_template`).

    Raises Refusal in words for the visitor, PeerRefused or PeerFailed when that server does not answer.
    """
    text = host_or_handle.strip().removeprefix("https://").rstrip("/")
    if "@" in text.removeprefix("@"):
        handle = to_handle(text)
        host, resource = handle.host, handle.acct
    else:
        host = to_host(text.removeprefix("@"))
        resource = f"{_origin(host)}/"
    if host == house.settings.domain:
        raise Refusal("own-server", "That is this server. Write the server where your own account is.")
    found = subscribe_template(await fetch_jrd(house, host, resource), host)
    if not found:
        raise Refusal(
            "no-template",
            "%(host)s has no page for following from elsewhere. Search for our handle there.",
            host=host,
        )
    return found


def subscribe_template(jrd: dict[str, Any], host: str) -> str:
    """The first usable template in a WebFinger answer of `host`: https, and on that host or below it (row D5)."""
    for rel, place in _SUBSCRIBE:
        for link in _links(jrd):
            template = link.get("template")
            fits = link.get("rel") == rel and isinstance(template, str) and place in template
            if fits and leads_to(fill_template(str(template), "x"), host):
                return str(template)
    return ""


def leads_to(url: str, host: str) -> bool:
    """Whether a browser sent to `url` arrives, by https, on that host or a name below it.

    Not "the same registrable domain": without the public suffix list, every site of co.uk would be one.
    """
    try:
        parsed = parse_url(url, allow_http_localhost=True)
    except UriError:
        return False
    return parsed.host == host or (not parsed.is_address and parsed.host.endswith(f".{host}"))


def fill_template(template: str, uri: str) -> str:
    """The template with the id of what is to be opened; places that we know nothing for stay empty (FEP-3b86)."""
    encoded = quote(uri, safe="")
    return _BLANK.sub("", template.replace("{uri}", encoded).replace("{object}", encoded))
