"""The rules every chapter begins with. A row of the same key changes one; what is added here later comes in by itself.

operations.md §1.4 and §1.5; issue "Hold, don't drop". Marks come first, then whom we know, then what strangers send.
"""

from dataclasses import replace

from ..words import mark
from .facts import CONTENT, EVENT, FOLLOW, MESSAGE, NEED, POST, PROPOSAL, REPLY, SHARE
from .rules import AT_LEAST, IS, YES, Condition, Rule
from .verdict import HOLD, REFUSE, SHOW

STEP = 1000
_STRANGERS = Condition("relation", IS, ("stranger", "limited"))


def _is(fact: str, *values: str) -> Condition:
    return Condition(fact, IS, values)


_RULES = (
    Rule(
        "refused",
        mark("Nothing is taken from those whom we refuse"),
        mark("an admin refused this actor"),
        REFUSE,
        (_is("mark", "refuse"),),
        fixed=True,
    ),
    Rule(
        "marked-hold",
        mark("Whatever comes from those on hold waits"),
        mark("an admin wants to see what comes from there first"),
        HOLD,
        (_is("mark", "hold"),),
        score=20,
        fixed=True,
    ),
    Rule(
        "own",
        mark("What our own actors write is shown"),
        mark("it is from here"),
        SHOW,
        (_is("relation", "own"),),
    ),
    Rule(
        "sister",
        mark("Sister chapters are shown"),
        mark("it is from a sister chapter"),
        SHOW,
        (_is("relation", "sister"),),
    ),
    Rule(
        "followed",
        mark("Those whom the chapter follows are shown"),
        mark("the chapter follows this actor"),
        SHOW,
        (_is("relation", "followed"),),
    ),
    Rule(
        "member",
        mark("Accounts with which our members sign in are shown"),
        mark("this account is known here"),
        SHOW,
        (_is("relation", "member"),),
    ),
    Rule(
        "approved",
        mark("Those who were approved are shown"),
        mark("approved before"),
        SHOW,
        (_is("relation", "approved"),),
    ),
    Rule(
        "limited",
        mark("Whatever comes from those with a limit waits"),
        mark("an admin limited this actor or its server"),
        HOLD,
        (_is("mark", "limit"), _is("what", *sorted(CONTENT | {FOLLOW}))),
        score=20,
    ),
    Rule(
        "circle",
        mark("Servers that our sister chapters vouch for are shown"),
        mark("a sister chapter vouches for its server"),
        SHOW,
        (_is("relation", "circle"),),
    ),
    Rule(
        "storm",
        mark("In a storm, everything from strangers waits"),
        mark("a storm: everything from strangers waits"),
        HOLD,
        (Condition("storm", YES), _STRANGERS, _is("what", *sorted(CONTENT | {FOLLOW}))),
        score=10,
    ),
    Rule(
        "vouched",
        mark("What somebody we know shares is shown"),
        mark("somebody we know shared it"),
        SHOW,
        (Condition("vouched", YES), _is("what", SHARE)),
    ),
    Rule(
        "wave",
        mark("What several strangers send alike within an hour waits"),
        mark("several unknown actors sent the like within an hour"),
        HOLD,
        (Condition("wave", YES), _STRANGERS),
        expiring=True,
        score=30,
    ),
    Rule(
        "first-links",
        mark("A stranger's first mention with links waits"),
        mark("a first mention with links, of somebody new here"),
        HOLD,
        (
            Condition("first", YES),
            _STRANGERS,
            Condition("mentions", AT_LEAST, ("1",)),
            Condition("links", AT_LEAST, ("1",)),
            _is("what", REPLY, POST),
        ),
        score=15,
    ),
    Rule(
        "edited",
        mark("Changes of what is on our pages by our own choice are shown"),
        mark("somebody we know shared it, or wrote it while we knew them"),
        SHOW,
        (Condition("vouched", YES), _is("what", POST, EVENT, PROPOSAL)),
    ),
    Rule(
        "stranger-reply",
        mark("A stranger's first reply waits until it is approved"),
        mark("the first post of somebody new here"),
        HOLD,
        (_STRANGERS, _is("what", REPLY)),
        score=5,
        choice="hold_first_replies",
    ),
    Rule(
        "stranger",
        mark("What else a stranger writes to us waits until it is approved"),
        mark("the first post of somebody new here"),
        HOLD,
        (_STRANGERS, _is("what", POST, MESSAGE, EVENT, PROPOSAL, NEED)),
        score=5,
    ),
)


def built_in() -> tuple[Rule, ...]:
    """All of them, with their places, STEP apart so that others fit between."""
    return tuple(
        replace(rule, position=number * STEP, built_in=True) for number, rule in enumerate(_RULES, 1)
    )


OTHERWISE = Rule(
    "otherwise", mark("Everything else is shown"), mark("no rule holds it"), SHOW, built_in=True, fixed=True
)
