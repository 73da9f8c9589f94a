"""Comments as they travel, both ways, and the claim on what comes in.

ActivityPub §7; wire.md §2.3 (tags, visibility), §2.5; FEP-7888 (`context`), FEP-7458 (`replies`), FEP-044f (canQuote);
peers.md (Lemmy and PieFed add `audience`; GoToSocial sends `to` as one string; snac has `summary: ""`).
"""

from datetime import datetime
from html import escape
from typing import Any

from ...federation import Claim, claims
from ...federation.audience import Audience
from ...pictures.listed import is_picture, to_json
from ...text import clean, find_hashtags, plain
from ...vocab.context import compact
from ...vocab.policy import interaction_policy
from ...vocab.read import (
    attachments_of,
    bool_of,
    id_of,
    ids_of,
    language_of,
    text_of,
    time_of,
    type_of,
    url_of,
)
from ...vocab.uris import PUBLIC
from ...words import say
from .draft import CommentDeleted, RemoteComment
from .service import Written, tag_url

TYPES = frozenset({"Note", "Article", "Page", "Image", "Video", "Audio", "Document"})
LINKS_MAX = 4
URI_LENGTH = 1024


@claims("comment")
def claims_comment(claim: Claim) -> bool:
    """A public message that answers what is known here, and says something: a vote has a name and no content."""
    if claim.reply_to is None or not claim.public or type_of(claim.object) not in TYPES:
        return False
    return not (text_of(claim.object, "name") and not text_of(claim.object, "content"))


def from_note(document: dict[str, Any], owner_uri: str, *, now: datetime) -> RemoteComment:
    """What another server's object says; text cleaned, long ones cut."""
    summary = plain(text_of(document, "summary") or "").strip()
    sensitive = bool_of(document, "sensitive") or bool(summary)
    url = url_of(document) or ""
    return RemoteComment(
        uri=str(id_of(document)),
        owner_uri=owner_uri,
        html=clean(_html_of(document)),
        note=(summary or "sensitive")[:500] if sensitive else "",
        url=url if len(url) <= URI_LENGTH else "",
        language=(language_of(document) or "")[:16],
        visibility=visibility_of(document),
        published_at=time_of(document, "published") or now,
        updated_at=time_of(document, "updated"),
        pictures=to_json(attachments_of(document), sensitive=sensitive),
    )


def _html_of(document: dict[str, Any]) -> str:
    name = text_of(document, "name", 300)
    title = f"<p><strong>{escape(name)}</strong></p>" if name else ""
    # Films and sounds are links: showing them would tell their server who reads here. Pictures are shown by way of us.
    links = [
        f'<p><a href="{escape(one.url)}">{escape(one.alt[:500] or one.type)}</a></p>'
        for one in attachments_of(document)[:LINKS_MAX]
        if not is_picture(one)
    ]
    return title + (text_of(document, "content") or "") + "".join(links)


def visibility_of(document: dict[str, Any]) -> str:
    """public, unlisted, followers (of anybody) or direct, by `to` and `cc` (wire.md §2.3)."""
    to, cc = ids_of(document.get("to")), ids_of(document.get("cc"))
    if PUBLIC in to:
        return "public"
    if PUBLIC in cc:
        return "unlisted"
    return "followers" if any(uri.endswith("/followers") for uri in (*to, *cc)) else "direct"


def audience_of(written: Written) -> Audience:
    """Everybody, the author's followers, and who is named."""
    return Audience("public", actors=tuple(uri for uri, _ in written.mentions))


def to_note(written: Written, *, origin: str, quotes: str = "public") -> dict[str, Any]:
    """One of our comments as a Note. Only a thread of ours has a context of ours."""
    known = written.known
    followers = f"{known.owner_uri}/followers"
    return compact(
        {
            "id": known.uri,
            "type": "Note",
            "attributedTo": known.owner_uri,
            "inReplyTo": known.reply_to_uri,
            "summary": say("Behind a warning by moderators") if known.sensitive else None,
            "sensitive": True if known.sensitive else None,
            "commentsEnabled": False if known.locked else None,
            "content": known.html,
            "source": {"content": written.source, "mediaType": "text/markdown"},
            "published": stamp(known.published_at),
            "updated": stamp(known.updated_at) if known.updated_at else None,
            "url": known.url,
            "context": f"{known.root_uri}/context" if known.root_uri.startswith(f"{origin}/") else None,
            "tag": [
                *({"type": "Mention", "href": uri, "name": handle} for uri, handle in written.mentions),
                *(
                    {"type": "Hashtag", "href": tag_url(origin, tag), "name": f"#{tag}"}
                    for tag in find_hashtags(written.source)
                ),
            ],
            "replies": f"{known.uri}/replies",
            "likes": f"{known.uri}/likes",
            "shares": f"{known.uri}/shares",
            "interactionPolicy": interaction_policy(quotes, owner_uri=known.owner_uri, locked=known.locked),
            **audience_of(written).address(followers),
        }
    )


def to_hidden(note: dict[str, Any], words: str, at: datetime) -> dict[str, Any]:
    """The Note as long as moderators hide it: whose it is and where it stands, with these words for its text."""
    kept = {
        name: value for name, value in note.items() if name not in ("source", "tag", "summary", "attachment")
    }
    return kept | {"content": f"<p>{escape(words)}</p>", "updated": stamp(at)}


def to_activity(verb: str, note: dict[str, Any]) -> dict[str, Any]:
    """Create or Update of one of our comments."""
    at = note.get("updated") if verb == "Update" else note["published"]
    return {"type": verb, "actor": note["attributedTo"], "published": at, "object": note}


def to_delete(gone: CommentDeleted) -> dict[str, Any]:
    """Delete with the Tombstone inside."""
    tombstone = {"id": gone.uri, "type": "Tombstone", "formerType": "Note"}
    return {"type": "Delete", "actor": gone.owner_uri, "object": tombstone}


def stamp(at: datetime) -> str:
    """The moment as other servers write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
