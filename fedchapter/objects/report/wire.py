"""Reports as they travel: every shape of Flag that is sent, ours, and the outcome between chapters.

wire.md §3.1; operations.md §1.2; the shapes: Mastodon (actor and posts in a list, from the server actor), GoToSocial
(actor alone or list), Misskey (actor, the post as a link in the text), Akkoma (posts embedded), Lemmy (one post, the
reason as summary), PeerTube (videos, categories as hashtags), Mobilizon (actor, events and comments).
"""

from typing import Any

from ...moderation.reports.draft import (
    ABUSE,
    FLAG,
    ILLEGAL,
    OTHER,
    PRIVATE,
    RULE,
    SPAM,
    TEXT_CHARS_MAX,
    Report,
    ReportSent,
)
from ...text import links_in, plain
from ...vocab.normalise import Activity
from ...vocab.read import id_of, list_of, tags_of, text_of
from ...vocab.uris import host_of, is_uri, same_origin
from .draft import Outcome

URIS_MAX = 60
LOOSE_MAX, LOOSE_CHARS_MAX = 20, 300
# Ten times what is kept: tags and spaces go before it is cut.
RAW_CHARS_MAX = 10 * TEXT_CHARS_MAX
PEERTUBE = {
    "privacy": PRIVATE,
    "spamOrMisleading": SPAM,
    "serverRules": RULE,
    "rights": ILLEGAL,
    "violentOrAbusive": ABUSE,
    "hatefulOrAbusive": ABUSE,
}
OUTCOME = "fc:reportOutcome"
OUTCOMES = frozenset({"acted", "none", "duplicate", "fine", "open"})


def from_flag(activity: Activity, own_origin: str) -> Report:
    """The report in the Flag; addresses of ours in its text count as named, as Misskey does it."""
    raw = activity.raw
    html = text_of(raw, "content", RAW_CHARS_MAX) or text_of(raw, "summary", RAW_CHARS_MAX) or ""
    text = to_plain(html)
    named = list_of(raw.get("object"))[: URIS_MAX + LOOSE_MAX]
    uris = [uri for one in named if (uri := _uri_of(one)) is not None]
    inline = [uri for uri in _addresses(html, text) if uri.startswith(f"{own_origin}/")]
    own_id = activity.id if activity.id and same_origin(activity.id, activity.actor) else ""
    return Report(
        FLAG,
        tuple(dict.fromkeys([*uris, *inline]))[:URIS_MAX],
        text[:TEXT_CHARS_MAX],
        category=_category(raw),
        loose=tuple(_loose(one) for one in named if _uri_of(one) is None and _loose(one))[:LOOSE_MAX],
        uri=own_id,
        reporter_uri=activity.actor,
        host=host_of(activity.actor),
    )


def to_plain(text: str) -> str:
    """Plain text without marks that cannot be seen or that turn the line around."""
    read = plain(text) if "<" in text and ">" in text else text
    return "".join(sign for sign in read if sign.isprintable() or sign == "\n").strip()


def _uri_of(value: object) -> str | None:
    found = id_of(value)
    return found if found is not None and is_uri(found) else None


def _loose(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("id") or value.get("href") or value.get("name")
    return to_plain(value)[:LOOSE_CHARS_MAX] if isinstance(value, str) else ""


def _addresses(html: str, text: str) -> list[str]:
    words = (word.strip("()[],.;") for word in text.split() if word.startswith(("https://", "http://")))
    return [uri for uri in dict.fromkeys([*links_in(html), *words]) if len(uri) <= 1024][:LOOSE_MAX]


def _category(raw: dict[str, Any]) -> str:
    """As PeerTube names it; no other server says one."""
    names = tags_of(raw).hashtags
    return next((PEERTUBE[name] for name in names if name in PEERTUBE), OTHER)


def to_flag(sent: ReportSent, server_uri: str) -> dict[str, Any]:
    """The Flag: the reported actor first, or Mastodon drops it; no word of who asked for it."""
    flag: dict[str, Any] = {
        "id": sent.uri,
        "type": "Flag",
        "actor": server_uri,
        "object": [sent.sending.target_uri, *sent.sending.post_uris],
    }
    if sent.sending.text:
        flag["content"] = sent.sending.text
    return flag


def to_outcome(flag_uri: str, reporter_uri: str, outcome: str, server_uri: str) -> dict[str, Any]:
    """Accept of the Flag with what became of it: servers that know nothing of it ignore an Accept of no Follow."""
    flag = {"id": flag_uri, "type": "Flag", "actor": reporter_uri}
    return {"type": "Accept", "actor": server_uri, "object": flag, OUTCOME: outcome}


def from_outcome(activity: Activity) -> Outcome | None:
    """What became of our Flag, or None when that is not said."""
    said, uri = activity.raw.get(OUTCOME), activity.object_id
    return Outcome(uri, said) if uri and isinstance(said, str) and said in OUTCOMES else None
