"""What an announcement is made of before it is one, and what can happen to it."""

from dataclasses import dataclass
from datetime import datetime

VISIBILITIES = ("public", "unlisted", "followers")
PICTURES_MAX = 4


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody named in the text whose handle was resolved: `key` is `user@host` in lower case."""

    key: str
    uri: str
    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to announce: `text` is Markdown, `pictures` are (upload id, alt text).

    `author_uri` is the actor of ours that says it (empty: the chapter); with `shared` the chapter passes on to its own
    followers what a group says.
    """

    text: str
    title: str = ""
    language: str = ""
    warning: str = ""
    pictures: tuple[tuple[str, str], ...] = ()
    visibility: str = "public"
    publish_at: datetime | None = None
    pinned: bool = False
    mentions: tuple[Mentioned, ...] = ()
    author_uri: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a post. Ours has a path on this server and a thumbnail, another's only an address."""

    url: str
    alt: str = ""
    media_type: str = ""
    width: int | None = None
    height: int | None = None
    thumbnail: str = ""
    upload_id: str = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class RemotePost:
    """What we keep of somebody else's post; `html` is clean already."""

    uri: str
    author_uri: str
    type: str
    title: str
    html: str
    warning: str
    language: str
    url: str
    visibility: str
    pictures: tuple[Picture, ...]
    hashtags: tuple[str, ...]
    published_at: datetime
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnnouncementPublished:
    """An announcement of ours is out."""

    id: str


@dataclass(frozen=True, slots=True)
class AnnouncementEdited:
    """A published announcement of ours says something else now."""

    id: str


@dataclass(frozen=True, slots=True)
class AnnouncementDeleted:
    """An announcement of ours is gone for good; `mentioned` are the actors it named."""

    uri: str
    author_uri: str
    type: str
    visibility: str
    mentioned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnouncementPinned:
    """A published announcement of ours went to the top of the profile, or left it."""

    uri: str
    author_uri: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class PostShared:
    """The chapter shares (boosts) somebody else's post."""

    uri: str
    object_uri: str
    author_uri: str


@dataclass(frozen=True, slots=True)
class PostUnshared:
    """… and does not any more."""

    share: PostShared


@dataclass(frozen=True, slots=True)
class QuoteAnswered:
    """Somebody asked to quote a post of ours; `stamp_uri` is empty for a no."""

    owner_uri: str
    request_uri: str
    quoter_uri: str
    object_uri: str
    quote_uri: str
    stamp_uri: str


@dataclass(frozen=True, slots=True)
class QuoteWithdrawn:
    """A quote that was allowed is not any more."""

    owner_uri: str
    stamp_uri: str
    quoter_uri: str
