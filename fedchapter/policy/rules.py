"""A rule: conditions that must all hold, and what is decided then. Rows become functions once, not at every message.

operations.md §1.4, §1.6 (readable, named, no shadow rules). Rules are asked from the top; the first that speaks wins.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..text import fold
from .facts import Facts
from .verdict import HOLD, REFUSE, SHOW, Verdict

DECISIONS: Final = (SHOW, HOLD, REFUSE)
CHOICE, NUMBER, FLAG, WORDS, HOSTS = "choice", "number", "flag", "words", "hosts"
IS, IS_NOT, AT_LEAST, AT_MOST, YES, NO, HAS, HAS_NOT = (
    "is", "is-not", "at-least", "at-most", "yes", "no", "has", "has-not",
)  # fmt: skip
OPERATORS: Final = {
    CHOICE: (IS, IS_NOT),
    NUMBER: (AT_LEAST, AT_MOST),
    FLAG: (YES, NO),
    WORDS: (HAS, HAS_NOT),
    HOSTS: (HAS, HAS_NOT),
}
READS: Final[dict[str, tuple[str, Callable[[Facts], object]]]] = {
    "relation": (CHOICE, lambda facts: facts.relation),
    "what": (CHOICE, lambda facts: facts.what),
    "mark": (CHOICE, lambda facts: facts.mark),
    "host_mark": (CHOICE, lambda facts: facts.host_mark),
    "first": (FLAG, lambda facts: facts.first),
    "reply": (FLAG, lambda facts: facts.reply),
    "vouched": (FLAG, lambda facts: facts.vouched),
    "robot": (FLAG, lambda facts: facts.robot),
    "storm": (FLAG, lambda facts: facts.storm),
    "wave": (FLAG, lambda facts: facts.wave),
    "actor_days": (NUMBER, lambda facts: facts.actor_days),
    "host_days": (NUMBER, lambda facts: facts.host_days),
    "account_days": (NUMBER, lambda facts: facts.account_days),
    "mentions": (NUMBER, lambda facts: facts.shape.mentions),
    "links": (NUMBER, lambda facts: facts.shape.links),
    "media": (NUMBER, lambda facts: facts.shape.media),
    "copies": (NUMBER, lambda facts: facts.copies),
    "text": (WORDS, lambda facts: facts.shape.text),
    "host": (HOSTS, lambda facts: facts.host_names),
    "link_hosts": (HOSTS, lambda facts: facts.link_names),
    "actor": (CHOICE, lambda facts: facts.actor),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact compared: `values` are the choices, words or hosts of which one is enough, or one number as text."""

    fact: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """`key` is its lasting name; `name` says what it does, `words` why, to whoever reads the log. All `conditions`
    must hold. What an `expiring` rule holds goes by itself when nobody looks; a `fixed` rule stays as and where it is.
    The switch of a rule with a `choice` is that setting (store.choices)."""

    key: str
    name: str
    words: str
    decision: str
    conditions: tuple[Condition, ...] = ()
    on: bool = True
    expiring: bool = False
    position: int = 0
    score: int = 0
    built_in: bool = False
    fixed: bool = False
    choice: str = ""


Test = Callable[[Facts], bool]
Decide = Callable[[Facts], Rule | None]


@dataclass(slots=True)
class _Table:
    """The rules that may speak when some facts are given. Those about servers are in `full` only: a message that names
    none of `hosts` and links to none of `links` is asked by the `short` list."""

    full: list[tuple[Test, Rule]] = field(default_factory=list)
    short: list[tuple[Test, Rule]] = field(default_factory=list)
    hosts: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()

    def add(self, rule: Rule, conditions: Sequence[Condition]) -> None:
        """One rule more, with what is still to be asked."""
        entry = (to_test(conditions), rule)
        self.full.append(entry)
        guard = next(
            (one for one in conditions if one.fact in ("host", "link_hosts") and one.operator == HAS), None
        )
        if guard is None:
            self.short.append(entry)
        elif guard.fact == "host":
            self.hosts |= frozenset(guard.values)
        else:
            self.links |= frozenset(guard.values)

    def rules_for(self, facts: Facts) -> list[tuple[Test, Rule]]:
        """Those that have to be asked about that message."""
        if self.hosts and not self.hosts.isdisjoint(facts.host_names):
            return self.full
        if self.links and not self.links.isdisjoint(facts.link_names):
            return self.full
        return self.short


