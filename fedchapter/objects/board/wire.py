"""Entries and answers as they travel between sister chapters, and the claims on what comes in.

DESIGN §3 (a type that others know, our facts in `fc:`), §4.6 (no names leave): an entry is an Article by the chapter,
with `fc:board` saying what it is, addressed to sister chapters and never to Public; an answer is a Note by the other
chapter. Software that knows neither ignores both.
"""

from datetime import datetime
from html import escape
from typing import Any

from ...federation import Claim, claims
from ...text import clean, plain
from ...vocab.context import compact
from ...vocab.read import id_of, text_of, time_of, type_of
from .draft import CATEGORIES, SORTS, RemoteEntry
from .service import ANSWER, ENTRY, TITLE_MAX, Answer, Entry

ANSWERS = "answer"
HTML_MAX = 10_000


@claims("board")
def claims_entry(claim: Claim) -> bool:
    """A need or an offer that is not for everybody."""
    return not claim.public and type_of(claim.object) == "Article" and claim.object.get("fc:board") in SORTS


@claims("board-answer")
def claims_answer(claim: Claim) -> bool:
    """An answer to an entry of ours, or what came back to an answer of ours."""
    parent = claim.reply_to
    return (
        not claim.public
        and type_of(claim.object) == "Note"
        and claim.object.get("fc:board") == ANSWERS
        and parent is not None
        and parent.local
        and parent.kind in (ENTRY, ANSWER)
    )


def from_article(document: dict[str, Any]) -> RemoteEntry | None:
    """What a sister chapter shares; None when it lacks a title or an end."""
    title = plain(text_of(document, "name") or "").strip()[:TITLE_MAX]
    ends_at = time_of(document, "endTime")
    category = document.get("fc:category")
    if not title or ends_at is None:
        return None
    return RemoteEntry(
        uri=str(id_of(document)),
        sort=str(document.get("fc:board")),
        title=title,
        html=clean((text_of(document, "content") or "")[:HTML_MAX]),
        category=category if isinstance(category, str) and category in CATEGORIES else "other",
        expires_at=ends_at,
    )


def to_article(entry: Entry, to: tuple[str, ...]) -> dict[str, Any]:
    """The entry for sister chapters: what and until when, not whose."""
    return compact(
        {
            "id": entry.uri,
            "type": "Article",
            "attributedTo": entry.owner_uri,
            "to": list(to),
            "name": entry.title,
            "content": entry.html or f"<p>{escape(entry.title)}</p>",
            "mediaType": "text/html",
            "endTime": stamp(entry.expires_at),
            "fc:board": entry.sort,
            "fc:category": entry.category,
        }
    )


def to_answer(answer: Answer, parent_uri: str, *, author_uri: str, to: str) -> dict[str, Any]:
    """Our member's answer to a sister chapter's entry."""
    return _note(answer.uri, answer.text, parent_uri, author_uri, to)


def to_reply(answer: Answer, *, author_uri: str) -> dict[str, Any]:
    """What our member writes back to an answer of a sister chapter."""
    return _note(answer.reply_uri, answer.reply, answer.uri, author_uri, answer.owner_uri)


def _note(uri: str, text: str, parent_uri: str, author_uri: str, to: str) -> dict[str, Any]:
    paragraphs = "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n") if part.strip())
    return {
        "id": uri,
        "type": "Note",
        "attributedTo": author_uri,
        "to": [to],
        "inReplyTo": parent_uri,
        "content": paragraphs,
        "mediaType": "text/html",
        "fc:board": ANSWERS,
    }


def to_activity(verb: str, document: dict[str, Any]) -> dict[str, Any]:
    """Create or Update of the document."""
    return {"type": verb, "actor": document["attributedTo"], "object": document}


def to_delete(uri: str, author_uri: str) -> dict[str, Any]:
    """Delete{Tombstone}."""
    return {"type": "Delete", "actor": author_uri, "object": {"id": uri, "type": "Tombstone"}}


def stamp(moment: datetime) -> str:
    """A time as ActivityStreams writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
