"""What an event is to every door, and what can happen to one.

events.md §1.6.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ...words import say, speaking

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
FREE, RESTRICTED, EXTERNAL = "free", "restricted", "external"
SHOWN_TITLE_MAX = 300


def cancelled_mark(language: str) -> str:
    """What stands before the title of a cancelled event, for readers that know no status."""
    with speaking(language):
        return say("CANCELLED: ")


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event as somebody here wants it; `text` is Markdown, times are aware.

    `owner_uri` is the actor of ours that invites (empty: the chapter); with `shared` the chapter passes a group's on.
    """

    title: str
    text: str
    start_at: datetime
    zone: str
    end_at: datetime | None = None
    place_name: str = ""
    street: str = ""
    town: str = ""
    online_url: str = ""
    category: str = "MOVEMENTS_POLITICS"
    language: str = "en"
    status: str = CONFIRMED
    join_mode: str = FREE
    join_url: str = ""
    capacity: int | None = None
    picture: str = ""
    owner_uri: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class RemoteEvent:
    """An event as another server tells it, read and cleaned; `zone` is empty when it named none."""

    uri: str
    uuid: str
    url: str
    title: str
    html: str
    start_at: datetime
    end_at: datetime | None
    zone: str
    status: str
    place_name: str
    street: str
    town: str
    online_url: str
    category: str
    language: str
    join_mode: str
    join_url: str
    capacity: int | None
    going: int
    published_at: datetime | None
    updated_at: datetime | None
    pictures: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A row of `event`, ours or another server's."""

    id: str
    uri: str
    owner_uri: str
    local: bool
    uuid: str
    url: str
    title: str
    text: str
    html: str
    start_at: datetime
    end_at: datetime | None
    zone: str
    status: str
    place_name: str
    street: str
    town: str
    online_url: str
    category: str
    language: str
    join_mode: str
    join_url: str
    capacity: int | None
    going: int
    sequence: int
    picture: str
    published_at: datetime
    updated_at: datetime

    @property
    def cancelled(self) -> bool:
        """Whether it will not take place."""
        return self.status == CANCELLED

    @property
    def shown_title(self) -> str:
        """The title, marked for readers that know no status (events.md §1.3: Gancio shows a cancelled event as on)."""
        return (
            f"{cancelled_mark(self.language)}{self.title}"[:SHOWN_TITLE_MAX] if self.cancelled else self.title
        )

    @property
    def place(self) -> str:
        """Where it is, in one line; empty when nothing is known."""
        parts = [part for part in (self.place_name, self.street, self.town) if part]
        return ", ".join(dict.fromkeys(parts)) or ("online" if self.online_url else "")

    @property
    def remaining(self) -> int | None:
        """How many places are left, or None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.going)

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone of its times; UTC when it named none."""
        return ZoneInfo(self.zone or "UTC")


@dataclass(frozen=True, slots=True)
class JoinRef:
    """Somebody elsewhere asked to come: the Join's id, who, and to which event."""

    uri: str
    actor_uri: str
    event_uri: str


@dataclass(frozen=True, slots=True)
class EventPublished:
    """A new event of ours; `shared` when the chapter passes on that of a group."""

    event: Event
    shared: bool = False


@dataclass(frozen=True, slots=True)
class EventChanged:
    """An event of ours was edited or cancelled; `going` are actors elsewhere who said that they come."""

    event: Event
    going: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventDeleted:
    """An event of ours is gone."""

    uri: str
    owner_uri: str
    deleted_at: datetime
    going: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A Note of its own about a change of an event."""

    uri: str
    event_uri: str
    owner_uri: str
    html: str
    language: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """What followers must notice about an event was said."""

    notice: Notice
    going: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticeDeleted:
    """A notice went with its event."""

    uri: str
    owner_uri: str
    deleted_at: datetime
    going: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JoinAnswered:
    """`verdict` is accept, reject or ignore (we take no answers here: FEP-8a8e)."""

    join: JoinRef
    owner_uri: str
    verdict: str


@dataclass(frozen=True, slots=True)
class JoinAsked:
    """A person of ours wants to come to an event elsewhere; `message` is for its organizers."""

    join: JoinRef
    owner_uri: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class JoinLeft:
    """A person of ours does not come to an event elsewhere any more."""

    join: JoinRef
    owner_uri: str


@dataclass(frozen=True, slots=True)
class JoinDecided:
    """The organizers elsewhere answered a person of ours: `state` is going, maybe or rejected."""

    event_id: str
    title: str
    person_uri: str
    state: str