def compiled(rules: Iterable[Rule]) -> Decide:
    """A function that finds the first rule that speaks, or None; rules that are off are left out.

    What every rule asks first, who sent it and what it is, sorts them out once and not at every message.
    """
    asked = tuple(rule for rule in rules if rule.on)
    tables: dict[tuple[str, str], _Table] = {}

    def first(facts: Facts) -> Rule | None:
        key = (facts.relation, facts.what)
        table = tables.get(key)
        if table is None:
            table = tables[key] = _table(asked, dict(zip(_SORTING, key, strict=True)))
        for test, rule in table.rules_for(facts):
            if test(facts):
                return rule
        return None

    return first


_SORTING: Final = ("relation", "what")


def _table(rules: Iterable[Rule], given: dict[str, str]) -> _Table:
    """The rules that may speak when these facts are given, up to one that always speaks."""
    table = _Table()
    for rule in rules:
        sorting = [one for one in rule.conditions if one.fact in given]
        if all((given[one.fact] in one.values) is (one.operator == IS) for one in sorting):
            rest = [one for one in rule.conditions if one.fact not in given]
            table.add(rule, rest)
            if not rest:
                break
    return table


def to_test(conditions: Sequence[Condition]) -> Test:
    """Whether all conditions hold; a rule without any always speaks."""
    tests = [_test(condition) for condition in sorted(conditions, key=_cost)]
    if len(tests) == 1:
        return tests[0]

    def all_hold(facts: Facts) -> bool:
        for test in tests:  # noqa: SIM110 - half the time of all(), and every message asks every rule
            if not test(facts):
                return False
        return True

    return all_hold


def _cost(condition: Condition) -> int:
    """What reads the text comes last: most messages are decided before."""
    if condition.fact in ("text", "link_hosts", "mentions", "links", "media"):
        return 2
    return 0 if READS[condition.fact][0] == CHOICE else 1


def _test(condition: Condition) -> Test:
    sort, read = READS[condition.fact]
    negated = condition.operator in (IS_NOT, HAS_NOT, NO)
    if sort == FLAG:
        return lambda facts: bool(read(facts)) is not negated
    if sort == NUMBER:
        return _number_test(read, condition.operator, int(condition.values[0]))
    if sort == CHOICE:
        wanted = frozenset(condition.values)
        return lambda facts: (read(facts) in wanted) is not negated
    if sort == WORDS:
        return _words_test(tuple(word for value in condition.values if (word := fold(value))), negated)
    hosts = frozenset(condition.values)
    return lambda facts: hosts.isdisjoint(read(facts)) is negated  # type: ignore[arg-type]


def _words_test(words: tuple[str, ...], negated: bool) -> Test:
    def has(facts: Facts) -> bool:
        text = facts.shape.text
        for word in words:
            if word in text:
                return not negated
        return negated

    return has


def _number_test(read: Callable[[Facts], object], operator: str, bound: int) -> Test:
    if operator == AT_LEAST:
        return lambda facts: read(facts) >= bound  # type: ignore[operator]
    return lambda facts: read(facts) <= bound  # type: ignore[operator]


def to_verdict(rule: Rule, facts: Facts, *, group: str = "", wave: str = "") -> Verdict:
    """What the rule says of that message; the wave is told where it is why."""
    return Verdict(
        rule.decision,
        rule.key,
        rule.words or rule.name,
        rule.score,
        group,
        rule.name,
        facts.relation,
        expiring=rule.expiring,
        wave=wave if any(one.fact in ("wave", "copies") for one in rule.conditions) else "",
    )
