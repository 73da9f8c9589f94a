"""The audit log: every decision about what others wrote, by a person or by a rule, and the way back.

operations.md §1.6: every automatic decision names its rule, nothing is changed afterwards, undoing is another line.
A verb is installed with its words and, unless it cannot be taken back, with the function that puts back what was:

    VERB = verb("lock-thread", mark("Locked the thread"), mark("Undone: locked the thread"), undo=_unlock)

Decision: `before` holds what undoing needs, and the undoing function checks that nobody has decided something else
since, so that undo restores exactly what was or says why it cannot.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from ..errors import NotFound, Refusal
from ..members import Permission
from ..store import Row, Unit
from ..store.kinds import Reads
from .oneself import check_allowed, check_others

REASON_CHARS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides, and why: an account id, or the name of the rule that did it by itself (both empty: the shell).

    Everything decided by a judge with a `batch` (a fresh id) was decided in one go, and `undo_batch` takes it back so.
    `second` is the account of whoever agreed, where it took two (moderation.seconds); what they decide is `public`
    where members must hear of it, with `evidence` where that is about something they can read.
    """

    account_id: str
    reason: str = ""
    rule: str = ""
    batch: str = ""
    second: str = ""
    public: bool = False
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log, as it is read back. `before` is what `write` was given."""

    id: str
    what: str
    target_uri: str
    actor_uri: str
    reason: str
    made_by: str
    made_at: datetime
    undo_of: str
    rule: str
    before: dict[str, Any]
    evidence: str
    public: bool
    batch: str


Undo = Callable[[Unit, Line, Judge], Awaitable[None]]
UndoMany = Callable[[Unit, Sequence[Line], Judge], Awaitable[set[str]]]


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that can be decided: what the log says of it, and how it is taken back (None: it cannot be), by
    whoever has the permission that deciding needs.

    `undo_many` takes back thousands in a few statements; it returns the ids of the lines that were not overtaken.
    """

    name: str
    words: str
    undone: str = ""
    undo: Undo | None = None
    undo_many: UndoMany | None = None
    needs: Permission = Permission.AUDIT


VERBS: dict[str, Verb] = {}


