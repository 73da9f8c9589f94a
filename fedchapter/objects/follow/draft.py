"""What can happen between two actors who follow each other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FollowRef:
    """A follow: the Follow activity's id, and both ends."""

    uri: str
    follower_uri: str
    followed_uri: str


@dataclass(frozen=True, slots=True)
class FollowRequested:
    """Somebody asks to follow one of our actors and waits for the answer."""

    follow: FollowRef


@dataclass(frozen=True, slots=True)
class FollowAsked:
    """One of our actors wants to follow somebody."""

    follow: FollowRef


@dataclass(frozen=True, slots=True)
class FollowWithdrawn:
    """One of our actors does not follow somebody any more."""

    follow: FollowRef


@dataclass(frozen=True, slots=True)
class FollowEnded:
    """A follow is over, whoever ended it."""

    follower_uri: str
    followed_uri: str


@dataclass(frozen=True, slots=True)
class FollowAnswered:
    """One of our actors accepted or rejected a follower (also one accepted before)."""

    follow: FollowRef
    accepted: bool
