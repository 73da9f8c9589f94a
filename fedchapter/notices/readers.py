"""Who is to be told, with what each of them chose: read in portions, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..store import Row, marks
from ..store.choices import find_choice
from ..store.kinds import Reads
from .channels import DIGEST, LOCKED, ONCE, Channels, checked, default_for
from .manner import DAY, Manner, digest_at, is_paused, letter_at

PORTION = 500
# A digest that is due sooner is perhaps being written.
LEAD = timedelta(minutes=2)
_READERS = (
    "SELECT account.id, account.email <> '' AS has_email, "
    "EXISTS (SELECT 1 FROM identity WHERE identity.account_id = account.id) AS linked, "
    "notice_wish.page, notice_wish.mail, notice_wish.message, "
    "zone, quiet_from, quiet_to, paused_until, digest_every, digest_hour, digest_weekday FROM account "
    "LEFT JOIN notice_wish ON notice_wish.account_id = account.id AND notice_wish.kind = ? "
    "LEFT JOIN notice_manner ON notice_manner.account_id = account.id "
    "WHERE account.state = 'active' AND account.id <> ? "
)


@dataclass(frozen=True, slots=True)
class Reader:
    """One member: how they can be reached, and how they want to hear of one kind."""

    account_id: str
    has_email: bool
    linked: bool
    channels: Channels
    manner: Manner


async def find_after(reads: Reads, kind: str, *, but: str, after: str) -> list[Reader]:
    """The next portion of all members by id."""
    rows = await reads.rows(
        f"{_READERS} AND account.id > ? ORDER BY account.id LIMIT {PORTION}", kind, but, after
    )
    return await _to_readers(reads, kind, rows)


async def find_among(reads: Reads, kind: str, account_ids: Sequence[str], *, but: str = "") -> list[Reader]:
    """Those of them who are members; at most a portion is asked for."""
    assert len(account_ids) <= PORTION
    rows = await reads.rows(
        f"{_READERS} AND account.id IN ({marks(len(account_ids))})", kind, but, *account_ids
    )
    return await _to_readers(reads, kind, rows)


async def _to_readers(reads: Reads, kind: str, rows: list[Row]) -> list[Reader]:
    zone = await find_choice(reads, "timezone")
    return [_to_reader(row, kind, zone) for row in rows]


def _to_reader(row: Row, kind: str, zone: str) -> Reader:
    has_email = bool(row["has_email"])
    channels = default_for(kind, has_email=has_email)
    if row["mail"] is not None:
        chosen = Channels(bool(row["page"]), row["mail"], bool(row["message"]))
        channels = checked(kind, chosen, has_email=has_email)
    return Reader(row["id"], has_email, bool(row["linked"]), channels, to_manner(row, zone))


def to_manner(row: Row, zone: str) -> Manner:
    """The manner in a row of `notice_manner`, the default where its columns are empty; `zone` is the chapter's."""
    if row["digest_every"] is None:
        return Manner(zone)
    return Manner(
        row["zone"] or zone,
        row["quiet_from"],
        row["quiet_to"],
        row["paused_until"],
        row["digest_every"] or DAY,
        row["digest_hour"],
        row["digest_weekday"],
    )


def errands_for(reader: Reader, kind: str, now: datetime) -> list[tuple[str, datetime]]:
    """What leaves for that reader beside the page: (channel, when)."""
    at_once = now if kind in LOCKED else letter_at(now, reader.manner)
    found: list[tuple[str, datetime]] = []
    # What comes during a pause comes in one letter after it.
    waits = is_paused(now, reader.manner) and kind not in LOCKED
    if reader.has_email and reader.channels.mail == ONCE and not waits:
        found.append(("mail", at_once))
    elif reader.has_email and reader.channels.mail in (ONCE, DIGEST):
        found.append(("digest", digest_at(now + LEAD, reader.manner)))
    if reader.linked and reader.channels.message:
        found.append(("message", at_once))
    return found
