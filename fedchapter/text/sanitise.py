"""The allow-list that every piece of HTML passes before it is stored and before it is shown.

Sources: operations.md D1 (Mastodon CVE-2023-36459, CVE-2023-36462) and C1 (backslash hosts); Mastodon's list
of kept tags (lib/sanitize_ext), so that what survives here is what survives there.
"""

from html import escape
from typing import Final

import nh3

from fedchapter.text.walk import pieces

MAX_CHARS: Final = 100_000
MAX_DEPTH: Final = 32
MAX_MARKS: Final = 5_000
# Fewer than MAX_MARKS even with an end tag each, so that a text that was cut is not cut again.
MAX_ELEMENTS: Final = 2_000
LINK_REL: Final = "nofollow noopener noreferrer ugc"
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS: Final = frozenset({"p", "br", "pre", "ul", "ol", "li", "blockquote"})
_INLINE: Final = frozenset({"span", "a", "del", "code", "em", "strong", "b", "i", "u"})
TAGS: Final = HEADINGS | _BLOCKS | _INLINE
CLASSES: Final = frozenset({"mention", "hashtag", "u-url", "ellipsis", "invisible", "h-card"})
_VOID: Final = frozenset({"br"})
_ROUNDS: Final = 5


def clean(html: str, *, max_chars: int | None = MAX_CHARS) -> str:
    """The same text with allowed tags, attributes and links only; cleaning it again changes nothing.

    At most `max_chars` characters long, markup included, cut with "…" and every element closed; of the input,
    no more characters than that and no more than MAX_MARKS tags are read. None is for our own Markdown only.
    """
    if max_chars is not None:
        html = _first_part(html, max_chars + 1)
    html = _CLEANER.clean(html)
    too_long = max_chars is not None and len(html) > max_chars
    # Depth cannot exceed the number of elements, so that a usual post pays for one count only.
    if too_long or html.count("</") > MAX_DEPTH:
        return _bounded(html, max_chars)
    html = _settle(html)
    return html if max_chars is None or len(html) <= max_chars else _bounded(html, max_chars)


def _first_part(html: str, length: int) -> str:
    # A parser looks up the whole tree at every start tag: 25,000 open lists in 100 kB cost it a second (B7).
    parts = html[:length].split("<", MAX_MARKS)
    return "<".join(parts[:MAX_MARKS])


def _settle(html: str) -> str:
    # Unwrapping a forbidden element can leave a <p> in a <p>, which the next parser reads as another tree.
    # What is stored must be what every later parser sees (mutation XSS), so we go on until nothing changes.
    for _ in range(_ROUNDS):
        cleaned = _CLEANER.clean(html)
        if cleaned == html:
            return cleaned
        html = cleaned
    return html if _CLEANER.clean(html) == html else _TEXT_ONLY.clean(html)


def _bounded(html: str, max_chars: int | None) -> str:
    if max_chars is None:
        return _settle(_cut(html, len(html) + 1, elements=len(html)))
    budget = max_chars
    cut = _settle(_cut(html, budget))
    while len(cut) > max_chars:
        budget -= len(cut) - max_chars
        cut = _settle(_cut(html, max(budget, 0)))
        if budget <= 0:
            return ""
    return cut


def _cut(html: str, budget: int, *, elements: int = MAX_ELEMENTS) -> str:
    """The first `budget` characters; what lies deeper than MAX_DEPTH is unwrapped, what is open is closed."""
    out: list[str] = []
    open_tags: list[str | None] = []
    room, depth = budget, 0
    for piece in pieces(html):
        if piece.kind == "close":
            tag = open_tags.pop() if open_tags else None
            depth -= tag is not None
            out.append(f"</{tag}>" if tag else "")
            continue
        deep = depth >= MAX_DEPTH
        closing = 0 if piece.tag in _VOID or deep else len(piece.tag) + 3
        raw = escape(piece.text, quote=False) if piece.kind == "text" else ("" if deep else piece.text)
        cost = len(raw) + (closing if piece.kind == "open" else 0)
        elements -= piece.kind == "open"
        if cost > room - 1 or elements < 0:
            out.append(_fitting(piece.text, room - 1) if piece.kind == "text" else "")
            out.append("…" if room > 0 else "")
            break
        room -= cost
        out.append(raw)
        if piece.kind == "open" and piece.tag not in _VOID:
            open_tags.append(None if deep else piece.tag)
            depth += not deep
    return "".join(out) + "".join(f"</{tag}>" for tag in reversed(open_tags) if tag)


def _fitting(text: str, room: int) -> str:
    """As much of the text as takes at most `room` characters once escaped."""
    used = 0
    for index, char in enumerate(text):
        used += len(escape(char, quote=False))
        if used > room:
            return escape(text[:index], quote=False)
    return escape(text, quote=False)


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return " ".join(name for name in value.split() if name in CLASSES) or None
    if attribute == "href":
        return value if is_honest(value) else None
    if attribute == "rel":
        # Never the author's, which is not allowed: the cleaner shows us LINK_REL too.
        return LINK_REL
    # What is left are the numbers of a list.
    return value if value.isascii() and value.isdigit() and len(value) <= 6 else None


def is_honest(url: str) -> bool:
    """False for links that people, Python and browsers read as different hosts.

    `https://good.example\\@evil.example/` and `https://good.example@evil.example/` are the attacks.
    """
    if "\\" in url or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in url):
        return False
    scheme, _, rest = url.partition(":")
    if scheme.lower() == "mailto":
        return bool(rest)
    if not rest.startswith("//"):
        return False
    authority = rest[2:].split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
    return bool(authority) and "@" not in authority


_CLEANER: Final = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "class"}, "span": {"class"}, "ol": {"start"}, "li": {"value"}},
    attribute_filter=_keep,
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=LINK_REL,
    strip_comments=True,
)
_TEXT_ONLY: Final = nh3.Cleaner(tags=set(), attributes={}, link_rel=None)
