"""Errands: what is still to be brought to somebody, claimed by one worker at a time and gone when it is done.

PostgreSQL FOR UPDATE SKIP LOCKED. Decision: an errand is claimed, run and deleted one by one, and a claim runs out; so
after kill -9 at most the one letter that was on its way is sent again, with the same Message-ID.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..jobs import schedule
from ..store import Unit
from .readers import Reader, errands_for

MAIL, DIGEST, MESSAGE = "mail", "digest", "message"
# Longer than a mail server may take for one letter.
CLAIMED_FOR = timedelta(minutes=10)
PAUSES = (
    timedelta(minutes=2),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
CARRY = {MAIL: "carry-letters", DIGEST: "carry-digests"}
BRING_MESSAGE = "carry-message"
_ONE = """
UPDATE errand SET due_at = ? WHERE id = (
    SELECT id FROM errand WHERE channel = 'mail' AND due_at <= ? ORDER BY due_at, id LIMIT 1 {lock}
) RETURNING id, notice_id, account_id, attempts
"""


@dataclass(frozen=True, slots=True)
class Errand:
    """One claimed errand."""

    id: str
    notice_id: str
    account_id: str
    attempts: int


async def send_out(
    unit: Unit, notice_id: str, kind: str, readers: Sequence[Reader], *, unless: str = ""
) -> None:
    """Each of them has the notice, who had neither it nor `unless`, and what leaves beside the page is on its way."""
    have = await _who_has(unit, notice_id, unless, readers)
    fresh = [reader for reader in readers if reader.account_id not in have]
    planned = [(reader, errands_for(reader, kind, unit.now)) for reader in fresh]
    await unit.execute_many(
        "INSERT INTO told (id, notice_id, account_id, on_page, created_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (account_id, notice_id) DO NOTHING",
        [
            (unit.new_id(), notice_id, reader.account_id, reader.channels.page, unit.now)
            for reader, errands in planned
            if reader.channels.page or errands
        ],
    )
    await put_out(
        unit,
        [
            (notice_id, reader.account_id, channel, due_at)
            for reader, errands in planned
            for channel, due_at in errands
        ],
    )


async def put_out(unit: Unit, wanted: Sequence[tuple[str, str, str, datetime]]) -> None:
    """Errands of (notice, account, channel, when) wait, and will be run when they are due."""
    rows = [(unit.new_id(), *one) for one in wanted]
    await unit.execute_many(
        "INSERT INTO errand (id, notice_id, account_id, channel, attempts, due_at) VALUES (?, ?, ?, ?, 0, ?) "
        "ON CONFLICT (account_id, notice_id, channel) DO NOTHING",
        rows,
    )
    for id_, _, _, channel, due_at in rows:
        if channel == MESSAGE:
            await schedule(
                unit, BRING_MESSAGE, {"errand_id": id_}, due_at=due_at, key=f"{BRING_MESSAGE}:{id_}"
            )
    for channel, due_at in sorted({(row[3], row[4]) for row in rows if row[3] != MESSAGE}):
        await plan(unit, channel, due_at)


async def _who_has(unit: Unit, notice_id: str, unless: str, readers: Sequence[Reader]) -> set[str]:
    if not readers:
        return set()
    ids = [reader.account_id for reader in readers]
    rows = await unit.rows(
        "SELECT account_id FROM told WHERE (notice_id = ? OR notice_id IN (SELECT id FROM notice WHERE key = ?)) "
        "AND account_id >= ? AND account_id <= ?",
        notice_id,
        unless,
        min(ids),
        max(ids),
    )
    return {row["account_id"] for row in rows}


async def plan(unit: Unit, channel: str, due_at: datetime) -> None:
    """What is due on that channel by then will be carried; for one moment to come that is planned once."""
    job = CARRY[channel]
    key = f"{job}:{due_at.isoformat()}" if due_at > unit.now else f"{job}:{unit.new_id()}"
    await schedule(unit, job, {}, due_at=due_at, key=key)


async def plan_rest(unit: Unit, channel: str) -> None:
    """Whatever is left on that channel will be carried when it is due."""
    row = await unit.row("SELECT min(due_at) AS due_at FROM errand WHERE channel = ?", channel)
    if row is not None and row["due_at"] is not None:
        await plan(unit, channel, max(row["due_at"], unit.now))


async def claim_letter(unit: Unit) -> Errand | None:
    """The next letter that is due, ours until it is dropped, put off or the claim runs out; None when none is due."""
    lock = "FOR UPDATE SKIP LOCKED" if unit.postgres else ""
    rows = await unit.rows(_ONE.format(lock=lock), unit.now + CLAIMED_FOR, unit.now)
    return Errand(**rows[0]) if rows else None


async def claim_digest(unit: Unit) -> list[Errand]:
    """Everything that is due for one member's digest, in the order in which it was told; empty when none is due."""
    while True:
        row = await unit.row(
            "SELECT account_id FROM errand WHERE channel = 'digest' AND due_at <= ? ORDER BY due_at, id LIMIT 1",
            unit.now,
        )
        if row is None:
            return []
        # Whoever asks at the same moment waits here, and then finds nothing due for that member.
        lock = "FOR UPDATE" if unit.postgres else ""
        await unit.rows(f"SELECT id FROM account WHERE id = ? {lock}", row["account_id"])
        rows = await unit.rows(
            "UPDATE errand SET due_at = ? WHERE channel = 'digest' AND account_id = ? AND due_at <= ? "
            "RETURNING id, notice_id, account_id, attempts",
            unit.now + CLAIMED_FOR,
            row["account_id"],
            unit.now,
        )
        if rows:
            return [Errand(**one) for one in sorted(rows, key=lambda one: one["notice_id"])]


async def drop(unit: Unit, errands: Sequence[Errand]) -> None:
    """They are done, or there is nothing to do any more."""
    await unit.execute_many("DELETE FROM errand WHERE id = ?", [(one.id,) for one in errands])


async def put_off(unit: Unit, errands: Sequence[Errand]) -> bool:
    """They are tried again later; False when that was the last time, and they are gone."""
    attempts = max(one.attempts for one in errands)
    if attempts >= len(PAUSES):
        await drop(unit, errands)
        return False
    due_at = unit.now + PAUSES[attempts]
    await unit.execute_many(
        "UPDATE errand SET attempts = attempts + 1, due_at = ? WHERE id = ?",
        [(due_at, one.id) for one in errands],
    )
    return True
