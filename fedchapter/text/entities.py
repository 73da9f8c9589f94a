"""Finds hashtags and mentions in what people write, and links them as Mastodon does.

Sources: wire.md §2.3 (tags, microformat classes); operations.md B7, C1; IDNA 2008 (RFC 5891) for host names.

Finding and linking read the same rendered text, so a tag on the wire is always a link in the text and the
reverse: neither looks inside links, code or addresses.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

import idna

from fedchapter.text.markdown import render_markdown
from fedchapter.text.sanitise import clean, is_honest
from fedchapter.text.walk import pieces

MAX_HASHTAG_CHARS: Final = 100
_QUIET_TAGS: Final = frozenset({"a", "code", "pre"})
_USERNAME: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
# Catalan writes l·l, Persian writes a zero-width non-joiner inside words.
_INNER: Final = frozenset("·\u200c")


@dataclass(frozen=True, slots=True)
class Handle:
    """`@username@host`; the host in lower-case A-labels, with its port where it is not the default."""

    username: str
    host: str

    @property
    def key(self) -> str:
        """What tells handles apart: `user@host` in lower case."""
        return f"{self.username}@{self.host}".lower()

    def __str__(self) -> str:
        return f"@{self.username}@{self.host}"


@dataclass(frozen=True, slots=True)
class _Found:
    kind: Literal["hashtag", "mention", "text"]
    raw: str
    tag: str = ""
    handle: Handle | None = None


def find_hashtags(text: str) -> tuple[str, ...]:
    """The hashtags of a Markdown text without their `#`, as written, each once whatever its case."""
    found: dict[str, str] = {}
    for part in _parts(text):
        if part.kind == "hashtag":
            found.setdefault(part.tag.casefold(), part.tag)
    return tuple(found.values())


def find_mentions(text: str) -> tuple[Handle, ...]:
    """The `@user@host` handles of a Markdown text, each once; malformed hosts are no mentions."""
    found: dict[str, Handle] = {}
    for part in _parts(text):
        if part.handle is not None:
            found.setdefault(part.handle.key, part.handle)
    return tuple(found.values())


def link_entities(
    html: str, *, hashtag_url: Callable[[str], str], mentions: Mapping[str, tuple[str, str]]
) -> str:
    """The cleaned HTML with hashtags and known mentions as links.

    `mentions` is `Handle.key` → (page of the actor, name shown after the @); handles not in it stay text.
    """
    out: list[str] = []
    quiet = 0
    for piece in pieces(clean(html, max_chars=None)):
        if piece.kind != "text":
            quiet += (piece.tag in _QUIET_TAGS) * (1 if piece.kind == "open" else -1)
            out.append(piece.text)
        elif quiet:
            out.append(escape(piece.text, quote=False))
        else:
            out.extend(_linked(part, hashtag_url, mentions) for part in _scan(piece.text))
    return "".join(out)


def _linked(part: _Found, hashtag_url: Callable[[str], str], mentions: Mapping[str, tuple[str, str]]) -> str:
    if part.kind == "hashtag":
        address = escape(hashtag_url(part.tag))
        return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{escape(part.tag)}</span></a>'
    url, label = mentions.get(part.handle.key, ("", "")) if part.handle else ("", "")
    # The page of an actor is their server's word: an address we would not let through is no link.
    if url.startswith(("https://", "http://")) and is_honest(url):
        shown = escape(label.removeprefix("@"))
        link = f'<a href="{escape(url)}" class="u-url mention">@<span>{shown}</span></a>'
        return f'<span class="h-card">{link}</span>'
    return escape(part.raw, quote=False)


def _parts(text: str) -> Iterator[_Found]:
    quiet = 0
    for piece in pieces(render_markdown(text)):
        if piece.kind != "text":
            quiet += (piece.tag in _QUIET_TAGS) * (1 if piece.kind == "open" else -1)
        elif not quiet:
            yield from _scan(piece.text)


def _scan(text: str) -> Iterator[_Found]:
    """The text in pieces whose `raw` together is the text again; takes time linear in its length."""
    done = index = 0
    while index < len(text):
        found = _found_at(text, index)
        if found is None:
            index += 1
            continue
        if done < index:
            yield _Found("text", text[done:index])
        yield found
        done = index = index + len(found.raw)
    if done < len(text):
        yield _Found("text", text[done:])


def _found_at(text: str, index: int) -> _Found | None:
    if text.startswith("://", index):
        return _Found("text", text[index : _end_of_word(text, index)])
    before = text[index - 1] if index else " "
    if _is_tag_char(before) or before in "/@#＃&)":
        return None
    if text[index] in "#＃":
        return _hashtag_at(text, index)
    return _mention_at(text, index) if text[index] == "@" else None


def _end_of_word(text: str, index: int) -> int:
    while index < len(text) and not text[index].isspace():
        index += 1
    return index


def _hashtag_at(text: str, index: int) -> _Found | None:
    end = index + 1
    while end < len(text) and (_is_tag_char(text[end]) or text[end] in _INNER):
        end += 1
    tag = text[index + 1 : end].rstrip("·\u200c")
    if not any(unicodedata.category(char)[0] == "L" for char in tag) or len(tag) > MAX_HASHTAG_CHARS:
        return None
    return _Found("hashtag", text[index : index + 1 + len(tag)], tag=tag)


def _is_tag_char(char: str) -> bool:
    if char.isascii():
        return char in _USERNAME
    return unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl")


def _mention_at(text: str, index: int) -> _Found | None:
    at = index + 1
    while at < len(text) and (text[at] in _USERNAME or text[at] in ".-"):
        at += 1
    username = text[index + 1 : at]
    if not username or at >= len(text) or text[at] != "@" or {username[0], username[-1]} & set(".-"):
        return None
    end = at + 1
    while end < len(text) and end - at < 260 and (_is_tag_char(text[end]) or text[end] in ".-:"):
        end += 1
    written = text[at + 1 : end].rstrip(".-:")
    host = _to_host(written)
    # `@user@host@more` or `@user@host/path` is something else: better no mention than a wrong one.
    if host is None or text[at + 1 + len(written) : at + 2 + len(written)] == "@":
        return None
    return _Found("mention", text[index : at + 1 + len(written)], handle=Handle(username, host))


def _to_host(written: str) -> str | None:
    """The host in A-labels with its port, None if no server can have this name."""
    name, _, port = written.partition(":")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        name, port = (name, "") if not port[:1].isdigit() else ("", "")
    try:
        host = idna.encode(name, uts46=True).decode().lower()
    except idna.IDNAError:
        return None
    last = host.rpartition(".")[2]
    # A name without a dot is a machine of one's own, and is told from a word by its port.
    if last.isdigit() or (last == host and not port):
        return None
    return f"{host}:{port}" if port and port != "443" else host
