"""The rules as this chapter has them: the built-in ones, changed by rows, and those that admins made.

A row is written only for what was changed, so that an upgrade brings new and better built-in rules to everybody.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from ..store import Row, Unit
from ..store.choices import choose, find_choices
from ..store.kinds import Reads
from .defaults import built_in
from .rules import Condition, Rule
from .state import note_change

_COLUMNS = "key, position, name, words, decision, conditions, enabled, expiring, score"


async def find_rules(reads: Reads) -> list[Rule]:
    """Every rule in the order in which they are asked, those that are off among them."""
    rows = {row["key"]: row for row in await reads.rows(f"SELECT {_COLUMNS} FROM policy_rule")}
    choices = await find_choices(reads)
    rules = [_changed(rule, rows.pop(rule.key, None)) for rule in built_in()]
    rules += [_own(row) for row in rows.values()]
    switched = [replace(rule, on=choices[rule.choice] == "yes") if rule.choice else rule for rule in rules]
    return sorted(switched, key=lambda rule: (rule.position, rule.key))


def _changed(rule: Rule, row: Row | None) -> Rule:
    if row is None or rule.fixed:
        return rule
    return replace(
        _own(row),
        name=row["name"] or rule.name,
        words=row["words"] or rule.words,
        built_in=True,
        choice=rule.choice,
    )


def _own(row: Row) -> Rule:
    return Rule(
        row["key"],
        row["name"],
        row["words"],
        row["decision"],
        from_json(row["conditions"]),
        on=bool(row["enabled"]),
        expiring=bool(row["expiring"]),
        position=row["position"],
        score=row["score"],
    )


def to_json(conditions: Sequence[Condition]) -> str:
    """Conditions as text."""
    return msgspec.json.encode(list(conditions)).decode()


def from_json(text: str) -> tuple[Condition, ...]:
    """Conditions from such a text."""
    return msgspec.json.decode(text, type=tuple[Condition, ...])


async def put_rule(unit: Unit, rule: Rule) -> None:
    """The rule stands like that, in every process within seconds."""
    assert not rule.fixed
    if rule.choice:
        await choose(unit, rule.choice, "yes" if rule.on else "no")
    # What is still as it was built in keeps the words of the reader's language, and of the next version.
    usual = {one.key: one for one in built_in()}.get(rule.key)
    values = {
        "position": rule.position,
        "name": "" if usual and usual.name == rule.name else rule.name,
        "words": "" if usual and usual.words == rule.words else rule.words,
        "decision": rule.decision,
        "conditions": to_json(rule.conditions),
        "enabled": rule.on,
        "expiring": rule.expiring,
        "score": rule.score,
        "changed_at": unit.now,
    }
    await unit.execute(
        f"INSERT INTO policy_rule (key, {', '.join(values)}) VALUES (?, {', '.join('?' * len(values))}) "
        f"ON CONFLICT (key) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in values)}",
        rule.key,
        *values.values(),
    )
    await note_change(unit)


async def drop_rule(unit: Unit, key: str) -> None:
    """The rule is gone; a built-in one is as it was built in again."""
    await unit.execute("DELETE FROM policy_rule WHERE key = ?", key)
    await note_change(unit)
