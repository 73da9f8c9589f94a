"""What happens to actors, ours and others'; other types listen to it."""

from dataclasses import dataclass

from ...store import Known


@dataclass(frozen=True, slots=True)
class ChapterChanged:
    """One of our actors has another name, text, picture or way of taking followers."""

    actor_uri: str


@dataclass(frozen=True, slots=True)
class ActorClosed:
    """One of our actors is gone for good (after actors.close_actor); everybody it ever wrote to is told."""

    actor_uri: str


@dataclass(frozen=True, slots=True)
class ActorMoved:
    """A remote actor that we follow goes on under another id, which vouches for it."""

    old_uri: str
    new_uri: str


@dataclass(frozen=True, slots=True)
class ActorGone:
    """An actor was deleted for good; a remote one's posts are forgotten soon after, a few at a time."""

    uri: str


@dataclass(frozen=True, slots=True)
class PostGone:
    """A post was forgotten because its author is gone; `known` is what it was."""

    known: Known
