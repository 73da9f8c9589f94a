"""Follow, Accept, Reject and Undo as they travel.

wire.md §3.2 (inline what is undone or answered: a bare id does not work everywhere), §7.7; peers.md (the Follow is
matched by its id).
"""

from typing import Any

from .draft import FollowRef


def to_follow(follow: FollowRef) -> dict[str, Any]:
    """The Follow activity."""
    return {"id": follow.uri, "type": "Follow", "actor": follow.follower_uri, "object": follow.followed_uri}


def to_undo(follow: FollowRef) -> dict[str, Any]:
    """Undo{Follow}."""
    return {"type": "Undo", "actor": follow.follower_uri, "object": to_follow(follow)}


def to_answer(follow: FollowRef, *, accepted: bool) -> dict[str, Any]:
    """Accept or Reject with the Follow inside; a Follow without id is named by its parts."""
    inner = {name: value for name, value in to_follow(follow).items() if value}
    return {"type": "Accept" if accepted else "Reject", "actor": follow.followed_uri, "object": inner}
