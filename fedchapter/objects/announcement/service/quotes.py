"""Who may quote what we published: asked for, answered by the chapter's choice, withdrawn at will.

FEP-044f; wire.md §2.5 (a quote is shown only with a stamp of the quoted server).
"""

from dataclasses import dataclass, fields
from datetime import datetime

from ....actors import find_follow
from ....errors import NotFound
from ....policy import find_mark
from ....store import Known, Unit, find_known, know
from ....store.choices import find_choice
from ....store.kinds import Reads, forget
from ..draft import QuoteAnswered, QuoteWithdrawn


@dataclass(frozen=True, slots=True)
class StampRow:
    """A row of `quote_stamp`."""

    id: str
    uri: str
    object_uri: str
    quote_uri: str
    quoter_uri: str
    request_uri: str
    created_at: datetime


_SELECT = f"SELECT {', '.join(field.name for field in fields(StampRow))} FROM quote_stamp"


async def find_stamp(reads: Reads, id_: str) -> StampRow | None:
    """The stamp with that id, or None."""
    row = await reads.row(f"{_SELECT} WHERE id = ?", id_)
    return StampRow(**row) if row else None


async def find_stamper(reads: Reads, stamp_uri: str) -> str:
    """Which of our actors gave the stamp."""
    known = await find_known(reads, stamp_uri)
    return known.owner_uri if known else ""


async def find_stamps(reads: Reads, object_uri: str) -> list[StampRow]:
    """The stamps for one object, newest first."""
    rows = await reads.rows(f"{_SELECT} WHERE object_uri = ? ORDER BY id DESC LIMIT 100", object_uri)
    return [StampRow(**row) for row in rows]


async def answer_quote(
    unit: Unit, *, request_uri: str, quoter_uri: str, quoted: Known, quote_uri: str
) -> bool:
    """The quoter gets an answer; True when it is yes. Asked again, they get the same stamp again."""
    row = await unit.row(f"{_SELECT} WHERE object_uri = ? AND quote_uri = ?", quoted.uri, quote_uri)
    stamp_uri = row["uri"] if row and row["quoter_uri"] == quoter_uri else ""
    if not stamp_uri and row is None and await _may_quote(unit, quoter_uri, quoted):
        stamp_uri = await _stamp(unit, request_uri, quoter_uri, quoted, quote_uri)
    unit.record(QuoteAnswered(quoted.owner_uri, request_uri, quoter_uri, quoted.uri, quote_uri, stamp_uri))
    return bool(stamp_uri)


async def _may_quote(unit: Unit, quoter_uri: str, quoted: Known) -> bool:
    if quoted.state != "shown" or quoted.visibility not in ("public", "unlisted"):
        return False
    if await find_mark(unit, scope="actor", subject=quoter_uri) == "refuse":
        return False
    choice = await find_choice(unit, "quotes")
    if choice == "followers":
        follow = await find_follow(unit, follower_uri=quoter_uri, followed_uri=quoted.owner_uri)
        return follow is not None and follow["state"] == "accepted"
    return choice == "public"


async def _stamp(unit: Unit, request_uri: str, quoter_uri: str, quoted: Known, quote_uri: str) -> str:
    id_ = unit.new_id()
    uri = unit.settings.uri("quotes", id_)
    await unit.execute(
        "INSERT INTO quote_stamp (id, uri, object_uri, quote_uri, quoter_uri, request_uri, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        id_,
        uri,
        quoted.uri,
        quote_uri,
        quoter_uri,
        request_uri,
        unit.now,
    )
    await know(unit, Known(uri, "quote", id_, quoted.owner_uri, unit.now, local=True))
    return uri


async def withdraw_quote(unit: Unit, stamp_id: str) -> str:
    """The quote is not allowed any more, and its server is told; returns the quoted object's URI."""
    stamp = await find_stamp(unit, stamp_id)
    if stamp is None:
        raise NotFound("no-quote", "There is no such quote; perhaps it was withdrawn before.")
    await unit.execute("DELETE FROM quote_stamp WHERE id = ?", stamp_id)
    owner_uri = await find_stamper(unit, stamp.uri)
    await forget(unit, stamp.uri, owner_uri=owner_uri, former_type="QuoteAuthorization")
    unit.record(QuoteWithdrawn(owner_uri, stamp.uri, stamp.quoter_uri))
    return stamp.object_uri


async def forget_quotes_of(unit: Unit, quote_uri: str, *, quoter_uri: str) -> None:
    """The quoting post is gone, and what allowed it with it."""
    rows = await unit.rows(
        "SELECT uri FROM quote_stamp WHERE quote_uri = ? AND quoter_uri = ?", quote_uri, quoter_uri
    )
    for row in rows:
        await unit.execute("DELETE FROM quote_stamp WHERE uri = ?", row["uri"])
        owner_uri = await find_stamper(unit, row["uri"])
        await forget(unit, row["uri"], owner_uri=owner_uri, former_type="QuoteAuthorization")
