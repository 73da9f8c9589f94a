"""Finds on a page in the pseudo-language what people can read and what stands in no brackets, so in no catalog.

What somebody wrote is no text of ours: the finder is told what the database holds, and leaves out what is written in a
language of its own (`lang`), times, addresses, handles and numbers.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from fedchapter.text import plain, render_markdown

OPEN, CLOSE = "⟦", "⟧"
VOID = frozenset(
    {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "rect", "path"}
)
# What is inside is typed, drawn, dated or code.
SILENT = frozenset({"script", "style", "svg", "textarea", "time", "code", "pre"})
READ = frozenset(
    {
        "title",
        "aria-label",
        "placeholder",
        "alt",
        "data-label",
        "data-confirm",
        "data-copied",
        "data-back",
        "data-yes",
    }
)
# Lists of names: languages call themselves what they are called, and time zones have the names of IANA.
NAMES = frozenset({"language", "zone", "timezone"})
_PARTS = (
    r"(https?|mailto):\S+",  # addresses
    r"@?[\w.+-]+@[\w.:-]+",  # handles and e-mail addresses
    r"@\w+",
    r"#[\w-]+",
    r"(/[\w.-]+)+/?",  # paths
    r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?",  # hosts
    r"localhost:\d+",
    r"\d[\d.,:/%+-]*",
    r"[0-9a-f]{8,}",
)
_NO_WORDS = re.compile("|".join(f"(?<![\\w@])(?:{part})(?!\\w)" for part in _PARTS))
_WORD = re.compile(r"[^\W\d_]{2,}")
_AROUND = " ,.:;·–—()“”!?•"
LONG = 12


@dataclass
class Data:
    """What somebody wrote: whole values, and all of it as one text for excerpts."""

    values: frozenset[str]
    whole: str

    @classmethod
    def of(cls, texts: Collection[str]) -> "Data":
        """From the values of a database; HTML counts as its words, as pages and as excerpts write them."""
        said = {_plain(text) for text in texts} | {" ".join(plain(text).split()) for text in texts}
        said |= {
            _plain(render_markdown(text)) for text in texts if set(text) & set("*_`[") and len(text) < 2000
        }
        parts = {part for text in said for part in _parts(text)}
        return cls(frozenset(said | parts), "\n".join(sorted(said)))

    def holds(self, piece: str) -> bool:
        """Whether the piece is such a value, or so much of one that it is no accident."""
        if piece.endswith("…"):
            begins = piece[:-1].strip(_AROUND)
            return any(value.startswith(begins) for value in self.values)
        return piece in self.values or (len(piece) >= LONG and piece in self.whole)


def _parts(text: str) -> list[str]:
    """What is left of a line between commas, dots, addresses and numbers."""
    return [part.strip(_AROUND) for part in re.split(r"[,·|]| – ", _NO_WORDS.sub("|", text))]


def _plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


@dataclass
class Outside(HTMLParser):
    """Reads one page; `found` are the pieces outside."""

    data: Data
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._silent: list[str] = []
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens: its attributes are read, and what it holds is left out where it is not ours."""
        attributes = {name: value or "" for name, value in attrs}
        if self._silent:
            self._silent += [] if tag in VOID else [tag]
            return
        self._read_attributes(tag, attributes)
        if tag in VOID:
            return
        own = "lang" in attributes and tag != "html"
        if tag in SILENT or own or (tag == "select" and attributes.get("name") in NAMES):
            self._silent = [tag]
        elif tag not in ("a", "b", "i", "span", "em", "strong"):
            self._end()

    def _read_attributes(self, tag: str, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            is_button = name == "value" and tag == "input" and attributes.get("type") in ("submit", "button")
            if name in READ or is_button or (tag == "meta" and name == "content" and _is_words(attributes)):
                self._judge(value)

    def handle_endtag(self, tag: str) -> None:
        """An element closes."""
        if self._silent:
            while self._silent and self._silent.pop() != tag:
                pass
        elif tag not in ("a", "b", "i", "span", "em", "strong"):
            self._end()

    def handle_data(self, data: str) -> None:
        """Text of the page: what stands inside brackets is dropped at once."""
        if not self._silent:
            self._said.append(self._outside(data))

    def _end(self) -> None:
        said, self._said = " ".join(self._said), []
        if not self._depth:
            self._judge_outside(said)

    def close(self) -> None:
        """The page is read to its end."""
        super().close()
        self._end()

    def _outside(self, text: str) -> str:
        left = []
        for sign in text:
            self._depth += (sign == OPEN) - (sign == CLOSE)
            left.append(sign if not self._depth and sign != CLOSE else "\n" if sign == CLOSE else "")
        return "".join(left)

    def _judge(self, value: str) -> None:
        """An attribute has brackets of its own."""
        before, self._depth = self._depth, 0
        self._judge_outside(self._outside(value))
        self._depth = before

    def _judge_outside(self, text: str) -> None:
        for line in text.split("\n"):
            piece = " ".join(line.split()).strip(_AROUND)
            if not self.data.holds(piece) and _WORD.search(_NO_WORDS.sub(" ", piece)):
                self.found += self._unknown(piece)

    def _unknown(self, piece: str) -> list[str]:
        return [part for part in _parts(piece) if _WORD.search(part) and not self.data.holds(part)]


def _is_words(attributes: dict[str, str]) -> bool:
    return attributes.get("property") in ("og:title", "og:image:alt")


def outside(html: str, data: Data) -> list[str]:
    """What people can read on the page and no catalog can have."""
    reader = Outside(data)
    reader.feed(html)
    reader.close()
    return reader.found
