"""How long the log of what came in and what went out is kept, and how large it may grow.

operations.md §3 rows A4 (a message passed on with a proof counts for seven days: until then its line makes it known)
and B4 (a server may send as much as the limits let through, so the log has a quota). Decision: lines are looked at in
the order in which they came, a few hundred at a time, by indexes that hold nothing else; no step reads a whole table.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ..jobs import job
from ..jobs.schedule import Payload
from ..jobs.sweep import begin
from ..store import Row, Unit, marks
from ..store.choices import find_choice
from ..store.kinds import Reads
from ..store.retention import STEP_MAX, Kept, Step
from ..words import mark
from .inlet import TRIM_JOB, ask_to_trim
from .receive import PROOF_HOLDS_FOR
from .traces import erase_bodies

QUOTA, QUOTA_MB_MIN, QUOTA_MB_MAX = "log_quota_mb", 16, 1_048_576
MEGABYTE = 1_048_576
STEP_BYTES_MAX = 32 * MEGABYTE
TEXTS, LINES, DELIVERIES = "log-texts", "log", "deliveries"
_WITH_BODY = (
    "SELECT id, state, body_bytes, received_at AS came_at FROM inbox_item "
    "WHERE has_body = true AND id > ? ORDER BY id LIMIT ?"
)
_LINES = "SELECT id, state, received_at AS came_at FROM inbox_item WHERE id > ? ORDER BY id LIMIT ?"
_DELIVERIES = (
    "SELECT id, state, ended_at, created_at AS came_at FROM delivery WHERE id > ? ORDER BY id LIMIT ?"
)
# In two steps, since SQLite looks at either end of an index only when it is asked for one of them.
_SPAN = "SELECT (SELECT max(id) FROM inbox_item) - (SELECT min(id) FROM inbox_item) AS span"
_TRIM_AGAIN = timedelta(minutes=1)
LINES_MAX, FLOODED_AFTER = 1_000_000, timedelta(minutes=10)
WITHOUT_EFFECT = frozenset({"ignored", "refused", "failed"})


async def erase_texts(unit: Unit, before: datetime, after: str) -> Step:
    """What was said in messages that came before then, and were dealt with, is not in the log any more."""
    if not after:
        await ask_to_trim(unit)
    rows = await unit.rows(_WITH_BODY, int(after or 0), STEP_MAX)
    old, after_id = _older(rows, before, unit.now)
    chosen = _within_bytes([row for row in old if row["state"] != "new"], STEP_BYTES_MAX)
    await erase_bodies(unit, [row["id"] for row in chosen])
    return Step(len(chosen), _where_next(old, chosen, after_id))


async def erase_lines(unit: Unit, before: datetime, after: str) -> Step:
    """The lines of messages that came before then, and were dealt with, are gone.

    When there are very many, those that changed nothing here go within minutes: taken again, they change nothing again.
    """
    pressed = await is_flooded(unit)
    rows = await unit.rows(_LINES, int(after or 0), STEP_MAX)
    edge = max(before, unit.now - FLOODED_AFTER) if pressed else before
    old, after_id = _older(rows, edge, unit.now)
    going = [row["id"] for row in old if row["state"] in WITHOUT_EFFECT or _is_over(row, before)]
    return Step(await _delete(unit, "inbox_item", going), after_id)


def _is_over(row: Row, before: datetime) -> bool:
    return row["state"] != "new" and bool(row["came_at"] < before)


async def is_flooded(reads: Reads) -> bool:
    """Whether the log has very many lines; those between the first and the last are taken to be there."""
    row = await reads.row(_SPAN)
    return row is not None and int(row["span"] or 0) > LINES_MAX


async def erase_deliveries(unit: Unit, before: datetime, after: str) -> Step:
    """Deliveries that ended before then are gone; what was delivered stays, since it is served."""
    rows = await unit.rows(_DELIVERIES, int(after or 0), STEP_MAX)
    old, after_id = _older(rows, before, unit.now)
    ended = [
        row["id"] for row in old if row["state"] != "due" and (row["ended_at"] or row["came_at"]) < before
    ]
    return Step(await _delete(unit, "delivery", ended), after_id)


async def find_log_bytes(reads: Reads) -> int:
    """What the texts in the log take, in bytes; read from an index."""
    row = await reads.row("SELECT sum(body_bytes) AS total FROM inbox_item WHERE has_body = true")
    return int(row["total"] or 0) if row else 0


async def find_quota_bytes(reads: Reads) -> int:
    """What the texts in the log may take, in bytes."""
    text = await find_choice(reads, QUOTA)
    megabytes = int(text) if text.isascii() and text.isdigit() else QUOTA_MB_MIN
    return max(megabytes, QUOTA_MB_MIN) * MEGABYTE


@job(TRIM_JOB)
async def trim(unit: Unit, payload: Payload) -> None:
    """A few of the oldest texts are erased if the log is over its quota; the next step follows until it is not."""
    if await is_flooded(unit):
        await begin(unit, LOG)
    excess = await find_log_bytes(unit) - await find_quota_bytes(unit)
    if excess <= 0:
        return
    rows = await unit.rows(_WITH_BODY, payload["after"], STEP_MAX)
    chosen = _within_bytes([row for row in rows if row["state"] != "new"], min(excess, STEP_BYTES_MAX))
    await erase_bodies(unit, [row["id"] for row in chosen])
    if sum(row["body_bytes"] for row in chosen) >= excess:
        return
    if len(rows) == STEP_MAX or len(chosen) < len(rows):
        place = chosen[-1]["id"] if chosen else rows[-1]["id"]
        await ask_to_trim(unit, after=place)
        return
    # All that waits for a worker cannot be erased yet.
    await ask_to_trim(unit, due_at=unit.now + _TRIM_AGAIN)


async def _delete(unit: Unit, table: str, ids: Sequence[int]) -> int:
    if not ids:
        return 0
    return await unit.execute(f"DELETE FROM {table} WHERE id IN ({marks(len(ids))})", *ids)


def _older(rows: list[Row], before: datetime, now: datetime) -> tuple[list[Row], str | None]:
    """Those from before then, and behind which one to go on: None where younger ones follow, or none.

    A line from the future, written while a clock was wrong, is passed over.
    """
    old: list[Row] = []
    for row in rows:
        if before <= row["came_at"] <= now:
            return old, None
        if row["came_at"] < before:
            old.append(row)
    return old, str(rows[-1]["id"]) if len(rows) == STEP_MAX else None


def _within_bytes(rows: list[Row], bytes_max: int) -> list[Row]:
    """The first of them, until together they have so much."""
    size = 0
    for index, row in enumerate(rows):
        size += row["body_bytes"]
        if size >= bytes_max:
            return rows[: index + 1]
    return rows


def _where_next(old: list[Row], chosen: list[Row], after_id: str | None) -> str | None:
    left = [row for row in old if row["state"] != "new" and (not chosen or row["id"] > chosen[-1]["id"])]
    return str(chosen[-1]["id"]) if left and chosen else after_id


LOG = Kept(
    LINES,
    mark("The log of what came in: who sent what sort of message when, and what became of it"),
    mark("So that admins see why something is or is not here, and so that nothing counts twice."),
    ("inbox_item",),
    erase_lines,
    "keep_log",
    # A message that was passed on counts for so long after it was signed: its line must outlast that.
    days_min=PROOF_HOLDS_FOR.days + 1,
)
KEPT = (
    Kept(
        TEXTS,
        mark("Texts of messages from other servers"),
        mark("To look into what went wrong in the last days. What was private is erased at once."),
        erase=erase_texts,
        choice="keep_log_texts",
        count="SELECT count(*) AS total FROM inbox_item WHERE has_body = true",
    ),
    LOG,
    Kept(
        DELIVERIES,
        mark("The log of what was delivered where"),
        mark("So that admins see which servers could not be reached."),
        ("delivery",),
        erase_deliveries,
        "keep_deliveries",
        days_min=6,
    ),
    Kept(
        "sent",
        mark("What the chapter sent"),
        mark(
            "Other servers ask for it by its address. Answers, votes and messages are emptied when delivered."
        ),
        ("outbox_item",),
        until=mark("for good"),
    ),
)
JOBS = (trim,)
