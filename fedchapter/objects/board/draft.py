"""A need or an offer before it is stored, and what can happen to one."""

from dataclasses import dataclass
from datetime import datetime

from ...words import mark

NEED, OFFER = "need", "offer"
SORTS = {NEED: mark("I need"), OFFER: mark("I can offer")}
CATEGORIES = {
    "housing": mark("Housing"),
    "food": mark("Food"),
    "rides": mark("Rides and transport"),
    "care": mark("Care and company"),
    "work": mark("Work and money"),
    "papers": mark("Papers and advice"),
    "repairs": mark("Repairs and tools"),
    "things": mark("Things"),
    "other": mark("Something else"),
}


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """What somebody posts. `named` shows their name to members; `shared` lets sister chapters see it, without."""

    sort: str
    title: str
    text: str
    category: str
    named: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class RemoteEntry:
    """A need or an offer of a sister chapter; `html` is clean."""

    uri: str
    sort: str
    title: str
    html: str
    category: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EntryShared:
    """Sister chapters are to see an entry of ours, new or as it is now."""

    entry_id: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class SharedGone:
    """An entry or an answer of ours that others hold is gone; `to` are those chapters."""

    uri: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryOver:
    """An entry's time was over, and it is erased."""

    entry_id: str
    account_id: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody answered an entry."""

    answer_id: str


@dataclass(frozen=True, slots=True)
class Replied:
    """The one who posted an entry wrote back."""

    answer_id: str
