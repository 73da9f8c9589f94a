"""Which sort of reaction an activity is.

wire.md §2.6 (Announce is a boost); peers.md; Misskey and Pleroma send EmojiReact, or Like with `content`; Lemmy and
PieFed send Dislike.
"""

from typing import Any

from ...vocab.normalise import Activity
from ...vocab.read import text_of
from .draft import Liked, ReactionDraft

SORTS = {"Like": "like", "EmojiReact": "like", "Dislike": "dislike", "Announce": "boost"}


def from_activity(activity: Activity) -> ReactionDraft:
    """The reaction that a Like, EmojiReact, Dislike or Announce is."""
    return ReactionDraft(
        uri=activity.id or "",
        actor_uri=activity.actor,
        object_uri=activity.object_id or "",
        sort=SORTS[activity.type],
        sign=sign_of(activity.raw),
    )


def sign_of(document: dict[str, Any]) -> str:
    """The emoji or shortcode that was sent, or an empty string."""
    return (text_of(document, "content", 64) or text_of(document, "_misskey_reaction", 64) or "").strip()


def to_like(liked: Liked) -> dict[str, Any]:
    """The Like of one of our people."""
    return {"id": liked.uri, "type": "Like", "actor": liked.person_uri, "object": liked.object_uri}


def to_undo(liked: Liked) -> dict[str, Any]:
    """Undo with the Like inside: a bare id is not understood everywhere (wire.md §3.2)."""
    return {"type": "Undo", "actor": liked.person_uri, "object": to_like(liked)}
