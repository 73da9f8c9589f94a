"""What a group is made of before it is one, and what can happen to it."""

from dataclasses import dataclass
from datetime import datetime

from ...members.groups import OPEN, WORKING, GroupRow


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A group as an organizer wants it; `about` is Markdown. `slug` and `public` are for good."""

    name: str
    slug: str = ""
    kind: str = WORKING
    about: str = ""
    public: bool = True
    joining: str = OPEN
    approves_followers: bool = False


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """Something for the members of a group alone; with `meets_at` (aware) it is a meeting."""

    title: str
    text: str = ""
    meets_at: datetime | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class GroupNoted:
    """Something was written for the members of a group."""

    group: GroupRow
    note_id: str
    title: str
    by: str


@dataclass(frozen=True, slots=True)
class GroupClosed:
    """A group is closed; `members` are the accounts that were in it."""

    group: GroupRow
    members: tuple[str, ...]
    by: str
