"""From the form to a rule and back: one control for each fact, all of which must hold."""

from collections.abc import Iterator
from typing import Any, Final

from ...errors import Refusal
from ...policy.defaults import built_in
from ...policy.rules import (
    AT_LEAST,
    AT_MOST,
    CHOICE,
    DECISIONS,
    FLAG,
    HAS,
    HAS_NOT,
    HOSTS,
    IS,
    IS_NOT,
    NO,
    NUMBER,
    READS,
    WORDS,
    YES,
    Condition,
    Rule,
)
from ...vocab.uris import UriError, is_uri, to_hostname
from ...web import Form
from ...words import say
from .telling import VALUES, labelled, options

NAME_MAX, WORDS_MAX, LINES_MAX, LINE_MAX, NUMBER_MAX = 120, 200, 500, 200, 100_000
LISTS: Final = frozenset({WORDS, HOSTS})
EITHER: Final = ""


def to_rule(form: Form, key: str, position: int, before: Rule | None = None) -> Rule:
    """The rule as the form says it; raises Refusal, with the field as its code."""
    name, decision = form.text("name"), form.text("decision")
    if not 1 <= len(name) <= NAME_MAX:
        raise Refusal(
            "name", "Say in a few words what the rule does (at most %(max)s letters).", max=NAME_MAX
        )
    if decision not in DECISIONS:
        raise Refusal("decision", "Choose what is to be done.")
    conditions = tuple(_conditions(form))
    if not conditions:
        raise Refusal(
            "conditions", "Choose at least one thing that must hold: this rule would speak about everything."
        )
    usual = next((one for one in built_in() if one.key == key), None)
    words = form.text("words")[:WORDS_MAX] or name
    if usual and (name, words) == (say(usual.name), say(usual.words)):
        # Nobody wrote something else: it keeps being said in the reader's language.
        name, words = usual.name, usual.words
    return Rule(
        key,
        name,
        words,
        decision,
        conditions,
        on=form.yes("on"),
        expiring=form.yes("expiring") and decision == "hold",
        position=position,
        score=before.score if before else 15,
        built_in=usual is not None,
        choice=usual.choice if usual else "",
    )


def _conditions(form: Form) -> Iterator[Condition]:
    for fact, (sort, _) in READS.items():
        if fact == "actor":
            yield from _list(form, fact, IS, IS_NOT)
        elif sort == CHOICE:
            yield from _choice(form, fact)
        elif sort == FLAG:
            if (told := form.text(fact)) in (YES, NO):
                yield Condition(fact, told)
        elif sort == NUMBER:
            yield from _numbers(form, fact)
        else:
            yield from _list(form, fact, HAS, HAS_NOT)


def _choice(form: Form, fact: str) -> Iterator[Condition]:
    chosen = tuple(value for value in VALUES[fact] if value in form.many.get(fact, ()))
    # All of them, or none: the fact does not matter.
    if chosen and len(chosen) < len(VALUES[fact]):
        yield Condition(fact, IS, chosen)


def _numbers(form: Form, fact: str) -> Iterator[Condition]:
    for operator in (AT_LEAST, AT_MOST):
        told = form.text(f"{fact}-{operator}")
        if not told:
            continue
        if not told.isascii() or not told.isdecimal() or int(told) > NUMBER_MAX:
            raise Refusal(f"{fact}-{operator}", "Write a whole number, or nothing.")
        yield Condition(fact, operator, (str(int(told)),))


def _list(form: Form, fact: str, has: str, has_not: str) -> Iterator[Condition]:
    lines = [line.strip()[:LINE_MAX] for line in form.text(fact).split("\n")]
    values = tuple(dict.fromkeys(_checked(fact, line) for line in lines if line))
    if len(values) > LINES_MAX:
        raise Refusal(fact, "Write at most %(max)s lines.", max=LINES_MAX)
    if values:
        yield Condition(fact, has_not if form.text(f"{fact}-not") == "yes" else has, values)


def _checked(fact: str, line: str) -> str:
    if fact == "actor" and not is_uri(line):
        raise Refusal(fact, "This is no address of an account: %(line)s", line=line)
    if READS[fact][0] != HOSTS:
        return line
    try:
        return to_hostname(line)
    except UriError as error:
        raise Refusal(fact, "This is no name of a server: %(line)s", line=line) from error


def to_fields(rule: Rule) -> dict[str, Any]:
    """What the form shows of a rule: texts by field, and the ticks of each choice."""
    texts = {
        "name": say(rule.name) if rule.name else "",
        "words": say(rule.words) if rule.words else "",
        "decision": rule.decision,
    }
    ticks: dict[str, list[str]] = {}
    for one in rule.conditions:
        sort = READS[one.fact][0]
        if sort == FLAG:
            texts[one.fact] = one.operator
        elif sort == NUMBER:
            texts[f"{one.fact}-{one.operator}"] = one.values[0]
        elif sort == CHOICE and one.fact != "actor":
            ticks[one.fact] = [
                value for value in VALUES[one.fact] if (value in one.values) is (one.operator == IS)
            ]
        else:
            texts[one.fact] = "\n".join(one.values)
            texts[f"{one.fact}-not"] = "yes" if one.operator in (HAS_NOT, IS_NOT) else ""
    return {"texts": texts, "ticks": ticks, "on": rule.on, "expiring": rule.expiring}


def from_form(form: Form) -> dict[str, Any]:
    """What the form shows again after it was refused: everything as it was typed."""
    ticks = {fact: list(form.many.get(fact, ())) for fact in VALUES}
    return {
        "texts": dict(form.values),
        "ticks": ticks,
        "on": form.yes("on"),
        "expiring": form.yes("expiring"),
    }


def controls() -> dict[str, Any]:
    """Facts by the sort of control that asks for them."""
    return {
        "choices": [(fact, label, options(fact)) for fact, label in labelled(lambda fact: fact in VALUES)],
        "flags": labelled(lambda fact: READS[fact][0] == FLAG),
        "numbers": labelled(lambda fact: READS[fact][0] == NUMBER),
        "lists": labelled(lambda fact: READS[fact][0] in LISTS or fact == "actor"),
    }
