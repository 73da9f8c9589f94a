"""The `@context` of what we send, and the media types by which ActivityPub is asked for and known.

Remote contexts are only those that every JSON-LD server carries built in, since Fedify fails on one that it
cannot fetch; all our other terms are defined inline, each message with those that it uses. Data integrity is
v1, as in FEP-8b32's own example and in what Fedify sends.
Sources: wire.md §1.3 and §4; DESIGN §3; FEP-8b32; FEP-521a; FEP-044f; FEP-2c59; FEP-844e; FEP-8a8e;
RFC 9110 §12.5.1.
"""

import re
from functools import lru_cache
from typing import Any, Final

from fedchapter.vocab.read import Json

ACTIVITYSTREAMS: Final = "https://www.w3.org/ns/activitystreams"
NAMESPACE: Final = "https://w3id.org/fedchapter/ns#"
ACTIVITY_JSON: Final = "application/activity+json"
LD_JSON: Final = f'application/ld+json; profile="{ACTIVITYSTREAMS}"'
ACCEPT_ACTIVITY: Final = f"{ACTIVITY_JSON}, {LD_JSON}"


def _uri(term: str) -> dict[str, str]:
    return {"@id": term, "@type": "@id"}


TERMS: Final[dict[str, Any]] = {
    "toot": "http://joinmastodon.org/ns#",
    "schema": "http://schema.org#",
    "mz": "https://joinmobilizon.org/ns#",
    "ical": "http://www.w3.org/2002/12/cal/ical#",
    "pt": "https://joinpeertube.org/ns#",
    "gts": "https://gotosocial.org/ns#",
    "event": "https://w3id.org/fep/8a8e/",
    "fc": NAMESPACE,
    "num": "fc:num",
    "den": "fc:den",
    "yes": "fc:yes",
    "no": "fc:no",
    "abstain": "fc:abstain",
    "Hashtag": "as:Hashtag",
    "sensitive": "as:sensitive",
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
    "alsoKnownAs": _uri("as:alsoKnownAs"),
    "movedTo": _uri("as:movedTo"),
    "featured": _uri("toot:featured"),
    "featuredTags": _uri("toot:featuredTags"),
    "discoverable": "toot:discoverable",
    "indexable": "toot:indexable",
    "suspended": "toot:suspended",
    "votersCount": "toot:votersCount",
    "attributionDomains": {"@id": "toot:attributionDomains", "@container": "@set"},
    "blurhash": "toot:blurhash",
    "focalPoint": {"@id": "toot:focalPoint", "@container": "@list"},
    "Emoji": "toot:Emoji",
    "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
    "propertyID": "schema:propertyID",
    "PostalAddress": "schema:PostalAddress",
    "address": "schema:address",
    "streetAddress": "schema:streetAddress",
    "postalCode": "schema:postalCode",
    "addressLocality": "schema:addressLocality",
    "addressRegion": "schema:addressRegion",
    "addressCountry": "schema:addressCountry",
    "inLanguage": "schema:inLanguage",
    "category": "schema:category",
    "maximumAttendeeCapacity": "schema:maximumAttendeeCapacity",
    "remainingAttendeeCapacity": "schema:remainingAttendeeCapacity",
    "openness": "mz:openness",
    "memberCount": "mz:memberCount",
    "members": _uri("mz:members"),
    "events": _uri("mz:events"),
    "posts": _uri("mz:posts"),
    "discussions": _uri("mz:discussions"),
    "resources": _uri("mz:resources"),
    "todos": _uri("mz:todos"),
    "anonymousParticipationEnabled": "mz:anonymousParticipationEnabled",
    "participantCount": "mz:participantCount",
    "participationMessage": "mz:participationMessage",
    "joinMode": "mz:joinMode",
    "externalParticipationUrl": _uri("mz:externalParticipationUrl"),
    "repliesModerationOption": "mz:repliesModerationOption",
    "timezone": "mz:timezone",
    "isOnline": "mz:isOnline",
    "contacts": _uri("mz:contacts"),
    "draft": "mz:draft",
    "uuid": "schema:identifier",
    "status": "ical:status",
    "commentsEnabled": "pt:commentsEnabled",
    "eventStatus": "event:eventStatus",
    "displayEndTime": "event:displayEndTime",
    "previousStartTime": "event:previousStartTime",
    "organizers": _uri("event:organizers"),
    "interactionPolicy": _uri("gts:interactionPolicy"),
    "canLike": _uri("gts:canLike"),
    "canReply": _uri("gts:canReply"),
    "canAnnounce": _uri("gts:canAnnounce"),
    "canQuote": _uri("gts:canQuote"),
    "always": _uri("gts:always"),
    "approvalRequired": _uri("gts:approvalRequired"),
    "automaticApproval": _uri("gts:automaticApproval"),
    "manualApproval": _uri("gts:manualApproval"),
    "interactingObject": _uri("gts:interactingObject"),
    "interactionTarget": _uri("gts:interactionTarget"),
    "quote": _uri("https://w3id.org/fep/044f#quote"),
    "quoteAuthorization": _uri("https://w3id.org/fep/044f#quoteAuthorization"),
    "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
    "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
    "implements": _uri("https://w3id.org/fep/844e#implements"),
    "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
    "assertionMethod": {
        "@id": "https://w3id.org/security#assertionMethod",
        "@type": "@id",
        "@container": "@set",
    },
}

