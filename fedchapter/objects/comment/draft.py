"""A comment before it is stored, and what can happen to one of ours."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """What somebody here writes in Markdown, and what it answers.

    `owner_uri` is the actor in whose name: a person's own; empty for the chapter, and then `account_id` says who wrote.
    """

    reply_to_uri: str
    text: str
    account_id: str = ""
    owner_uri: str = ""


@dataclass(frozen=True, slots=True)
class RemoteComment:
    """What another server's Note says; `html` is clean, `note` is its content warning."""

    uri: str
    owner_uri: str
    html: str
    note: str
    url: str
    language: str
    visibility: str
    published_at: datetime
    updated_at: datetime | None
    pictures: str = ""


@dataclass(frozen=True, slots=True)
class CommentPublished:
    """One of our actors answered."""

    uri: str


@dataclass(frozen=True, slots=True)
class CommentShown:
    """An answer by anybody, here or elsewhere, is shown from now on. `mentions` are actors of ours that it names."""

    uri: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentEdited:
    """One of our actors changed an answer."""

    uri: str


@dataclass(frozen=True, slots=True)
class CommentDeleted:
    """An answer by one of our actors is gone; `readers` are the actors who got it, `root_uri` what it was about."""

    uri: str
    owner_uri: str
    root_uri: str
    mentions: tuple[str, ...]
    readers: tuple[str, ...]