def verb(
    name: str,
    words: str,
    undone: str = "",
    *,
    undo: Undo | None = None,
    undo_many: UndoMany | None = None,
    needs: Permission = Permission.AUDIT,
) -> str:
    """The verb is installed; returns its name (16 characters at most)."""
    assert len(name) <= 16 and name not in VERBS, name
    VERBS[name] = Verb(name, words, undone, undo, undo_many, needs)
    return name


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written. `target_uri` is a URI, a host, or an id of ours; `before` is what undoing needs;
    `evidence` a path of ours; a `public` line is listed to all members, without who decided."""

    what: str
    target_uri: str
    actor_uri: str = ""
    before: dict[str, Any] | None = None
    evidence: str = ""
    public: bool = False


_INSERT = (
    "INSERT INTO decision (id, what, target_uri, actor_uri, reason, made_by, made_at, undo_of, rule, before, evidence, "
    "public, batch, agreed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


async def write(unit: Unit, entry: Entry, judge: Judge, *, undo_of: str = "") -> str:
    """The decision is in the log; returns its id."""
    decision_id = unit.new_id()
    await unit.execute(_INSERT, *_values(unit, decision_id, entry, judge, undo_of))
    return decision_id


async def write_many(unit: Unit, entries: Sequence[Entry], judge: Judge) -> None:
    """All those decisions are in the log, by one statement."""
    await unit.execute_many(_INSERT, [_values(unit, unit.new_id(), entry, judge, "") for entry in entries])


def _values(unit: Unit, decision_id: str, entry: Entry, judge: Judge, undo_of: str) -> tuple[Any, ...]:
    assert entry.what in VERBS, entry.what
    return (
        decision_id,
        entry.what,
        entry.target_uri,
        entry.actor_uri,
        judge.reason[:REASON_CHARS_MAX],
        judge.account_id,
        unit.now,
        undo_of,
        judge.rule[:64],
        msgspec.json.encode(entry.before or {}).decode(),
        entry.evidence or judge.evidence,
        entry.public or judge.public,
        judge.batch,
        judge.second,
    )


async def get_line(reads: Reads, decision_id: str) -> Line:
    """That line; raises NotFound."""
    row = await reads.row(f"SELECT {_COLUMNS} FROM decision WHERE id = ?", decision_id)
    if row is None:
        raise NotFound
    return to_line(row)


async def undo(unit: Unit, decision_id: str, judge: Judge) -> None:
    """What was decided is as it was before, and a line says so; raises NotFound, Refusal, or Forbidden to whom it is
    about."""
    # Two who press at once: the second waits here, and finds it undone.
    await unit.execute("UPDATE decision SET undo_of = undo_of WHERE id = ?", decision_id)
    line = await get_line(unit, decision_id)
    later = await unit.row("SELECT id FROM decision WHERE undo_of = ?", decision_id)
    if later is not None or line.undo_of:
        raise Refusal("undone", "This was undone already.")
    found = VERBS.get(line.what)
    if found is None or found.undo is None:
        raise Refusal("not-undoable", "This cannot be undone.")
    await check_others(unit, judge.account_id, line_id=line.id)
    await check_allowed(unit, judge.account_id, found.needs)
    await found.undo(unit, line, judge)
    await write(unit, _undoing(line), judge, undo_of=line.id)


def _undoing(line: Line) -> Entry:
    return Entry(line.what, line.target_uri, line.actor_uri, evidence=line.evidence, public=line.public)


async def undo_batch(unit: Unit, batch: str, judge: Judge) -> tuple[int, int]:
    """What was decided in one go is as it was before; returns how many lines that were, and how many were not.

    What somebody has decided otherwise since stays as they decided. Raises NotFound, Forbidden to whom one of them is
    about, or Refusal when all was undone.
    """
    await unit.execute("UPDATE decision SET undo_of = undo_of WHERE batch = ? AND undo_of = ''", batch)
    rows = await unit.rows(
        f"SELECT {_COLUMNS} FROM decision WHERE batch = ? AND undo_of = '' AND NOT EXISTS "
        "(SELECT 1 FROM decision AS later WHERE later.undo_of = decision.id) ORDER BY id DESC",
        batch,
    )
    if not rows:
        if await unit.row("SELECT id FROM decision WHERE batch = ?", batch) is None:
            raise NotFound
        raise Refusal("undone", "This was undone already.")
    await check_others(unit, judge.account_id, batch=batch)
    lines = [to_line(row) for row in rows]
    undone: set[str] = set()
    # Twice, since lines of one moment have no order, and one may have to be undone before another can.
    for what in [*dict.fromkeys(line.what for line in lines)] * 2:
        left = [line for line in lines if line.what == what and line.id not in undone]
        undone |= await _undo_those(unit, what, left, judge)
    if not undone:
        raise overtaken()
    ended = [line for line in lines if line.id in undone]
    values = [_values(unit, unit.new_id(), _undoing(line), judge, line.id) for line in ended]
    await unit.execute_many(_INSERT, values)
    return len(ended), len(lines) - len(ended)


async def _undo_those(unit: Unit, what: str, lines: Sequence[Line], judge: Judge) -> set[str]:
    found = VERBS.get(what)
    if found is None or found.undo is None:
        return set()
    await check_allowed(unit, judge.account_id, found.needs)
    if found.undo_many is not None:
        return await found.undo_many(unit, lines, judge)
    undone: set[str] = set()
    for line in lines:
        try:
            await found.undo(unit, line, judge)
            undone.add(line.id)
        except Refusal:
            # Overtaken: an undoing function raises before it changes anything.
            continue
    return undone


def overtaken() -> Refusal:
    """What an undoing function raises when something else was decided since."""
    return Refusal("overtaken", "Something else has been decided about this since, or it is gone.")


_COLUMNS = (
    "decision.id, what, target_uri, actor_uri, reason, made_by, made_at, undo_of, rule, before, evidence, public, "
    "batch"
)


async def find_lines(reads: Reads, *, before: str = "", limit: int = 50) -> list[Row]:
    """Decisions, newest first, each with who made it (`name`) and whether it was undone."""
    return await reads.rows(
        f"SELECT {_COLUMNS}, account.display_name AS name, "
        "EXISTS (SELECT 1 FROM decision AS later WHERE later.undo_of = decision.id) AS undone "
        "FROM decision LEFT JOIN account ON account.id = decision.made_by "
        "WHERE (? = '' OR decision.id < ?) ORDER BY decision.id DESC LIMIT ?",
        before,
        before,
        limit,
    )


def to_line(row: Row) -> Line:
    """A row of `decision`, with `before` read."""
    values = {name: row[name] for name in Line.__slots__ if name not in ("before", "public")}
    return Line(**values, before=msgspec.json.decode(row["before"] or "{}"), public=bool(row["public"]))
