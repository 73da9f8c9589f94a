"""Reads HTML: as plain text, as an excerpt, as links, as a fingerprint.

Every function takes HTML from anywhere and cleans it first.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from typing import Final

import nh3

from fedchapter.text.sanitise import HEADINGS, clean
from fedchapter.text.walk import Piece, pieces

_BLOCKS: Final = HEADINGS | {"p", "blockquote", "pre"}
_INLINE: Final = frozenset({"span", "code", "em", "strong", "b", "i", "u", "del"})
_ENTITY_CLASSES: Final = frozenset({"mention", "hashtag"})
_LOOSE_ENDS: Final = " ,;:–—-(/"
_JOINERS: Final = frozenset("\u200d\ufe0e\ufe0f")


def plain(html: str) -> str:
    """Readable plain text: an empty line between paragraphs, "- " or "1. " before list items."""
    writer = _PlainWriter()
    for piece in pieces(clean(html)):
        writer.take(piece)
    return writer.finished()


def excerpt(text_or_html: str, length: int) -> str:
    """One line of at most `length` characters, cut after a word with "…" where something was left out."""
    text = plain(text_or_html) if nh3.is_html(text_or_html) else text_or_html
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    if length < 1:
        return ""
    head = line[: length - 1]
    if not line[length - 1].isspace():
        space = head.rfind(" ")
        # A language without spaces, or one endless word, is cut where it is full.
        head = head[:space] if space > length // 2 else _whole_characters(line, length - 1)
    return head.rstrip(_LOOSE_ENDS) + "…"


def links_in(html: str, *, with_mentions: bool = False) -> tuple[str, ...]:
    """The http(s) addresses the text links to, each once, in order; mentions and hashtags only on request."""
    found: dict[str, None] = {}
    for piece in pieces(clean(html)):
        address = piece.attributes.get("href", "") if piece.tag == "a" else ""
        if not address.lower().startswith(("http://", "https://")):
            continue
        if with_mentions or not piece.classes & _ENTITY_CLASSES:
            found[address] = None
    return tuple(found)


def fingerprint(html: str) -> str:
    """A SHA-256 in hex of the words alone: copies that differ in mentions, links, digits or spacing share it.

    Empty if no words are left, since all such texts would look alike. For finding waves of one text
    (operations.md §1.4), not for proofs.
    """
    links, kept = 0, []
    for piece in pieces(clean(html)):
        if piece.tag == "a":
            links += 1 if piece.kind == "open" else -1
        elif piece.kind == "text":
            kept.append("" if links else piece.text)
        elif piece.tag not in _INLINE:
            kept.append(" ")
    words = (word for word in "".join(kept).split() if "://" not in word and not word.startswith("@"))
    text = " ".join(_words(unicodedata.normalize("NFKC", " ".join(words)).casefold()))
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


class _PlainWriter:
    """Collects text; `_gap` newlines are due before the next word, and the bullet `_mark` after them."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._gap = 0
        self._mark = ""
        self._counters: list[int | None] = []
        self._pre = 0

    def take(self, piece: Piece) -> None:
        if piece.kind == "text":
            self._write(piece.text)
        elif piece.tag == "br":
            self._break()
        elif piece.tag in ("ul", "ol"):
            self._take_list(piece)
        elif piece.tag == "li":
            self._take_item(piece)
        elif piece.tag in _BLOCKS:
            self._pre += (piece.tag == "pre") * (1 if piece.kind == "open" else -1)
            self._space(1 if self._counters else 2)

    def finished(self) -> str:
        return "\n".join(line.rstrip() for line in "".join(self._out).split("\n")).strip()

    def _space(self, newlines: int) -> None:
        self._gap = max(self._gap, newlines)

    def _break(self) -> None:
        if self._out and not self._gap:
            self._out.append("\n")

    def _write(self, text: str) -> None:
        if not self._pre:
            text = _one_space(text)
            at_line_start = self._gap or self._mark or not self._out or self._out[-1].endswith("\n")
            text = text.lstrip() if at_line_start else text
        if not text:
            return
        if self._out:
            self._out.append("\n" * self._gap)
        self._out.append(self._mark + text)
        self._gap, self._mark = 0, ""

    def _take_list(self, piece: Piece) -> None:
        if piece.kind == "open":
            self._space(1 if self._counters else 2)
            start = piece.attributes.get("start", "1")
            self._counters.append(None if piece.tag == "ul" else int(start))
            return
        del self._counters[-1:]
        self._space(1 if self._counters else 2)

    def _take_item(self, piece: Piece) -> None:
        self._space(1)
        number = self._counters[-1] if self._counters else None
        if piece.kind == "close":
            self._mark = ""
            return
        if number is not None:
            self._counters[-1] = number + 1
        indent = "  " * max(len(self._counters) - 1, 0)
        self._mark = indent + ("- " if number is None else f"{number}. ")


def _one_space(text: str) -> str:
    """Runs of HTML white space as one space; a non-breaking space is a sign and stays."""
    words = text.replace("\t", " ").replace("\n", " ").replace("\r", " ").replace("\f", " ").split(" ")
    lead, tail = (" " if words[0] == "" else ""), (" " if len(words) > 1 and words[-1] == "" else "")
    core = " ".join(word for word in words if word)
    return lead + core + tail if core else lead


def _whole_characters(line: str, length: int) -> str:
    """At most `length` characters, not ending inside an accented letter or a joined emoji."""
    while length > 1 and (unicodedata.combining(line[length]) or _JOINERS & {line[length], line[length - 1]}):
        length -= 1
    return line[:length]


def _words(text: str) -> Iterator[str]:
    for chunk in text.split():
        letters = "".join(char for char in chunk if char.isalpha())
        spaceless = [char for char in letters if _is_spaceless(char)]
        yield from spaceless
        if len(letters) > len(spaceless):
            yield "".join(char for char in letters if not _is_spaceless(char))


def _is_spaceless(char: str) -> bool:
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\u0e00" <= char <= "\u0e7f"
