"""Rules in words that people understand: facts, values and whole conditions."""

from collections.abc import Callable, Mapping
from typing import Final

from ...policy.marks import APPROVED, HOLD, LIMIT
from ...policy.rules import AT_LEAST, CHOICE, FLAG, HAS_NOT, IS_NOT, NO, NUMBER, READS, Condition
from ...words import mark, say, say_many

DECISIONS: Final = {"show": mark("Show"), "hold": mark("Hold"), "refuse": mark("Refuse")}
RELATIONS: Final = {
    "own": mark("ourselves"),
    "sister": mark("a sister chapter"),
    "followed": mark("somebody whom the chapter follows"),
    "member": mark("an account with which a member signs in"),
    "approved": mark("somebody who was approved"),
    "circle": mark("a server that a sister chapter vouches for"),
    "limited": mark("somebody with a limit"),
    "stranger": mark("a stranger"),
}
SORTS: Final = {
    "reply": mark("a reply"),
    "post": mark("a post"),
    "share": mark("a post that somebody shares"),
    "event": mark("an event"),
    "proposal": mark("a proposal"),
    "message": mark("a private message"),
    "need": mark("a need or an offer"),
    "reaction": mark("a like or a share of ours"),
    "answer": mark("an answer to an event"),
    "vote": mark("an answer to a poll"),
    "follow": mark("a wish to follow us"),
    "sister": mark("a wish to be sister chapters"),
    "quote": mark("a wish to quote us"),
    "report": mark("a report"),
}
MARKS: Final = {
    APPROVED: mark("approved"),
    LIMIT: mark("limited"),
    HOLD: mark("on hold"),
    "refuse": mark("refused"),
    "": mark("nothing"),
}
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "relation": RELATIONS,
    "what": SORTS,
    "mark": MARKS,
    "host_mark": MARKS,
}
LABELS: Final = {
    "relation": mark("Who it is from"),
    "what": mark("What it is"),
    "mark": mark("What is decided about its author or its server"),
    "host_mark": mark("What is decided about its server"),
    "first": mark("Nothing of its author was shown here before"),
    "reply": mark("It answers something here"),
    "vouched": mark("Somebody we know shared it, or wrote it while we knew them"),
    "robot": mark("Its author says to be a robot"),
    "storm": mark("There is a storm"),
    "wave": mark("It is part of a wave"),
    "actor_days": mark("Days since we first saw its author"),
    "host_days": mark("Days since we first saw its server"),
    "account_days": mark("Days since its account was made, as it says"),
    "mentions": mark("How many it mentions"),
    "links": mark("Links"),
    "media": mark("Pictures, sounds and videos"),
    "copies": mark("Unknown actors who sent the like within the hour"),
    "text": mark("Words in it"),
    "host": mark("Its server"),
    "link_hosts": mark("Servers that it links to"),
    "actor": mark("Its author"),
}
_FLAGS: Final = {
    "first": (
        mark("nothing of its author was shown before"),
        mark("something of its author was shown before"),
    ),
    "reply": (mark("it answers something here"), mark("it answers nothing here")),
    "vouched": (mark("somebody we know vouched for it"), mark("nobody we know vouched for it")),
    "robot": (mark("its author is a robot"), mark("its author is no robot")),
    "storm": (mark("there is a storm"), mark("there is no storm")),
    "wave": (mark("it is part of a wave"), mark("it is not part of a wave")),
}


def tell(condition: Condition) -> str:
    """One condition as part of a list, in the reader's language."""
    sort = READS[condition.fact][0]
    if sort == FLAG:
        yes, no = _FLAGS[condition.fact]
        return say(no if condition.operator == NO else yes)
    label = say(LABELS[condition.fact])
    if sort == NUMBER:
        number = int(condition.values[0])
        if condition.operator == AT_LEAST:
            return say("%(what)s: at least %(num)s", what=label, num=number)
        return say("%(what)s: at most %(num)s", what=label, num=number)
    values = ", ".join(_value(condition.fact, value) for value in condition.values[:12])
    more = len(condition.values) - 12
    if more > 0:
        values = say_many(
            "%(values)s and %(num)s more", "%(values)s and %(num)s more", more, values=values, num=more
        )
    if condition.operator in (IS_NOT, HAS_NOT):
        return say("%(what)s: none of %(values)s", what=label, values=values)
    return say("%(what)s: %(values)s", what=label, values=values)


def _value(fact: str, value: str) -> str:
    words = VALUES.get(fact, {}).get(value)
    return say(words) if words is not None else value


def options(fact: str) -> list[tuple[str, str]]:
    """The values of a choice with their words."""
    assert READS[fact][0] == CHOICE
    return [(value, say(words)) for value, words in VALUES[fact].items()]


def labelled(names: Callable[[str], bool]) -> list[tuple[str, str]]:
    """The facts that a test picks, with their labels."""
    return [(fact, say(label)) for fact, label in LABELS.items() if names(fact)]
