"""A reaction before it is stored."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReactionDraft:
    """`uri` is the id of the activity, or empty; `sort` is like, boost or dislike; `sign` an emoji, if any."""

    uri: str
    actor_uri: str
    object_uri: str
    sort: str
    sign: str = ""
