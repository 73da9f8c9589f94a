"""Actor documents: ours as others want them, others' as we read them.

Sources: ActivityPub §4; wire.md §1.2 (keys), §1.7 (what Mastodon requires), §4 (FEP-2c59, 521a, 844e, fb2a);
events.md §1.6 (what Mobilizon wants of a Group); peers.md (omit nulls, both PEM forms).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeGuard

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ..errors import PeerRefused
from ..signatures import KeyFormatError, multikey_decode, public_from_pem, public_to_pem
from ..text import clean, plain
from ..vocab.context import with_context
from ..vocab.read import id_of, ids_of, text_of, time_of, type_of, url_of
from ..vocab.uris import PUBLIC, host_of, is_uri, same_origin, strip_fragment

ACTOR_TYPES = frozenset({"Person", "Group", "Organization", "Service", "Application"})
KEYS_MAX = 10
USERNAME_MAX = 255
_NOT_IN_NAMES = frozenset("@/:?#\\ ")
ALSO_KNOWN_AS_MAX = 256
SUMMARY_MAX = 20_000
# FEP-844e has two registered capabilities; our own vocabulary announces itself beside them.
IMPLEMENTS = (
    ("https://datatracker.ietf.org/doc/html/rfc9421", "RFC-9421: HTTP Message Signatures"),
    (
        "https://datatracker.ietf.org/doc/html/rfc9421#name-eddsa-using-curve-edwards25",
        "RFC-9421 signatures using the Ed25519 algorithm",
    ),
)


class Identity(Protocol):
    """The columns of one of our actors that its document shows."""

    @property
    def uri(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def username(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def approves_followers(self) -> bool: ...
    @property
    def discoverable(self) -> bool: ...
    @property
    def indexable(self) -> bool: ...
    @property
    def published_at(self) -> datetime | None: ...
    @property
    def also_known_as(self) -> str: ...


class PublicKeys(Protocol):
    """The public halves, as they are published."""

    @property
    def rsa_id(self) -> str: ...
    @property
    def rsa_pem(self) -> str: ...
    @property
    def ed25519_id(self) -> str: ...
    @property
    def multikey(self) -> str: ...


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """One public key of a remote actor; `kind` is rsa or ed25519, `pem` is SPKI."""

    uri: str
    kind: str
    pem: str


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """What we keep of a remote actor's document."""

    uri: str
    type: str
    username: str
    inbox: str
    name: str = ""
    summary: str = ""
    url: str = ""
    icon: str = ""
    shared_inbox: str = ""
    outbox: str = ""
    followers: str = ""
    featured: str = ""
    approves_followers: bool = False
    moved_to: str = ""
    also_known_as: tuple[str, ...] = ()
    published_at: datetime | None = None
    keys: tuple[KeyFacts, ...] = ()


def actor_document(
    actor: Identity, keys: PublicKeys, *, origin: str, members: int | None = None
) -> dict[str, Any]:
    """The document of one of our actors, complete: a partial one would erase fields at Mastodon."""
    uri = actor.uri
    is_group = actor.type == "Group"
    document: dict[str, Any] = {
        "id": uri,
        "type": actor.type,
        "preferredUsername": actor.username,
        "name": actor.name,
        "summary": actor.summary,
        "url": uri,
        "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox",
        "followers": f"{uri}/followers",
        "following": f"{uri}/following",
        "featured": f"{uri}/featured",
        "published": _stamp(actor.published_at),
        "manuallyApprovesFollowers": actor.approves_followers,
        "discoverable": is_group or actor.discoverable,
        "indexable": is_group or actor.indexable,
        "attributionDomains": [actor.host],
        "webfinger": f"{actor.username}@{actor.host}",
        "alsoKnownAs": actor.also_known_as.split("\n") if actor.also_known_as else None,
        "icon": _picture(actor.icon),
        "endpoints": {"sharedInbox": f"{origin}/inbox"},
        "generator": _software(origin),
        "interactionPolicy": {"canFeature": {"automaticApproval": [PUBLIC]}},
    }
    document |= _published_keys(uri, keys)
    if is_group:
        document |= _group_collections(uri, members)
    return with_context(document)


def _published_keys(uri: str, keys: PublicKeys) -> dict[str, Any]:
    multikey = {
        "id": keys.ed25519_id,
        "type": "Multikey",
        "controller": uri,
        "publicKeyMultibase": keys.multikey,
    }
    return {
        "publicKey": {"id": keys.rsa_id, "owner": uri, "publicKeyPem": keys.rsa_pem},
        "assertionMethod": [multikey],
    }


def _software(origin: str) -> dict[str, Any]:
    implements = [{"href": href, "name": name} for href, name in IMPLEMENTS]
    return {"type": "Application", "id": f"{origin}/actor", "name": "fedchapter", "implements": implements}


def _picture(url: str) -> dict[str, str] | None:
    return {"type": "Image", "mediaType": _image_type(url), "url": url} if url else None


