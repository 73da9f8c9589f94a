"""Announcements as they travel: our posts as objects, and others' objects as posts. Pure.

Sources: wire.md §2.2, §2.3 (what Mastodon shows), §2.5 (quotes, featured), §4 (FEP-b2b8 long texts, FEP-7888 context,
FEP-044f); events.md §2 (an Article is the best carrier: Mobilizon); peers.md (no nulls, no empty lists).
"""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote

from ...federation import Audience, Claim, claims
from ...pictures.listed import is_picture
from ...store import Known
from ...text import clean, excerpt, plain
from ...vocab.context import compact
from ...vocab.policy import interaction_policy
from ...vocab.read import (
    Attachment,
    attachments_of,
    bool_of,
    id_of,
    ids_of,
    language_of,
    objects_of,
    tags_of,
    text_of,
    time_of,
    type_of,
    url_of,
)
from ...vocab.uris import is_public
from ...words import say
from .draft import Picture, PostShared, QuoteAnswered, RemotePost
from .service.rows import LANGUAGE_MAX, TITLE_MAX, URI_MAX, WARNING_MAX, PostRow

# What Mastodon shows of others too (wire.md §2.2), but for what types of their own claim.
SHOWN = frozenset({"Note", "Question", "Article", "Page", "Image", "Video", "Audio"})
NAMELESS = frozenset({"Note", "Question"})
SUMMARY_CHARS = 480
PICTURES_MAX = 16
OPTIONS_MAX = 50
Json = dict[str, Any]


@claims("announcement")
def claims_announcement(claim: Claim) -> bool:
    """A public text or picture that answers nothing we know, and is no proposal: a chapter's outcome Note is one."""
    if type_of(claim.object) not in SHOWN or not claim.public or claim.reply_to is not None:
        return False
    if claim.object.get("inReplyTo") and not text_of(claim.object, "content"):
        # A vote, or nothing.
        return False
    return "fc:stage" not in claim.object


def to_object(post: PostRow, *, origin: str, quotes: str, known: Known | None = None) -> Json:
    """The Note or Article; `quotes` is the chapter's choice of who may quote, `known` what all know of it: its counts,
    and whether moderators put it behind a warning or closed it to comments."""
    sensitive = known is not None and known.sensitive
    locked = known is not None and known.locked
    audience = Audience(post.visibility, tuple(one.uri for one in post.mentions))
    document: Json = {
        "id": post.uri,
        "type": post.type,
        "url": post.url,
        "attributedTo": post.author_uri,
        **audience.address(f"{post.author_uri}/followers"),
        "content": post.html,
        "contentMap": {post.language: post.html} if post.language else None,
        "mediaType": "text/html",
        "source": {"content": post.source, "mediaType": "text/markdown"},
        "summary": post.warning or (say("Behind a warning by moderators") if sensitive else None),
        "sensitive": bool(post.warning) or sensitive,
        "commentsEnabled": False if locked else None,
        "published": stamp(post.published_at),
        "updated": stamp(post.edited_at),
        "tag": [*_hashtags(post, origin), *_mentions(post)],
        "attachment": [_attachment(one, origin) for one in post.pictures],
        "replies": f"{post.uri}/replies",
        "context": f"{post.uri}/context",
        "likes": _counted(f"{post.uri}/likes", known.likes if known else 0),
        "shares": _counted(f"{post.uri}/shares", known.boosts if known else 0),
    }
    if post.visibility != "followers":
        document["interactionPolicy"] = interaction_policy(quotes, owner_uri=post.author_uri, locked=locked)
    if post.type != "Note":
        document |= _long_form(post)
    return compact(document)


def _counted(uri: str, total: int) -> Json:
    return {"id": uri, "type": "OrderedCollection", "totalItems": total}


def _long_form(post: PostRow) -> Json:
    # On an Article Mastodon shows `summary` as text, so a warning there must not stand beside what it warns of.
    summary = f"<p>{_teaser(post)}</p>"
    link = f'<p><a href="{escape(post.url)}">{escape(post.url, quote=False)}</a></p>'
    title = f"<p><strong>{escape(post.title, quote=False)}</strong></p>"
    return {
        "name": post.title,
        "summary": summary,
        "preview": {
            "type": "Note",
            "attributedTo": post.author_uri,
            "content": title + summary + link,
            "published": stamp(post.published_at),
        },
    }


def _teaser(post: PostRow) -> str:
    if post.warning:
        return escape(say("Content warning: %(warning)s", warning=post.warning), quote=False)
    text = escape(excerpt(post.html, SUMMARY_CHARS), quote=False)
    # Escaping made it longer than the 500 characters that FEP-b2b8 has room for.
    shorter = SUMMARY_CHARS - (len(text) - SUMMARY_CHARS)
    return text if shorter >= SUMMARY_CHARS else escape(excerpt(post.html, max(shorter, 60)), quote=False)


def _hashtags(post: PostRow, origin: str) -> list[Json]:
    return [
        {"type": "Hashtag", "name": f"#{tag}", "href": f"{origin}/tags/{_path(tag)}"} for tag in post.hashtags
    ]


def _path(tag: str) -> str:
    return quote(tag.casefold(), safe="")


def _mentions(post: PostRow) -> list[Json]:
    return [{"type": "Mention", "name": f"@{one.key}", "href": one.uri} for one in post.mentions]


def _attachment(picture: Picture, origin: str) -> Json:
    return {
        "type": "Document",
        "mediaType": picture.media_type,
        "url": f"{origin}{picture.url}",
        "name": picture.alt or None,
        "width": picture.width,
        "height": picture.height,
    }