REMOTE_CONTEXTS: Final = (
    ACTIVITYSTREAMS,
    "https://w3id.org/security/v1",
    "https://w3id.org/security/data-integrity/v1",
    "https://w3id.org/security/multikey/v1",
)


def with_context(obj: Json) -> Json:
    """The object with its `@context` first: an array, as Mastodon wants it to verify a proof."""
    used: set[str] = set()
    _collect(obj, used)
    terms = {name: meaning for name, meaning in TERMS.items() if name in used}
    prefixes = {_prefix_of(meaning) for meaning in terms.values()}
    inline = {name: meaning for name, meaning in TERMS.items() if name in used or name in prefixes}
    context = [*REMOTE_CONTEXTS, inline] if inline else list(REMOTE_CONTEXTS)
    return {"@context": context, **{key: value for key, value in obj.items() if key != "@context"}}


def _collect(value: object, used: set[str]) -> None:
    """Adds every key, type and prefix (`fc` of `fc:stage`) in the tree."""
    if isinstance(value, list):
        for item in value:
            _collect(item, used)
    if not isinstance(value, dict):
        return
    kinds = value.get("type")
    names = [*value, *(kinds if isinstance(kinds, list) else [kinds])]
    used.update(name for name in names if isinstance(name, str))
    used.update(name.partition(":")[0] for name in names if isinstance(name, str) and ":" in name)
    for item in value.values():
        _collect(item, used)


def _prefix_of(meaning: str | dict[str, str]) -> str:
    return (meaning["@id"] if isinstance(meaning, dict) else meaning).partition(":")[0]


def compact(obj: Json) -> Json:
    """The object without nulls and empty lists, at every depth: PieFed fails on one, Gancio on the other."""
    return {key: _compact(value) for key, value in obj.items() if value is not None and value not in ([], ())}


def _compact(value: Any) -> Any:
    if isinstance(value, dict):
        return compact(value)
    if isinstance(value, list | tuple):
        return [_compact(item) for item in value if item is not None]
    return value


_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;",]*))')
_MEDIA_CHARS_MAX: Final = 1000
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})


@lru_cache(maxsize=256)
def is_activity_type(content_type: str) -> bool:
    """Whether it is one of the two types of ActivityPub: anything else may be an upload (row A6)."""
    media_type, parameters = _split(content_type)
    if media_type == "application/ld+json":
        return ACTIVITYSTREAMS in parameters.get("profile", "").split()
    return media_type == ACTIVITY_JSON


@lru_cache(maxsize=256)
def wants_page(accept: str) -> bool:
    """Whether the Accept header names HTML and prefers it: a browser, not a program that takes what it gets."""
    named = {_split(part)[0] for part in accept[:_MEDIA_CHARS_MAX].split(",")}
    return not _HTML.isdisjoint(named) and not wants_activity(accept)


@lru_cache(maxsize=256)
def wants_activity(accept: str) -> bool:
    """Whether the Accept header prefers the object to the page about it; a tie goes to the object.

    `application/json` asks for it only where no HTML is wanted as much: a browser never names it first.
    """
    wishes: dict[str, float] = {}
    for part in accept[:_MEDIA_CHARS_MAX].split(","):
        media_type, parameters = _split(part)
        wishes[media_type] = max(wishes.get(media_type, 0.0), _to_weight(parameters.get("q", "1")))
    html = max(wishes.get(name, 0.0) for name in _HTML)
    activity = max(wishes.get(ACTIVITY_JSON, 0.0), wishes.get("application/ld+json", 0.0))
    return (activity > 0 and activity >= html) or wishes.get("application/json", 0.0) > html


def _split(text: str) -> tuple[str, dict[str, str]]:
    """Type and parameters, lower-case but for the values; nothing for a header of unreasonable length."""
    if len(text) > _MEDIA_CHARS_MAX:
        return "", {}
    media_type, semicolon, rest = text.partition(";")
    found = _PARAMETER.findall(semicolon + rest)
    return media_type.strip().lower(), {name.lower(): quoted or plain for name, quoted, plain in found}


def _to_weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
