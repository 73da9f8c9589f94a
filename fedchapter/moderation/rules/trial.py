"""Trying rules on what came in within the last month: what they would have held, and what people decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ...policy.defaults import OTHERWISE
from ...policy.judged import KEPT_FOR, facts_from_row
from ...policy.rules import Decide, Rule, compiled
from ...policy.shape import Shape, shape_of_html
from ...policy.verdict import HOLD, REFUSE, SHOW
from ...store import Row
from ...store.kinds import Reads

ROWS_MAX: Final = 20_000
LISTED_MAX: Final = 50
_STEP: Final = 500
_READS_TEXT: Final = frozenset({"text", "links", "link_hosts", "mentions", "media"})
_SELECT = """
SELECT judged.id, judged.uri, judged.actor_uri, judged.host, judged.what, judged.decision, judged.rule, judged.digest,
    judged.hosts, judged.facts, judged.judged_at, known_object.state, known_object.kind, known_object.ref,
    known_object.url, {text} FROM judged LEFT JOIN known_object ON known_object.uri = judged.uri
WHERE judged.id < ? AND judged.judged_at >= ? ORDER BY judged.id DESC LIMIT ?
"""
_TEXT = "known_object.title, known_object.note, known_object.html"
_NO_TEXT = "'' AS title, '' AS note, '' AS html"


@dataclass(frozen=True, slots=True)
class Tried:
    """One message as it was judged and as it would be; `state` is what it is now (empty: it is not here any more)."""

    uri: str
    actor_uri: str
    what: str
    at: datetime
    was: str
    would: str
    rule: str
    state: str
    url: str

    @property
    def approved(self) -> bool:
        """Whether it was held, and somebody let it through."""
        return self.was == HOLD and self.state == SHOWN


SHOWN: Final = "shown"


@dataclass(slots=True)
class Trial:
    """What came of it. `listed` are those that would have been held or refused, newest first, and those set free."""

    looked_at: int = 0
    held: int = 0
    refused: int = 0
    approved: int = 0
    newly: int = 0
    freed: int = 0
    listed: list[Tried] = field(default_factory=list)
    complete: bool = True


async def try_rules(reads: Reads, rules: Sequence[Rule], now: datetime, *, key: str = "") -> Trial:
    """What the rules would have done within the last 30 days; with `key`, what that one rule would have."""
    decide, trial = compiled(rules), Trial()
    with_text = any(one.fact in _READS_TEXT for rule in rules if rule.on for one in rule.conditions)
    statement = _SELECT.format(text=_TEXT if with_text else _NO_TEXT)
    before = 2**62
    while trial.looked_at < ROWS_MAX:
        rows = await reads.rows(statement, before, now - KEPT_FOR, _STEP)
        for row in rows:
            _count(trial, _try(decide, row), key)
        if len(rows) < _STEP:
            return trial
        before = rows[-1]["id"]
    trial.complete = False
    return trial


def _try(decide: Decide, row: Row) -> Tried:
    facts = facts_from_row(row, _shape(row))
    rule = decide(facts) or OTHERWISE
    return Tried(
        row["uri"],
        row["actor_uri"],
        row["what"],
        row["judged_at"],
        row["decision"],
        rule.decision,
        rule.key,
        row["state"] or "",
        row["url"] or row["uri"],
    )


def _shape(row: Row) -> Shape | None:
    if not row["html"] and not row["title"]:
        return None
    return shape_of_html(row["title"] or "", row["note"] or "", row["html"] or "")


def _count(trial: Trial, tried: Tried, key: str) -> None:
    trial.looked_at += 1
    speaks = not key or tried.rule == key
    holds = speaks and tried.would == HOLD
    trial.held += holds
    trial.refused += speaks and tried.would == REFUSE
    trial.approved += holds and tried.approved
    newly = speaks and tried.would != SHOW and tried.was == SHOW
    freed = speaks and tried.would == SHOW and tried.was == HOLD
    trial.newly += newly
    trial.freed += freed
    if (holds or newly or freed) and len(trial.listed) < LISTED_MAX:
        trial.listed.append(tried)
