"""A reaction before it is stored, and what can happen when one of our people gives one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReactionDraft:
    """`uri` is the id of the activity, or empty; `sort` is like, boost or dislike; `sign` an emoji, if any."""

    uri: str
    actor_uri: str
    object_uri: str
    sort: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Liked:
    """A person of ours likes something that another server published; `uri` is the Like's id."""

    uri: str
    person_uri: str
    object_uri: str
    owner_uri: str


@dataclass(frozen=True, slots=True)
class LikeUndone:
    """… and does not any more."""

    like: Liked
