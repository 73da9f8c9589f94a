"""Changing rules and the storm, each as one line of the log with its way back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ...errors import NotFound, Refusal
from ...policy.book import drop_rule, find_rules, put_rule
from ...policy.rules import Rule
from ...policy.state import Storm, find_stamp, note_change, set_storm, storm_of
from ...store import Row, Unit
from ...store.choices import choose, find_choice
from ...words import mark
from ..audit import Entry, Judge, Line, overtaken, verb, write

_COLUMNS = ("position", "name", "words", "decision", "conditions", "enabled", "expiring", "score")
_FLAGS = ("enabled", "expiring")
UP, DOWN = "up", "down"
RULES_MAX = 300


async def get_rule(unit: Unit, key: str) -> Rule:
    """That rule, where it can be changed; raises NotFound or Refusal."""
    found = next((rule for rule in await find_rules(unit) if rule.key == key), None)
    if found is None:
        raise NotFound("no-rule", "There is no such rule; perhaps somebody deleted it.")
    if found.fixed:
        raise Refusal(
            "rule-fixed", "This rule cannot be changed: it does what you decide about people and servers."
        )
    return found


async def change_rules(unit: Unit, rules: Sequence[Rule], what: str, judge: Judge) -> str:
    """The rules stand like that from now on; returns the line of the log."""
    keys = [rule.key for rule in rules]
    before = await _snapshot(unit, rules)
    for rule in rules:
        await put_rule(unit, rule)
    after = await _snapshot(unit, rules)
    return await write(unit, Entry(what, keys[0], before={"before": before, "after": after}), judge)


async def save_rule(unit: Unit, rule: Rule, judge: Judge, *, is_new: bool) -> str:
    """The rule stands as it was written; returns the line of the log. Raises Refusal when there are too many."""
    if is_new:
        row = await unit.row("SELECT count(*) AS total FROM policy_rule")
        if row and row["total"] >= RULES_MAX:
            raise Refusal("rules-max", "There are %(max)s rules already: delete one first.", max=RULES_MAX)
    return await change_rules(unit, [rule], RULE_WRITTEN, judge)


async def switch_rule(unit: Unit, key: str, judge: Judge, *, on: bool) -> str:
    """The rule is asked from now on, or not any more; returns the line of the log."""
    rule = await get_rule(unit, key)
    return await change_rules(unit, [replace(rule, on=on)], RULE_ON if on else RULE_OFF, judge)


async def delete_rule(unit: Unit, key: str, judge: Judge) -> str:
    """The rule is gone, a built-in one as it came with the software; returns the line of the log."""
    rule = await get_rule(unit, key)
    before = await _snapshot(unit, [rule])
    await drop_rule(unit, key)
    after = await _snapshot(unit, [rule])
    return await write(unit, Entry(RULE_DELETED, key, before={"before": before, "after": after}), judge)


async def move_rule(unit: Unit, key: str, way: str, judge: Judge) -> str:
    """The rule changed places with its neighbour; returns the line of the log, or "" where it is first or last."""
    rule = await get_rule(unit, key)
    rules = [one for one in await find_rules(unit) if not one.fixed]
    at = [one.key for one in rules].index(key)
    other_at = at - 1 if way == UP else at + 1
    if not 0 <= other_at < len(rules):
        return ""
    other = rules[other_at]
    step = 0 if rule.position != other.position else (-1 if way == UP else 1)
    moved = [replace(rule, position=other.position + step), replace(other, position=rule.position)]
    return await change_rules(unit, moved, RULE_MOVED, judge)


def place_before(rules: Sequence[Rule], key: str) -> int:
    """The position of a rule that is asked just before that one (at the end for an empty key); raises Refusal."""
    at = next((number for number, rule in enumerate(rules) if rule.key == key), len(rules))
    above = rules[at - 1].position if at else 0
    below = rules[at].position if at < len(rules) else above + 2000
    if at < len(rules) and rules[at].fixed:
        raise Refusal("rule-place", "No rule can be asked before that one.")
    if below - above < 2:
        raise Refusal(
            "rule-place", "There is no room left before that rule: choose another place, then move it."
        )
    return (above + below) // 2


async def choose_wave(unit: Unit, actors: str, judge: Judge) -> str:
    """So many unknown actors make a wave; returns the line of the log. Raises Refusal for other numbers."""
    if not actors.isdecimal() or not 2 <= int(actors) <= 100:
        raise Refusal("wave-actors", "Write a number from 2 to 100.")
    before = await find_choice(unit, "wave_actors")
    await choose(unit, "wave_actors", actors)
    return await write(unit, Entry(WAVE_CHOSEN, actors, before={"before": before, "after": actors}), judge)


async def begin_storm(unit: Unit, storm: Storm, judge: Judge) -> str:
    """Everything from strangers is held until then; returns the line of the log."""
    return await _change_storm(unit, storm, STORM_BEGUN, judge)


async def end_storm(unit: Unit, judge: Judge) -> str:
    """Strangers are judged by the other rules; returns the line of the log. Raises Refusal without a storm."""
    storm = storm_of(await find_stamp(unit))
    if storm is None or storm.until_at <= unit.now:
        raise Refusal("no-storm", "The storm is over already.")
    return await _change_storm(unit, replace(storm, until_at=unit.now), STORM_ENDED, judge)


async def _change_storm(unit: Unit, storm: Storm, what: str, judge: Judge) -> str:
    before = storm_of(await find_stamp(unit))
    await set_storm(unit, storm)
    said = {"before": _storm_to_json(before), "after": _storm_to_json(storm)}
    return await write(unit, Entry(what, "storm", before=said), judge)


def _storm_to_json(storm: Storm | None) -> list[str]:
    return [storm.from_at.isoformat(), storm.until_at.isoformat(), storm.by] if storm else []


def _storm_from_json(told: list[str]) -> Storm | None:
    if not told:
        return None
    return Storm(datetime.fromisoformat(told[0]), datetime.fromisoformat(told[1]), told[2])


async def _snapshot(unit: Unit, rules: Sequence[Rule]) -> dict[str, Any]:
    """The rows and switches of these rules as they are, None where a rule has no row."""
    found: dict[str, Any] = {}
    for rule in rules:
        row = await unit.row(f"SELECT {', '.join(_COLUMNS)} FROM policy_rule WHERE key = ?", rule.key)
        choice = await find_choice(unit, rule.choice) if rule.choice else ""
        found[rule.key] = {"row": _plain(row), "choice": rule.choice, "value": choice}
    return found


def _plain(row: Row | None) -> dict[str, Any] | None:
    return {**row, **{name: bool(row[name]) for name in _FLAGS}} if row else None


async def _restore(unit: Unit, line: Line, judge: Judge) -> None:
    """The rules are as they were before that line; raises Refusal when one was changed since."""
    before, after = line.before["before"], line.before["after"]
    for key, told in after.items():
        row = await unit.row(f"SELECT {', '.join(_COLUMNS)} FROM policy_rule WHERE key = ?", key)
        same_choice = not told["choice"] or await find_choice(unit, told["choice"]) == told["value"]
        if _plain(row) != told["row"] or not same_choice:
            raise overtaken()
    for key, told in before.items():
        await _put_back(unit, key, told)
    await note_change(unit)


async def _put_back(unit: Unit, key: str, told: dict[str, Any]) -> None:
    await unit.execute("DELETE FROM policy_rule WHERE key = ?", key)
    if told["row"]:
        await unit.execute(
            f"INSERT INTO policy_rule (key, {', '.join(_COLUMNS)}, changed_at) "
            f"VALUES ({', '.join('?' * (len(_COLUMNS) + 2))})",
            key,
            *(told["row"][name] for name in _COLUMNS),
            unit.now,
        )
    if told["choice"]:
        await choose(unit, told["choice"], told["value"])


async def _restore_wave(unit: Unit, line: Line, judge: Judge) -> None:
    if await find_choice(unit, "wave_actors") != line.before["after"]:
        raise overtaken()
    await choose(unit, "wave_actors", line.before["before"])


async def _restore_storm(unit: Unit, line: Line, judge: Judge) -> None:
    if _storm_to_json(storm_of(await find_stamp(unit))) != line.before["after"]:
        raise overtaken()
    await set_storm(unit, _storm_from_json(line.before["before"]))


RULE_WRITTEN = verb("rule-write", mark("Wrote a rule"), mark("Undone: wrote a rule"), undo=_restore)
RULE_ON = verb("rule-on", mark("Switched a rule on"), mark("Undone: switched a rule on"), undo=_restore)
RULE_OFF = verb("rule-off", mark("Switched a rule off"), mark("Undone: switched a rule off"), undo=_restore)
RULE_MOVED = verb("rule-move", mark("Moved a rule"), mark("Undone: moved a rule"), undo=_restore)
RULE_DELETED = verb("rule-delete", mark("Deleted a rule"), mark("Undone: deleted a rule"), undo=_restore)
WAVE_CHOSEN = verb(
    "wave-actors",
    mark("Chose what makes a wave"),
    mark("Undone: chose what makes a wave"),
    undo=_restore_wave,
)
STORM_BEGUN = verb(
    "storm",
    mark("Held everything from strangers"),
    mark("Undone: held everything from strangers"),
    undo=_restore_storm,
)
STORM_ENDED = verb("storm-end", mark("Ended the storm"), mark("Undone: ended the storm"), undo=_restore_storm)
