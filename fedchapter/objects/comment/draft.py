"""A comment before it is stored, and what can happen to one of ours."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """What a person writes for the chapter, in Markdown, and what it answers."""

    reply_to_uri: str
    text: str
    account_id: str = ""


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


@dataclass(frozen=True, slots=True)
class CommentPublished:
    """The chapter answered."""

    uri: str


@dataclass(frozen=True, slots=True)
class CommentEdited:
    """The chapter changed an answer of its own."""

    uri: str


@dataclass(frozen=True, slots=True)
class CommentDeleted:
    """An answer of the chapter is gone; `readers` are the actors who got it."""

    uri: str
    owner_uri: str
    mentions: tuple[str, ...]
    readers: tuple[str, ...]
