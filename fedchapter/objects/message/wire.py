"""Messages as they travel, both ways, and the claim on what comes in.

wire.md §2.3 (who is addressed decides; a mention needs tag and address); peers.md (GoToSocial sends `to` as one
string); Pleroma's ChatMessage is a direct message too. Nothing here carries a proof: a private word is not evidence.
"""

from datetime import datetime
from html import escape
from typing import Any

from ...actors import ActorRow
from ...federation import Claim, claims
from ...text import clean, plain
from ...vocab.context import compact
from ...vocab.read import attachments_of, id_of, ids_of, text_of, type_of
from .draft import RemoteMessage
from .service import MessageRow

TYPES = frozenset({"Note", "Article", "Page", "Image", "Video", "Audio", "Document", "ChatMessage"})
LINKS_MAX = 8
URI_LENGTH = 1024


@claims("message")
def claims_message(claim: Claim) -> bool:
    """Not for everybody, and addressed to one of our actors; for followers only when it answers something of ours."""
    note = claim.object
    if claim.public or not claim.ours or type_of(note) not in TYPES:
        return False
    if id_of(note.get("inReplyTo")) and text_of(note, "name") and not text_of(note, "content"):
        # A vote.
        return False
    if any(name.startswith("fc:") for name in note):
        return False
    return not _for_followers(claim) or (claim.reply_to is not None and claim.reply_to.local)


def _for_followers(claim: Claim) -> bool:
    addressed = (
        *claim.activity.to,
        *claim.activity.cc,
        *ids_of(claim.object.get("to")),
        *ids_of(claim.object.get("cc")),
    )
    # Everybody names that collection so; which one it is of the author's, only the author's document says.
    return any("/followers" in uri for uri in addressed if uri not in claim.ours)


def from_note(document: dict[str, Any]) -> RemoteMessage:
    """What another server's object says; pictures and files become links."""
    links = [
        f'<p><a href="{escape(one.url)}">{escape(plain(one.alt)[:500] or one.type)}</a></p>'
        for one in attachments_of(document)[:LINKS_MAX]
    ]
    name = text_of(document, "name", 300)
    title = f"<p><strong>{escape(name)}</strong></p>" if name else ""
    answered = id_of(document.get("inReplyTo")) or ""
    return RemoteMessage(
        uri=str(id_of(document)),
        html=clean(title + (text_of(document, "content") or "") + "".join(links)),
        warning=plain(text_of(document, "summary") or "").strip()[:500],
        in_reply_to=answered if len(answered) <= URI_LENGTH else "",
    )


def to_note(row: MessageRow, to: ActorRow, *, author_uri: str) -> dict[str, Any]:
    """The Note that we send, to one actor who is mentioned."""
    return compact(
        {
            "id": row.uri,
            "type": "Note",
            "attributedTo": author_uri,
            "to": [to.uri],
            "content": row.html,
            "mediaType": "text/html",
            "published": stamp(row.created_at),
            "inReplyTo": row.in_reply_to or None,
            "tag": [{"type": "Mention", "href": to.uri, "name": to.handle}],
        }
    )


def to_create(note: dict[str, Any]) -> dict[str, Any]:
    """Create{Note}."""
    return {
        "type": "Create",
        "actor": note["attributedTo"],
        "published": note["published"],
        "object": note,
    }


def to_delete(uri: str, author_uri: str) -> dict[str, Any]:
    """Delete{Tombstone}."""
    return {"type": "Delete", "actor": author_uri, "object": {"id": uri, "type": "Tombstone"}}


def stamp(moment: datetime) -> str:
    """A time as ActivityStreams writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
