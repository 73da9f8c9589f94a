"""What a post was when it came: kept for moderators though its origin edits or deletes it.

operations.md §1.2 (evidence as it was at arrival). Pictures are addresses with what they show, never the pictures:
whoever fetches one tells a stranger's server that somebody looks.
"""

import hashlib
from typing import Any

import msgspec

from ..store import Known
from ..text import fingerprint, links_in, plain
from ..vocab.uris import UriError, host_of

LINKS_MAX = 20
# Fewer signs than these say the same by chance: "thank you!" is no wave.
COPY_CHARS_MIN = 24


def evidence_of(known: Known) -> dict[str, Any]:
    """The post as JSON-ready evidence: kind, title, note, html, pictures, links (hosts), reply_to_uri, root_uri."""
    return {
        "kind": known.kind,
        "title": known.title,
        "note": known.note,
        "html": known.html,
        "pictures": msgspec.json.decode(known.pictures) if known.pictures else [],
        "links": link_hosts(known.html),
        "language": known.language,
        "url": known.url or known.uri,
        "reply_to_uri": known.reply_to_uri,
        "root_uri": known.root_uri,
    }


def link_hosts(html: str) -> list[str]:
    """The hosts that the text links to, sorted."""
    found = {_host(link) for link in links_in(html) if link.startswith(("https://", "http://"))}
    return sorted(found - {""})[:LINKS_MAX]


def _host(link: str) -> str:
    try:
        return host_of(link.replace("http://", "https://", 1))
    except UriError:
        return ""


def text_hash(known: Known) -> str:
    """The same for copies that differ in mentions, links, digits or spacing; empty where the text is too short."""
    words = fingerprint(f"{known.title} {known.html}" if known.title else known.html)
    return words if len(plain(known.html)) >= COPY_CHARS_MIN else ""


def exact_hash(known: Known) -> str:
    """Another one after any edit of what people see."""
    seen = (known.title, known.note, known.html, known.pictures)
    return hashlib.sha256("\0".join(seen).encode()).hexdigest()
