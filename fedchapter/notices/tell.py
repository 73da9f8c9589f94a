"""Telling: a notice becomes a row in the unit of what it tells, and a job brings it to its readers."""

from collections.abc import Collection

import msgspec

from ..jobs import schedule
from ..store import Unit
from .draft import KINDS, Notice

JOB = "tell"


async def tell(unit: Unit, notice: Notice, *, to: Collection[str] | None = None) -> None:
    """The notice reaches those accounts (None: every member) after this unit has committed."""
    if notice.kind not in KINDS:
        raise ValueError(f"{notice.kind} is no kind of notice")
    notice_id = unit.new_id()
    changed = await unit.execute(
        "INSERT INTO notice (id, kind, key, text, details, detail_words, path, made_by, everybody, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        notice_id,
        notice.kind,
        notice.key,
        notice.text,
        msgspec.json.encode(dict(notice.values)).decode(),
        msgspec.json.encode(notice.words).decode(),
        notice.path,
        notice.by,
        to is None,
        unit.now,
    )
    if changed:
        payload = {"notice_id": notice_id, "to": None if to is None else sorted(to)}
        await schedule(unit, JOB, payload, due_at=unit.now, key=f"{JOB}:{notice_id}")