def _group_collections(uri: str, members: int | None) -> dict[str, Any]:
    # Mobilizon reads these in order and stops at the first that is missing (events.md §1.2), at both places.
    names = ("members", "resources", "posts", "todos", "discussions", "events")
    collections = {name: f"{uri}/{name}" for name in names}
    endpoints = {"sharedInbox": uri.rpartition("/")[0] + "/inbox", **collections}
    return {**collections, "endpoints": endpoints, "openness": "invite_only", "memberCount": members}


def _image_type(url: str) -> str:
    ending = url.rpartition(".")[2].lower()
    return {"png": "image/png", "webp": "image/webp"}.get(ending, "image/jpeg")


def _stamp(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def from_document(document: dict[str, Any], uri: str, *, confirmed_key: str = "") -> ActorFacts:
    """The facts of a remote actor fetched from `uri`; raises PeerRefused when it is none, or not that one.

    `confirmed_key` is a key id whose own document named this actor as owner (a key id that is not below the actor).
    """
    kind = type_of(document)
    if kind not in ACTOR_TYPES:
        raise PeerRefused("not-an-actor", f"{uri} is {kind or 'of no type'}, not an actor")
    if id_of(document) != uri:
        raise PeerRefused("wrong-id", f"the document at {uri} says that its id is {id_of(document)}")
    inbox = _own(document.get("inbox"), uri)
    username = document.get("preferredUsername")
    if not inbox:
        raise PeerRefused("no-inbox", f"the actor {uri} has no inbox on its own server")
    if not _is_username(username):
        raise PeerRefused("no-username", f"the actor {uri} has no preferredUsername")
    endpoints = document.get("endpoints")
    return ActorFacts(
        uri=uri,
        type=kind,
        username=username,
        inbox=inbox,
        name=plain(str(text_of(document, "name") or ""))[:255],
        summary=clean((text_of(document, "summary") or "")[:SUMMARY_MAX]),
        url=_url(document, uri),
        icon=_icon(document.get("icon")),
        shared_inbox=_own(endpoints.get("sharedInbox") if isinstance(endpoints, dict) else None, uri),
        outbox=_own(document.get("outbox"), uri),
        followers=_own(document.get("followers"), uri),
        featured=_own(document.get("featured"), uri),
        approves_followers=document.get("manuallyApprovesFollowers") is True,
        moved_to=_address(document.get("movedTo")),
        also_known_as=tuple(ids_of(document.get("alsoKnownAs"))[:ALSO_KNOWN_AS_MAX]),
        published_at=time_of(document, "published"),
        keys=tuple(_keys(document, uri, confirmed_key)),
    )


def _is_username(text: object) -> TypeGuard[str]:
    # With an @ or a space in it, a handle could be read as somebody's on another server.
    return (
        isinstance(text, str)
        and 0 < len(text) <= USERNAME_MAX
        and text.isprintable()
        and _NOT_IN_NAMES.isdisjoint(text)
    )


def _address(value: Any) -> str:
    found = id_of(value)
    return found if found and is_uri(found) else ""


def _own(value: Any, uri: str) -> str:
    # Inboxes and collections elsewhere would let one server make us write to another (FEP-fe34).
    found = _address(value)
    return found if found and same_origin(found, uri) else ""


def _url(document: dict[str, Any], uri: str) -> str:
    found = url_of(document)
    return found if found and is_uri(found) and host_of(found) == host_of(uri) else uri


def _icon(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    found = url_of(first) if isinstance(first, dict) else None
    return found if found and is_uri(found) else ""


def _keys(document: dict[str, Any], uri: str, confirmed: str) -> list[KeyFacts]:
    found: list[KeyFacts] = []
    for entry in _listed(document.get("publicKey")):
        if entry.get("owner") == uri:
            _add(found, entry, "publicKeyPem", (uri, confirmed))
    for entry in _listed(document.get("assertionMethod")):
        if entry.get("controller") == uri:
            _add(found, entry, "publicKeyMultibase", (uri, confirmed))
    return found


def _listed(value: Any) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries[:KEYS_MAX] if isinstance(entry, dict)]


def _add(found: list[KeyFacts], entry: dict[str, Any], field: str, owner: tuple[str, str]) -> None:
    uri, confirmed = owner
    key_id, text = id_of(entry), entry.get(field)
    if not key_id or not isinstance(text, str) or not same_origin(key_id, uri):
        return
    # A fragment of the actor, or a path below it (GoToSocial), is the actor's own; any other id could be a
    # neighbour's on the same server, unless the document at that id named this actor (operations.md A3).
    if strip_fragment(key_id) != uri and not key_id.startswith(f"{uri}/") and key_id != confirmed:
        return
    try:
        key = public_from_pem(text) if field == "publicKeyPem" else multikey_decode(text)
    except KeyFormatError:
        return
    kind = "ed25519" if isinstance(key, Ed25519PublicKey) else "rsa"
    found.append(KeyFacts(key_id, kind, public_to_pem(key)))
