"""What one can be told, in kinds that each member sets apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..words import mark

# What each kind is called where members choose. "chapter" (roles, exports, what was lost) and "account" always reach
# the page: nobody governs a chapter behind its members' backs.
KINDS = {
    "announcement": mark("Announcements of the chapter"),
    "event": mark("Events: new, changed, cancelled"),
    "reminder": mark("Reminders of events that you come to"),
    "proposal": mark("Proposals: new, changed"),
    "vote": mark("Votes: opened, closing soon, results"),
    "reply": mark("Answers to what you wrote"),
    "group": mark("News of your groups"),
    "chapter": mark("How the chapter is run: roles, exports of the roll, what was lost"),
    "desk": mark("For those who write for the chapter: answers and messages"),
    "people": mark("For organizers: people who want to join"),
    "moderation": mark("For moderators: what waits"),
    "account": mark("Your own account: sign-in, links, roles"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A member's name as it is when the notice is read; whoever left or was erased has none any more."""

    account_id: str


Value = str | datetime | Named


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told. The same `key` is told to the same person once.

    `text` is a sentence for the catalogs (`mark`) with `%(name)s` places; `values` fill them: text, a member (Named) or
    an aware time, written in the zone it carries (UTC: in the reader's). Those named in `words` are themselves texts of
    the catalogs (a role). `path` is the page of ours that it is about. The person `by` whom it happened is not told
    what they did.
    """

    kind: str
    key: str
    text: str
    path: str
    values: Mapping[str, Value] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    by: str = ""