def stamp(moment: datetime | None) -> str | None:
    """The moment as others write it, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def to_hidden(document: Mapping[str, Any], words: str) -> Json:
    """The post as long as moderators hide it: whose it is and where it stands, with these words for its text."""
    kept = ("id", "url", "attributedTo", "to", "cc", "published", "replies", "context", "likes", "shares")
    hidden = {name: document[name] for name in kept if name in document}
    return hidden | {"type": "Note", "content": f"<p>{escape(words)}</p>", "mediaType": "text/html"}


def to_activity(verb: str, document: Mapping[str, Any]) -> Json:
    """Create or Update of one of our posts."""
    activity = {
        "type": verb,
        "actor": document["attributedTo"],
        "published": document.get("updated") or document.get("published"),
        "object": dict(document),
    }
    return compact(activity)


def to_delete(actor_uri: str, uri: str, former_type: str) -> Json:
    """Delete with a Tombstone (wire.md §3.2)."""
    tombstone = {"id": uri, "type": "Tombstone", "formerType": former_type}
    return {"type": "Delete", "actor": actor_uri, "object": tombstone}


def to_announce(share: PostShared, actor_uri: str) -> Json:
    """Announce of a bare id, which every server fetches for itself."""
    return {"id": share.uri, "type": "Announce", "actor": actor_uri, "object": share.object_uri}


def to_undo(activity: Json) -> Json:
    """Undo with what is undone inside."""
    return {"type": "Undo", "actor": activity["actor"], "object": activity}


def to_pin(actor_uri: str, uri: str, *, pinned: bool) -> Json:
    """Add to `featured`, or Remove from it."""
    verb = "Add" if pinned else "Remove"
    return {"type": verb, "actor": actor_uri, "object": uri, "target": f"{actor_uri}/featured"}


def to_quote_answer(answer: QuoteAnswered, actor_uri: str) -> Json:
    """Accept with the stamp as `result`, or Reject; the request inside (FEP-044f)."""
    request = {
        "id": answer.request_uri or None,
        "type": "QuoteRequest",
        "actor": answer.quoter_uri,
        "object": answer.object_uri,
        "instrument": answer.quote_uri,
    }
    verb = "Accept" if answer.stamp_uri else "Reject"
    return compact({"type": verb, "actor": actor_uri, "object": request, "result": answer.stamp_uri or None})


def to_stamp(uri: str, *, actor_uri: str, quote_uri: str, object_uri: str) -> Json:
    """The QuoteAuthorization document."""
    return {
        "id": uri,
        "type": "QuoteAuthorization",
        "attributedTo": actor_uri,
        "interactingObject": quote_uri,
        "interactionTarget": object_uri,
    }


def visibility_of(document: Json) -> str:
    """public, unlisted or direct: for others' posts everything that is not for everybody is not for us to show."""
    if any(is_public(uri) for uri in ids_of(document.get("to"))):
        return "public"
    return "unlisted" if any(is_public(uri) for uri in ids_of(document.get("cc"))) else "direct"


def is_own_thread(document: Json, author_uri: str) -> bool:
    """Whether it answers something whose id lies below its own author's (Mastodon, GoToSocial and snac ids do)."""
    parent = id_of(document.get("inReplyTo")) or ""
    return parent.startswith(f"{author_uri}/")


def from_object(document: Json, author_uri: str, *, now: datetime) -> RemotePost | None:
    """The post in somebody's object, cleaned and cut to size; None when there is nothing to show in it."""
    uri, kind = id_of(document) or "", type_of(document) or ""
    if kind not in SHOWN:
        # An edit may call it anything; what it is has been decided.
        kind = "Note"
    if not uri or len(uri) > URI_MAX:
        return None
    summary = text_of(document, "summary") or ""
    warning = plain(summary) if kind in NAMELESS else ""
    html = clean((text_of(document, "content") or ("" if kind in NAMELESS else summary)) + _options(document))
    title = "" if kind in NAMELESS else " ".join(plain(text_of(document, "name") or "").split())
    sensitive = bool_of(document, "sensitive") is True
    attached = [one for one in attachments_of(document) if is_picture(one)]
    pictures = tuple(_picture(one, sensitive) for one in attached[:PICTURES_MAX])
    if not html and not title and not pictures:
        return None
    url = url_of(document) or uri
    return RemotePost(
        uri=uri,
        author_uri=author_uri,
        type=kind,
        title=title[:TITLE_MAX],
        html=html,
        warning=" ".join(warning.split())[:WARNING_MAX],
        language=(language_of(document) or "")[:LANGUAGE_MAX],
        url=url if len(url) <= URI_MAX else uri,
        visibility=visibility_of(document),
        pictures=pictures,
        hashtags=tags_of(document).hashtags,
        published_at=time_of(document, "published") or now,
        updated_at=time_of(document, "updated"),
    )


def _options(document: Json) -> str:
    """The choices of somebody's poll, to be read here and voted on there."""
    choices = objects_of(document.get("anyOf") or document.get("oneOf"), OPTIONS_MAX)
    names = [text_of(one, "name", 300) or "" for one in choices]
    items = "".join(f"<li>{escape(name)}</li>" for name in names if name)
    return f"<ul>{items}</ul>" if items else ""


def _picture(attachment: Attachment, sensitive: bool) -> Picture:
    return Picture(
        url=attachment.url,
        alt=" ".join(plain(escape(attachment.alt)).split()),
        media_type=attachment.media_type,
        width=attachment.width,
        height=attachment.height,
        sensitive=sensitive,
    )
