"""A notice as a direct message to the reader's own fediverse account: that something waits, and nothing of what.

Its text passes two servers in the clear, and their admins can read it (wire.md §2.3); so it names neither the chapter's
business nor the kind. The type `message` sends it (its job reads and drops the errand here).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..jobs import schedule
from ..members import find_account
from ..members.identities import find_identities
from ..store import Unit
from ..store.kinds import Reads
from ..words import say, speaking
from .errands import BRING_MESSAGE, PAUSES

# All say the same, so one a day is enough until they have looked.
ONE_IN = timedelta(days=1)
# In `attempts` of an errand that is done: it stays until its notice was seen.
SENT = -1


@dataclass(frozen=True, slots=True)
class Ping:
    """What is sent to which actor, in which language."""

    actor_uri: str
    text: str
    url: str
    language: str


async def find_ping(
    reads: Reads, errand_id: str, *, now: datetime, origin: str, language: str
) -> Ping | None:
    """The message for that errand, None when there is nothing to say any more, or it was said today."""
    row = await reads.row(
        "SELECT errand.account_id, told.seen_at, notice.kind FROM errand "
        "JOIN told ON told.notice_id = errand.notice_id AND told.account_id = errand.account_id "
        "JOIN notice ON notice.id = errand.notice_id WHERE errand.id = ? AND NOT EXISTS (SELECT 1 FROM errand AS sent "
        "WHERE sent.account_id = errand.account_id AND sent.channel = 'message' AND sent.attempts = ? "
        "AND sent.due_at > ?)",
        errand_id,
        SENT,
        now - ONE_IN,
    )
    account = await find_account(reads, row["account_id"]) if row else None
    if row is None or account is None or (row["seen_at"] is not None and row["kind"] != "account"):
        return None
    linked = await find_identities(reads, account.id)
    if not linked:
        return None
    # The one they came in with last is where they are.
    latest = max(linked, key=lambda one: one.last_used_at or one.linked_at)
    spoken = account.language or language
    with speaking(spoken):
        url = f"{origin}/me"
        return Ping(latest.actor_uri, say("Something waits for you: %(link)s", link=url), url, spoken)


async def note_sent(unit: Unit, errand_id: str) -> bool:
    """The message is on its way; False when somebody else saw to it."""
    changed = await unit.execute(
        "UPDATE errand SET attempts = ?, due_at = ? WHERE id = ? AND attempts <> ?",
        SENT,
        unit.now,
        errand_id,
        SENT,
    )
    return changed > 0


async def drop_errand(unit: Unit, errand_id: str) -> bool:
    """The errand is done; False when somebody else did it."""
    return await unit.execute("DELETE FROM errand WHERE id = ?", errand_id) > 0


async def put_off_errand(unit: Unit, errand_id: str) -> None:
    """The errand is run again later, or is gone when that was the last time."""
    row = await unit.row("SELECT attempts FROM errand WHERE id = ?", errand_id)
    if row is None or row["attempts"] >= len(PAUSES):
        await drop_errand(unit, errand_id)
        return
    attempts = int(row["attempts"]) + 1
    due_at = unit.now + PAUSES[attempts - 1]
    await unit.execute("UPDATE errand SET attempts = ?, due_at = ? WHERE id = ?", attempts, due_at, errand_id)
    key = f"{BRING_MESSAGE}:{errand_id}:{attempts}"
    await schedule(unit, BRING_MESSAGE, {"errand_id": errand_id}, due_at=due_at, key=key)
