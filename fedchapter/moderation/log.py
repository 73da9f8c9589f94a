"""Reading the audit log: some of it by filters, all of it as a file, and what of it every member may know."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from ..store import Row
from ..store.kinds import Reads
from ..words import say

_COLUMNS = (
    "decision.id, decision.what, decision.target_uri, decision.actor_uri, decision.reason, decision.made_by, "
    "decision.made_at, decision.undo_of, decision.rule, decision.before, decision.evidence, decision.public, "
    "decision.batch"
)
_EXPORTED = (
    "id",
    "made_at",
    "what",
    "target_uri",
    "actor_uri",
    "name",
    "rule",
    "reason",
    "undo_of",
    "batch",
    "evidence",
    "public",
)
BY_RULE, BY_SHELL = "rule:", "shell"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines: a verb; `who` (an account id, `rule:` and its name, or `shell`); `target`, a URI, host or handle's
    part of one; a span of time; one batch; those before a line."""

    what: str = ""
    who: str = ""
    target: str = ""
    since_at: datetime | None = None
    until_at: datetime | None = None
    batch: str = ""
    before: str = ""

    def from_line(self, before: str) -> "Filter":
        """The same, going on before that line."""
        return replace(self, before=before)


async def find_some(reads: Reads, wanted: Filter, *, limit: int, each: bool = False) -> list[Row]:
    """Decisions, newest first, each with who made it (`name`), whether it was undone, and of how many it is one
    (`together`). Unless `each`, what was decided in one go is there once, or wholly when that batch is asked for.
    """
    where, values = _conditions(wanted)
    if not each and not wanted.batch:
        where.append(
            "(decision.batch = '' OR decision.id = "
            "(SELECT max(one.id) FROM decision AS one WHERE one.batch = decision.batch AND one.undo_of = ''))"
        )
    return await reads.rows(
        f"SELECT {_COLUMNS}, account.display_name AS name, "
        "EXISTS (SELECT 1 FROM decision AS later WHERE later.undo_of = decision.id) AS undone, "
        "CASE WHEN decision.batch = '' THEN 1 ELSE "
        "(SELECT count(*) FROM decision AS one WHERE one.batch = decision.batch AND one.undo_of = '') END AS together "
        "FROM decision LEFT JOIN account ON account.id = decision.made_by "
        f"WHERE {' AND '.join(where) or '1 = 1'} ORDER BY decision.id DESC LIMIT ?",
        *values,
        limit,
    )


def _conditions(wanted: Filter) -> tuple[list[str], list[Any]]:
    pairs: list[tuple[str, Sequence[Any]]] = []
    if wanted.before:
        pairs.append(("decision.id < ?", (wanted.before,)))
    if wanted.what:
        pairs.append(("decision.what = ?", (wanted.what,)))
    if wanted.batch:
        pairs.append(("decision.batch = ?", (wanted.batch,)))
    if wanted.since_at:
        pairs.append(("decision.made_at >= ?", (wanted.since_at,)))
    if wanted.until_at:
        pairs.append(("decision.made_at < ?", (wanted.until_at,)))
    if wanted.target:
        like = f"%{_escaped(wanted.target.removeprefix('@'))}%"
        pairs.append(
            ("(decision.target_uri LIKE ? ESCAPE '!' OR decision.actor_uri LIKE ? ESCAPE '!')", (like, like))
        )
    if wanted.who == BY_SHELL:
        pairs.append(("decision.made_by = '' AND decision.rule = ''", ()))
    elif wanted.who.startswith(BY_RULE):
        pairs.append(("decision.rule = ?", (wanted.who.removeprefix(BY_RULE),)))
    elif wanted.who:
        pairs.append(("decision.made_by = ? AND decision.rule = ''", (wanted.who,)))
    return [condition for condition, _ in pairs], [value for _, values in pairs for value in values]


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


async def find_whos(reads: Reads) -> list[tuple[str, str]]:
    """Everybody and every rule in the log, as (value of the filter, name)."""
    persons = await reads.rows(
        "SELECT DISTINCT decision.made_by, account.display_name AS name FROM decision "
        "LEFT JOIN account ON account.id = decision.made_by WHERE decision.made_by <> '' ORDER BY name"
    )
    rules = await reads.rows("SELECT DISTINCT rule FROM decision WHERE rule <> '' ORDER BY rule")
    return [(row["made_by"], row["name"] or say("somebody who left")) for row in persons] + [
        (BY_RULE + row["rule"], say("the rule “%(rule)s”", rule=say(row["rule"]))) for row in rules
    ]


async def find_public(reads: Reads, *, before: str, limit: int) -> list[Row]:
    """The lines that every member may read, newest first, without who decided."""
    return await reads.rows(
        "SELECT id, what, reason, made_at, undo_of FROM decision WHERE public = true AND (? = '' OR id < ?) "
        "ORDER BY id DESC LIMIT ?",
        before,
        before,
        limit,
    )


def csv_head() -> str:
    """The first line of the file."""
    return _csv_line(_EXPORTED)


def as_csv(row: Row) -> str:
    """One line of the file."""
    return _csv_line([_cell(row[name]) for name in _EXPORTED])


def _cell(value: Any) -> str:
    text = value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)
    # A spreadsheet runs what begins like a formula.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _csv_line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def as_json_line(row: Row) -> str:
    """One line of the other file."""
    kept = {name: row[name] for name in _EXPORTED} | {"public": bool(row["public"])}
    return msgspec.json.encode(kept).decode() + "\n"
