"""Small functions that read one property of somebody else's object, in all the shapes that servers send it.

Every one is total: an odd value gives None or nothing, never an exception, and what is too long is cut or
left out, so that a codec can be written as a list of properties.
Sources: wire.md §1.3 and §2.2–2.3 (caps and shapes); peers.md; events.md §1; FEP-e232 (links).
"""

import math
import re
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from fedchapter.vocab.uris import PUBLIC, UriError, is_public, is_uri, parse_url

Json = dict[str, Any]

# Those that decide how an object is read, when a peer gives several.
KNOWN_TYPES: Final = frozenset(
    {
        "Note", "Article", "Question", "Event", "Page", "Image", "Audio", "Video", "Document", "Tombstone",
        "Place", "VirtualLocation", "Link", "Mention", "Hashtag", "Emoji", "PropertyValue", "Multikey",
        "Person", "Group", "Organization", "Application", "Service", "QuoteRequest", "QuoteAuthorization",
        "Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage",
        "Create", "Update", "Delete", "Follow", "Accept", "Reject", "Undo", "Like", "Announce", "Block",
        "Flag", "Add", "Remove", "Move", "Join", "Leave", "Invite", "Ignore", "TentativeAccept",
    }
)  # fmt: skip
CHARS_MAX: Final = {"name": 2048, "summary": 20_000, "content": 200_000, "preferredUsername": 2048}
OTHER_CHARS_MAX: Final = 5000
IDS_MAX: Final = 256
TAGS_MAX: Final = 200
ATTACHMENTS_MAX: Final = 50
DESCRIPTION_CHARS_MAX: Final = 10_000
FIELD_CHARS_MAX: Final = 2047
HASHTAG_CHARS_MAX: Final = 100
YEARS: Final = range(1900, 2200)

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:[Zz]|[+-]\d\d:?\d\d)?)?", re.ASCII
)


class Mention(NamedTuple):
    """Somebody named in the text: the id of the actor, and the handle as written."""

    uri: str
    name: str


class Link(NamedTuple):
    """An object named in the text by its id (FEP-e232)."""

    href: str
    media_type: str
    name: str
    rel: str


class Tags(NamedTuple):
    """What the `tag` property says, by kind; hashtags without their #."""

    hashtags: tuple[str, ...]
    mentions: tuple[Mention, ...]
    links: tuple[Link, ...]


class Attachment(NamedTuple):
    """A picture, file or link that belongs to the object; `alt` describes a picture."""

    type: str
    url: str
    media_type: str
    alt: str
    width: int | None
    height: int | None


def list_of(value: object) -> list[Any]:
    """A list as it is, nothing for None, and one value as a list of one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def objects_of(value: object, limit: int = IDS_MAX) -> tuple[Json, ...]:
    """The embedded objects in a property that may hold a string, an object or a list of both."""
    return tuple(item for item in list_of(value)[:limit] if isinstance(item, dict))


def first_of(value: object) -> Any:
    """The first of a list, or the value itself."""
    items = list_of(value)
    return items[0] if items else None


def id_of(value: object) -> str | None:
    """The id in a string, an object, a Link or a list of one of these; the three Publics become one."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, dict):
        value = value.get("id") or value.get("href")
    if not isinstance(value, str):
        return None
    if is_public(value):
        return PUBLIC
    return value if is_uri(value) else None


def ids_of(value: object, limit: int = IDS_MAX) -> tuple[str, ...]:
    """The ids in a string, an object or a list of both, in order, each once, at most `limit`."""
    found = (id_of(item) for item in list_of(value)[:limit])
    return tuple(dict.fromkeys(uri for uri in found if uri is not None))


def type_of(obj: object) -> str | None:
    """The type, of several the first that we know, or else the first."""
    if not isinstance(obj, dict):
        return None
    names = [name.removeprefix("as:") for name in list_of(obj.get("type"))[:10] if isinstance(name, str)]
    return next((name for name in names if name in KNOWN_TYPES), names[0][:100] if names else None)


def text_of(obj: Json, key: str, max_chars: int | None = None) -> str | None:
    """The text under `key`, or else the first of its `…Map`; None when empty, cut when too long."""
    value = obj.get(key)
    if not isinstance(value, str) or not value:
        value = next((text for _, text in _texts_of(obj, key)), None)
    if not value:
        return None
    limit = CHARS_MAX.get(key, OTHER_CHARS_MAX) if max_chars is None else max_chars
    return value[:limit]


def _texts_of(obj: Json, key: str) -> list[tuple[str, str]]:
    by_language = obj.get(f"{key}Map")
    if not isinstance(by_language, dict):
        return []
    return [(language, text) for language, text in by_language.items() if isinstance(text, str) and text]


