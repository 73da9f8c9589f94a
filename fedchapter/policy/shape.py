"""What a post looks like: its words folded, whom and what it names, and a sketch that variations of it share.

Pure and linear, since strangers decide what comes in here. peers.md (content, contentMap, name, tag and attachment in
the shapes that Mastodon, Misskey, GoToSocial and others send); operations.md §1.4 (the wave's strongest signal is the
same text by several actors).

The sketch: the folded text is cut into pairs of neighbouring words (or groups of five letters, where it has few words),
each is hashed, and the eight smallest hashes are kept. Two texts that have most pairs in common have most of the eight
in common (A. Broder 1997, "bottom-k"), however long they are; a changed word, name, number or link moves one or two.
"""

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterator, Set
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from typing import Final

import nh3

from ..text import fold
from ..vocab.read import ATTACHMENTS_MAX, TAGS_MAX, Json, id_of, list_of, text_of, type_of
from ..vocab.uris import UriError, host_of

CHARS_MAX: Final = 8000
SKETCH: Final = 8
ALIKE: Final = 5
_WORDS_MIN: Final = 6
_LETTERS: Final = 5
_LETTERS_MIN: Final = 16
_HOSTS_MAX: Final = 20
_PICTURES: Final = frozenset({"Document", "Image", "Video", "Audio"})
_NAMED: Final = re.compile("[@#]|://|www[.]")
_NO_LETTERS: Final = {code: None for code in range(128) if not chr(code).isalpha() and chr(code) != " "}
_READER: Final = nh3.Cleaner(
    tags={"a", "p", "br", "div", "li"},
    attributes={"a": {"href", "class"}},
    link_rel=None,
    strip_comments=True,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """`text` is folded, for filters; `words` besides without names, numbers and addresses; `hosts` are those of its
    links that are no mentions and no hashtags. `digest` and `sketch` are empty where there is too little to compare."""

    text: str = ""
    words: str = ""
    digest: str = ""
    sketch: tuple[int, ...] = ()
    hosts: tuple[str, ...] = ()
    links: int = 0
    mentions: int = 0
    media: int = 0


def read_shape(document: Json) -> Shape:
    """The shape of an ActivityStreams object, whatever it holds."""
    mentions, known, tagged = _read_tags(document)
    texts = [text_of(document, name, CHARS_MAX) or "" for name in ("name", "summary", "content")]
    media = sum(1 for item in list_of(document.get("attachment"))[:ATTACHMENTS_MAX] if _is_picture(item))
    return _shape(texts, mentions, known, tagged, media)


def shape_of_html(title: str, note: str, html: str, *, media: int = 0) -> Shape:
    """The shape of something that is stored here, as far as its HTML still says."""
    return _shape([title, note, html], 0, frozenset(), [], media)


def _shape(texts: list[str], mentions: int, known: frozenset[str], tagged: list[str], media: int) -> Shape:
    plain, links, named = _read_html(" <br> ".join(filter(None, texts))[: CHARS_MAX * 2], known)
    addresses = list(dict.fromkeys([*links, *tagged]))
    hosts = tuple(dict.fromkeys(host for link in addresses if (host := _host(link))))[:_HOSTS_MAX]
    text = _folded(plain)
    words = _bare(text)
    digest, sketch = "", sketch_of("")
    if _says_enough(words, with_more=bool(addresses or media)):
        digest, sketch = hashlib.sha256(words.encode()).hexdigest()[:32], sketch_of(words)
    return Shape(text, words, digest, sketch, hosts, len(addresses), max(mentions, named), media)


def _read_tags(document: Json) -> tuple[int, frozenset[str], list[str]]:
    """How many are named, the addresses of names and hashtags, and links among the tags (FEP-e232)."""
    named: set[str] = set()
    known: set[str] = set()
    links: list[str] = []
    for tag in list_of(document.get("tag"))[:TAGS_MAX]:
        sort = type_of(tag)
        address = str(tag.get("href") or "") if isinstance(tag, dict) else ""
        if sort == "Mention":
            named.add(address or str(tag.get("name"))[:300])
        if sort in ("Mention", "Hashtag"):
            known.add(address)
        elif sort == "Link" and address:
            links.append(address)
    links += [
        address
        for item in list_of(document.get("attachment"))[:ATTACHMENTS_MAX]
        if type_of(item) in ("Link", "Page") and (address := id_of(item) or "")
    ]
    return len(named), frozenset(known), links


def _is_picture(item: object) -> bool:
    return isinstance(item, str) or type_of(item) in _PICTURES


def _read_html(html: str, known: frozenset[str]) -> tuple[str, list[str], int]:
    """The text outside names and links, the links, and how many names are linked."""
    kept: list[str] = []
    links: list[str] = []
    named, inside = 0, False
    # After one pass of the cleaner every `<` begins a tag, so that cutting there is all the parsing that is needed.
    for part in _READER.clean(html).split("<"):
        tag, closed, text = part.partition(">")
        if not closed:
            kept.append(part)
            continue
        if tag.startswith("a "):
            address, classes = unescape(_attribute(tag, "href")), _attribute(tag, "class")
            inside = "mention" in classes or "hashtag" in classes or address in known
            named += "mention" in classes and "hashtag" not in classes
            if not inside and address.startswith(("http://", "https://")):
                links.append(address)
        elif tag == "/a":
            inside = False
        else:
            kept.append(" ")
        # What a link says is mostly its address, which changes more than anything else.
        if not inside and not (tag.startswith("a ") and " " not in text.strip()):
            kept.append(text)
    return unescape("".join(kept)), links, named


def _attribute(tag: str, name: str) -> str:
    return tag.partition(f' {name}="')[2].partition('"')[0]


def _host(link: str) -> str:
    try:
        return host_of(link if link.startswith("https:") else "https:" + link.partition(":")[2])
    except UriError:
        return ""


def _folded(text: str) -> str:
    """Without capitals, accents and what is not seen (zero-width signs, marks of direction); single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    return fold("".join(sign for sign in text if unicodedata.category(sign) != "Cf"))


def _bare(text: str) -> str:
    """The words of a folded text alone, with single spaces."""
    if text.isascii() and not _NAMED.search(text):
        return " ".join(text.translate(_NO_LETTERS).split())
    return " ".join(_bare_words(text))


def _bare_words(text: str) -> Iterator[str]:
    """The words of a folded text, without names, addresses, digits and punctuation."""
    for chunk in text.split():
        if chunk.isalpha():
            yield chunk
        elif not (chunk.startswith(("@", "#", "www.")) or "://" in chunk):
            word = "".join(filter(str.isalpha, chunk))
            if word:
                yield word


def _says_enough(words: str, *, with_more: bool) -> bool:
    """Whether two of them being alike means anything: many people say "thank you" in the same hour."""
    return len(words) >= (_LETTERS_MIN if with_more else 2 * _LETTERS_MIN)


def sketch_of(words: str) -> tuple[int, ...]:
    """At most eight numbers of 32 bits, of which similar texts share most; none for a text too short to compare."""
    if len(words) < _LETTERS_MIN:
        return ()
    parts = words.split(" ")
    if len(parts) >= _WORDS_MIN:
        pieces = set(map(" ".join, pairwise(parts)))
    else:
        run = words.replace(" ", "")
        pieces = {run[at : at + _LETTERS] for at in range(len(run) - _LETTERS + 1)}
    found = sorted({zlib.crc32(piece.encode()) for piece in pieces})[:SKETCH]
    return tuple(found) if len(found) == SKETCH else ()


def is_alike(one: Set[int], other: Set[int]) -> bool:
    """Whether two sketches are of variations of one text."""
    return len(one & other) >= ALIKE
