"""The board's rows, and reading them.

DESIGN §1 (people who need help and people who can help).
"""

from dataclasses import dataclass
from datetime import datetime

from ....actors.sisters import find_sisters
from ....errors import Forbidden, NotFound
from ....store import Row, Unit, marks
from ....store.kinds import Reads

ENTRY, ANSWER = "board", "board-answer"
PAGE = 100
COLUMNS = (
    "id, uri, owner_uri, account_id, sort, title, text, html, category, named, shared, created_at, expires_at"
)
ANSWERS = "id, uri, entry_id, account_id, owner_uri, text, reply, reply_uri, created_at, replied_at"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of `board_entry`."""

    id: str
    uri: str
    owner_uri: str
    account_id: str
    sort: str
    title: str
    text: str
    html: str
    category: str
    named: bool
    shared: bool
    created_at: datetime
    expires_at: datetime

    @property
    def ours(self) -> bool:
        """Whether a member of ours posted it."""
        return bool(self.account_id)


@dataclass(frozen=True, slots=True)
class Answer:
    """A row of `board_answer`."""

    id: str
    uri: str
    entry_id: str
    account_id: str
    owner_uri: str
    text: str
    reply: str
    reply_uri: str
    created_at: datetime
    replied_at: datetime | None


def to_entry(row: Row) -> Entry:
    """A row of `board_entry`; booleans are real ones on both databases."""
    return Entry(**{**row, "named": bool(row["named"]), "shared": bool(row["shared"])})


async def find_entries(
    reads: Reads, chapter_uri: str, now: datetime, *, sort: str = "", category: str = ""
) -> list[Entry]:
    """What is open, newest first: our members' and those of chapters that are sisters right now."""
    owners = [chapter_uri, *await find_sisters(reads, chapter_uri)]
    conditions, values = [f"owner_uri IN ({marks(len(owners))})", "expires_at > ?"], [*owners, now]
    for column, value in (("sort", sort), ("category", category)):
        if value:
            conditions.append(f"{column} = ?")
            values.append(value)
    rows = await reads.rows(
        f"SELECT {COLUMNS} FROM board_entry WHERE {' AND '.join(conditions)} "
        f"ORDER BY created_at DESC, id DESC LIMIT {PAGE}",
        *values,
    )
    return [to_entry(row) for row in rows]


async def find_entry(reads: Reads, *, id_: str = "", uri: str = "") -> Entry | None:
    """The entry, whosever, or None."""
    column, value = ("id", id_) if id_ else ("uri", uri)
    row = await reads.row(f"SELECT {COLUMNS} FROM board_entry WHERE {column} = ?", value)
    return to_entry(row) if row else None


async def get_entry(reads: Reads, entry_id: str) -> Entry:
    """The entry; raises NotFound."""
    found = await find_entry(reads, id_=entry_id)
    if found is None:
        raise NotFound("no-entry", "This is not on the board any more.")
    return found


async def find_answers(reads: Reads, entry_id: str) -> list[Answer]:
    """What was answered, oldest first."""
    rows = await reads.rows(f"SELECT {ANSWERS} FROM board_answer WHERE entry_id = ? ORDER BY id", entry_id)
    return [Answer(**row) for row in rows]


async def find_answer(reads: Reads, *, id_: str = "", uri: str = "") -> Answer | None:
    """One answer, or None."""
    column, value = ("id", id_) if id_ else ("uri", uri)
    row = await reads.row(f"SELECT {ANSWERS} FROM board_answer WHERE {column} = ?", value)
    return Answer(**row) if row else None


async def get_own(unit: Unit, entry_id: str, account_id: str) -> Entry:
    """The member's own entry; raises NotFound or Forbidden."""
    entry = await get_entry(unit, entry_id)
    if entry.account_id != account_id:
        raise Forbidden("not-own", "Only whoever posted this can do that.")
    return entry
