"""Asking other servers for documents: signed by the server actor, checked to be what was asked for.

Sources: FEP-fe34 (an object counts when fetched from its own id); operations.md §3 rows A5, A6; wire.md §1.3, §7.4
(double knock). httpx stays behind `net`.
"""

from contextvars import ContextVar
from functools import partial
from typing import Any

from ..actors import ActorRow, find_actor, from_document, store_actor
from ..errors import PeerFailed, PeerRefused
from ..house import House
from ..jobs import schedule
from ..net import Answer
from ..policy import check_outward
from ..signatures import HttpMessage, sign_cavage, sign_rfc9421
from ..vocab.context import ACCEPT_ACTIVITY, is_activity_type
from ..vocab.normalise import parse_json
from ..vocab.read import id_of
from ..vocab.uris import host_of, same_origin, strip_fragment

SECOND_KNOCK = frozenset({400, 401})
PASSING = frozenset({408, 425, 429})
CAVAGE, RFC9421 = "cavage", "rfc9421"
GONE_JOB = "actor-gone"
FETCHES_MAX = 10
_spent: ContextVar[list[None] | None] = ContextVar("spent", default=None)


async def scheme_for(house: House, host: str) -> str:
    """Which signature scheme that host understood last; cavage for a stranger."""
    if host not in house.schemes:
        row = await house.database.row("SELECT scheme FROM peer WHERE host = ?", host)
        house.schemes[host] = row["scheme"] if row else CAVAGE
    return house.schemes[host]


def other(scheme: str) -> str:
    """The scheme for the second knock."""
    return RFC9421 if scheme == CAVAGE else CAVAGE


async def signing(house: House, actor_uri: str, scheme: str) -> Any:
    """A function that signs one request as one of our actors (net's `Sign`)."""
    keys = await house.keyring.get(actor_uri)

    def sign(method: str, url: str, body: bytes) -> list[tuple[str, str]]:
        headers = (("Content-Type", "application/activity+json"),) if method == "POST" else ()
        message = HttpMessage(method, url, headers, body)
        make = sign_cavage if scheme == CAVAGE else sign_rfc9421
        return make(message, key_id=keys.rsa_id, key=keys.rsa, now=house.clock.now())

    return sign


def allow_fetches() -> None:
    """From here on, the task at work may ask ten times: what one activity may cost us (operations.md §3 row B5)."""
    _spent.set([])


def _spend() -> None:
    spent = _spent.get()
    if spent is None:
        return
    if len(spent) >= FETCHES_MAX:
        raise PeerRefused(
            "too-many-fetches", f"it would take more than {FETCHES_MAX} requests to understand this"
        )
    spent.append(None)


async def fetch_signed(house: House, url: str, *, accept: str = ACCEPT_ACTIVITY) -> Answer:
    """The answer to a GET signed by the server actor, knocking a second time with the other scheme on 400 and 401."""
    host = host_of(url)
    scheme = await scheme_for(house, host)
    actor = house.settings.server_uri
    _spend()
    check = partial(check_outward, house.marks)
    answer = await house.net.get(url, accept=accept, sign=await signing(house, actor, scheme), check=check)
    if answer.status not in SECOND_KNOCK:
        return answer
    _spend()
    sign = await signing(house, actor, other(scheme))
    again = await house.net.get(url, accept=accept, sign=sign, check=check)
    if again.status not in SECOND_KNOCK:
        house.schemes[host] = other(scheme)
    return again


async def fetch_json(house: House, url: str) -> dict[str, Any]:
    """The ActivityPub document at `url`, whatever id it has; PeerRefused (404, 410, wrong type …) or PeerFailed."""
    if host_of(url) == house.settings.domain:
        raise PeerRefused("own-host", f"{url} is on this server; it is looked up, not fetched")
    answer = await fetch_signed(house, strip_fragment(url))
    if answer.status == 410:
        raise PeerRefused("gone", f"{url} is gone (410)")
    if answer.status == 404:
        raise PeerRefused("not-found", f"{url} answered 404")
    if answer.status in (401, 403):
        raise PeerRefused("not-allowed", f"{url} answered {answer.status}")
    if 400 <= answer.status < 500 and answer.status not in PASSING:
        raise PeerRefused("status", f"{url} answered {answer.status}")
    if answer.status != 200:
        raise PeerFailed("status", f"{url} answered {answer.status}")
    media_type = answer.headers.get("content-type", "")
    if not is_activity_type(media_type):
        raise PeerRefused("media-type", f"{url} is {media_type or 'untyped'}, not an ActivityPub document")
    document = parse_json(answer.body)
    if not same_origin(answer.url, url) and id_of(document) != answer.url:
        raise PeerRefused("redirected", f"{url} led to {answer.url}, which is another document")
    return document


async def fetch_document(house: House, uri: str) -> dict[str, Any]:
    """The document whose id is `uri`, from its own server; a document that names another id is fetched from there once.

    The result's id is therefore always where it came from, but may differ from `uri` (a page's address, say).
    """
    document = await fetch_json(house, uri)
    named = id_of(document)
    if named is None:
        raise PeerRefused("no-id", f"the document at {uri} has no id")
    if named == uri:
        return document
    if not same_origin(named, uri):
        raise PeerRefused("wrong-id", f"the document at {uri} claims to be {named}")
    again = await fetch_json(house, named)
    if id_of(again) != named:
        raise PeerRefused("wrong-id", f"the document at {named} says that its id is {id_of(again)}")
    return again


async def fetch_actor(house: House, uri: str, *, confirmed_key: str = "") -> ActorRow:
    """The actor at `uri`, fetched and stored; raises PeerRefused or PeerFailed."""
    try:
        document = await fetch_document(house, uri)
    except PeerRefused as error:
        if error.code == "gone":
            await note_gone(house, uri)
        raise
    return await keep_actor(house, document, confirmed_key=confirmed_key)


async def keep_actor(house: House, document: dict[str, Any], *, confirmed_key: str = "") -> ActorRow:
    """The actor whose document was fetched from its own id, stored; raises PeerRefused when it is none."""
    facts = from_document(document, str(id_of(document)), confirmed_key=confirmed_key)
    async with house.database.unit() as unit:
        return await store_actor(unit, facts)


async def note_gone(house: House, uri: str) -> None:
    """An actor (or its key) answered 410: what we have of it will be forgotten (wire.md §3.2); else nothing happens."""
    row = await house.database.row(
        "SELECT id, uri FROM actor WHERE local = false AND state <> 'gone' AND "
        "(uri = ? OR uri IN (SELECT actor_uri FROM actor_key WHERE uri = ?))",
        uri,
        uri,
    )
    if row is None:
        return
    async with house.database.unit() as unit:
        key = f"{GONE_JOB}:{row['id']}:{unit.new_id()}"
        await schedule(unit, GONE_JOB, {"uri": row["uri"]}, due_at=unit.now, key=key)


async def find_or_fetch_actor(house: House, uri: str) -> ActorRow:
    """The actor as we know it, or fetched if we do not."""
    return await find_actor(house.database, uri) or await fetch_actor(house, uri)
