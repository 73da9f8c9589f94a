"""Telling: a notice becomes a row in the unit of what it tells; everybody is reached by a job, some at once."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from ..jobs import schedule
from ..store import Unit
from .draft import KINDS, Named, Notice, Value
from .errands import send_out
from .readers import PORTION, find_among

JOB, FORGET_JOB = "tell", "forget-notice"
KEPT_FOR = timedelta(days=180)


async def tell(unit: Unit, notice: Notice, *, to: Collection[str] | None = None, unless: str = "") -> None:
    """The notice reaches those accounts (None: every member) after this unit has committed.

    Telling the same key again reaches those among `to` who were not told yet. Who was told `unless` (a key), which
    says the same and more, does not get it.
    """
    if notice.kind not in KINDS:
        raise ValueError(f"{notice.kind} is no kind of notice")
    notice_id = await _write(unit, notice, everybody=to is None)
    if to is None:
        payload = {"notice_id": notice_id, "after": "", "unless": unless}
        await schedule(unit, JOB, payload, due_at=unit.now, key=f"{JOB}:{notice_id}")
        return
    # Not left to a job: whom it concerns would stand in the list of jobs.
    wanted = sorted(set(to))
    for begin in range(0, len(wanted), PORTION):
        readers = await find_among(unit, notice.kind, wanted[begin : begin + PORTION], but=notice.by)
        await send_out(unit, notice_id, notice.kind, readers)


async def _write(unit: Unit, notice: Notice, *, everybody: bool) -> str:
    notice_id = unit.new_id()
    new = await unit.execute(
        "INSERT INTO notice (id, kind, key, text, details, detail_words, path, made_by, everybody, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        notice_id,
        notice.kind,
        notice.key,
        notice.text,
        msgspec.json.encode({name: to_detail(value) for name, value in notice.values.items()}).decode(),
        msgspec.json.encode(notice.words).decode(),
        notice.path,
        notice.by,
        everybody,
        unit.now,
    )
    if not new:
        row = await unit.row("SELECT id FROM notice WHERE key = ?", notice.key)
        assert row is not None
        return str(row["id"])
    due_at = unit.now + KEPT_FOR
    await schedule(unit, FORGET_JOB, {"notice_id": notice_id}, due_at=due_at, key=f"{FORGET_JOB}:{notice_id}")
    return notice_id


def to_detail(value: Value) -> str | dict[str, str]:
    """A value as it is stored (sentences.from_detail reads it)."""
    if isinstance(value, Named):
        return {"account": value.account_id}
    if isinstance(value, datetime):
        zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else ""
        return {"at": value.isoformat(), "zone": zone}
    return value


async def reword(unit: Unit, key: str, values: Mapping[str, Value]) -> None:
    """Whoever reads that notice from now on reads these values in it; nobody is told again."""
    details = msgspec.json.encode({name: to_detail(value) for name, value in values.items()}).decode()
    await unit.execute("UPDATE notice SET details = ? WHERE key = ?", details, key)


async def untell(unit: Unit, key: str) -> None:
    """What that notice told is over: whoever has not read it will not."""
    row = await unit.row("SELECT id FROM notice WHERE key = ?", key)
    if row is not None:
        await forget_notice(unit, row["id"])


async def forget_notice(unit: Unit, notice_id: str) -> None:
    """The notice is gone, with who had it and what was still on its way."""
    await unit.execute("DELETE FROM errand WHERE notice_id = ?", notice_id)
    await unit.execute("DELETE FROM told WHERE notice_id = ?", notice_id)
    await unit.execute("DELETE FROM notice WHERE id = ?", notice_id)
