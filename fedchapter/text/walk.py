"""Walks cleaned HTML as a flat list of start tags, texts and end tags.

Only ever fed what `sanitise` produced: html.parser of Python 3.11 takes quadratic time on malformed markup
(CVE-2025-6069), and on well-formed markup of the allowed tags it agrees with browsers.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal


@dataclass(frozen=True, slots=True)
class Piece:
    """One step: `text` is the start tag as written, or the text with its references resolved."""

    kind: Literal["open", "close", "text"]
    tag: str
    text: str
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Piece] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.found.append(Piece("open", tag, self.get_starttag_text() or "", attributes))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(Piece("close", tag, f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        self.found.append(Piece("text", "", data))


def pieces(html: str) -> list[Piece]:
    """Every start tag, text and end tag of cleaned HTML, in order."""
    collector = _Collector()
    collector.feed(html)
    collector.close()
    return collector.found