def language_of(obj: Json) -> str | None:
    """The language of the text as a BCP 47 tag: the key of the shown text in its map, or a property."""
    for key in ("content", "name", "summary"):
        texts = _texts_of(obj, key)
        shown = [language for language, text in texts if text == obj.get(key)]
        for language in [*shown, *(language for language, _ in texts)]:
            return _to_language(language)
    own = obj.get("inLanguage") or first_of(obj.get("language"))
    return _to_language(own.get("identifier") if isinstance(own, dict) else own)


def _to_language(value: object) -> str | None:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value) or value.lower() == "und":
        return None
    return value


def time_of(obj: Json, key: str) -> datetime | None:
    """The moment in UTC; a time without a zone is taken as UTC, and fractions end at microseconds."""
    value = obj.get(key)
    # The pattern comes first: Python also reads week dates and other forms that no server means.
    if not isinstance(value, str) or len(value) > 48 or not _TIME.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value.upper())
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in YEARS else None


def int_of(obj: Json, key: str) -> int | None:
    """A whole number, also one written as 3.0; never a yes or no."""
    value = obj.get(key)
    if isinstance(value, float) and math.isfinite(value) and value.is_integer() and abs(value) <= 2**53:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def bool_of(obj: Json, key: str) -> bool | None:
    """A yes or no, and None for anything else."""
    value = obj.get(key)
    return value if isinstance(value, bool) else None


def url_of(obj: Json, key: str = "url") -> str | None:
    """The page that a browser opens: the first HTML link, or else the first address at all."""
    found = [(_media_type_of(item), _href_of(item)) for item in list_of(obj.get(key))[:TAGS_MAX]]
    usable = [(media_type, href) for media_type, href in found if href]
    # A link without a media type is HTML, as Mastodon takes it.
    html = (href for media_type, href in usable if media_type in _HTML or not media_type)
    return next(html, usable[0][1] if usable else None)


def _href_of(item: object) -> str | None:
    if isinstance(item, dict):
        item = item.get("href") or item.get("url")
    if not isinstance(item, str):
        return None
    try:
        parse_url(item, allow_http=True)
    except UriError:
        return None
    return item


def _media_type_of(item: object) -> str:
    if not isinstance(item, dict):
        return ""
    value = item.get("mediaType") or item.get("mimeType")
    return value.partition(";")[0].strip().lower()[:100] if isinstance(value, str) else ""


def tags_of(obj: Json) -> Tags:
    """The hashtags, mentions and object links of the `tag` property, whether list or single object."""
    hashtags: dict[str, None] = {}
    mentions: dict[str, Mention] = {}
    links: list[Link] = []
    for tag in objects_of(obj.get("tag"), TAGS_MAX):
        kind, name, href = type_of(tag), text_of(tag, "name", DESCRIPTION_CHARS_MAX) or "", _href_of(tag)
        if kind == "Hashtag" and (word := _to_hashtag(name)):
            hashtags[word] = None
        elif kind == "Mention" and href:
            mentions.setdefault(href, Mention(href, name[: CHARS_MAX["preferredUsername"]]))
        elif kind == "Link" and href:
            links.append(Link(href, _media_type_of(tag), name, text_of(tag, "rel") or ""))
    return Tags(tuple(hashtags), tuple(mentions.values()), tuple(links))


def _to_hashtag(name: str) -> str | None:
    word = name.strip().lstrip("#")
    if not word or len(word) > HASHTAG_CHARS_MAX or not all(char.isalnum() or char in "_-·" for char in word):
        return None
    return word


def attachments_of(obj: Json) -> tuple[Attachment, ...]:
    """The pictures, files and links of the `attachment` property; profile fields are `fields_of`."""
    items = list_of(obj.get("attachment"))[:ATTACHMENTS_MAX]
    return tuple(attachment for item in items if (attachment := _to_attachment(item)))


def _to_attachment(item: object) -> Attachment | None:
    if isinstance(item, str):
        return Attachment("Link", item, "", "", None, None) if _href_of(item) else None
    if not isinstance(item, dict) or type_of(item) == "PropertyValue":
        return None
    source = first_of(item.get("url")) or item.get("href")
    url = _href_of(source)
    if url is None:
        return None
    alt = (
        text_of(item, "name", DESCRIPTION_CHARS_MAX) or text_of(item, "summary", DESCRIPTION_CHARS_MAX) or ""
    )
    media_type = _media_type_of(item) or _media_type_of(source)
    kind = type_of(item) or "Document"
    return Attachment(kind, url, media_type, alt, int_of(item, "width"), int_of(item, "height"))


def fields_of(obj: Json) -> tuple[tuple[str, str], ...]:
    """The name and value pairs of a profile, values as HTML (PropertyValue in `attachment`)."""
    pairs = [
        (text_of(item, "name", FIELD_CHARS_MAX), text_of(item, "value", FIELD_CHARS_MAX))
        for item in objects_of(obj.get("attachment"), ATTACHMENTS_MAX)
        if type_of(item) == "PropertyValue"
    ]
    return tuple((name, value) for name, value in pairs if name and value)
