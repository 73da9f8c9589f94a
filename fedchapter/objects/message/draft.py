"""A message before it is stored, and what can happen to one of ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemoteMessage:
    """What another server's Note says; `html` is clean, `warning` its content warning."""

    uri: str
    html: str
    warning: str
    in_reply_to: str


@dataclass(frozen=True, slots=True)
class MessageSent:
    """The chapter wrote to somebody."""

    message_id: str


@dataclass(frozen=True, slots=True)
class MessageWithdrawn:
    """The chapter took a message back."""

    uri: str
    actor_uri: str


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """Somebody elsewhere wrote to the chapter; `held` until a moderator says otherwise."""

    sender_uri: str
    held: bool


@dataclass(frozen=True, slots=True)
class PingWanted:
    """A member is told, at their own account elsewhere, that something waits at `url`. `text` has the url in it."""

    actor_uri: str
    text: str
    url: str
    language: str
