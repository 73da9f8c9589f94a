"""A proposal's stage in words: what members read on a card and other servers in the summary.

DESIGN §4.1: Mastodon shows only name, summary and link of an Article, so the summary says stage, deadline and how to
take part, and changes at every transition.
"""

from functools import cache
from zoneinfo import ZoneInfoNotFoundError

from ....errors import Refusal
from ....tally import Report, Rules
from ....text import human_when
from ....words import LANGUAGES, mark, say, say_many, speaking, spoken
from .rows import CLOSED, DISCUSSION, VOTING, WITHDRAWN, ProposalRow

OUTCOMES = {
    "passed": mark("Passed"),
    "not-passed": mark("Not passed"),
    "no-quorum": mark("No quorum"),
}
OPTION_WORDS = {"yes": mark("Yes"), "no": mark("No"), "abstain": mark("Abstain")}
_STAGES = {DISCUSSION: mark("Under discussion"), WITHDRAWN: mark("Withdrawn")}
# By base, and whether more than the threshold is asked for.
_PASSES = {
    ("votes", True): mark(
        "It passes with more than %(num)s/%(den)s yes, of yes and no votes together (abstentions are not votes)."
    ),
    ("votes", False): mark(
        "It passes with at least %(num)s/%(den)s yes, of yes and no votes together (abstentions are not votes)."
    ),
    ("cast", True): mark(
        "It passes with more than %(num)s/%(den)s yes, of all ballots cast, abstentions included."
    ),
    ("cast", False): mark(
        "It passes with at least %(num)s/%(den)s yes, of all ballots cast, abstentions included."
    ),
    ("roll", True): mark("It passes with more than %(num)s/%(den)s yes, of all members on the roll."),
    ("roll", False): mark("It passes with at least %(num)s/%(den)s yes, of all members on the roll."),
}


def option_words(option: str) -> str:
    """What one can choose, in the language that is spoken."""
    return say(OPTION_WORDS[option])


@cache
def options_by_word() -> dict[str, str]:
    """What one can choose by its word in any of our languages: a poll is answered with the word that it offered."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            found |= {option_words(option): option for option in OPTION_WORDS}
    return found


def stage_line(row: ProposalRow, zone: str) -> str:
    """One short line: the stage and its deadline, or the outcome."""
    if row.stage == VOTING and row.closes_at is not None:
        return say("Vote open until %(when)s", when=deadline_words(row, zone))
    if row.stage == CLOSED:
        return say(OUTCOMES[row.outcome])
    return say(_STAGES.get(row.stage, "Draft"))


def deadline_words(row: ProposalRow, zone: str) -> str:
    """The closing time with weekday and zone; in UTC when the chapter's zone is not known here."""
    assert row.closes_at is not None
    try:
        return human_when(row.closes_at, None, zone, spoken())
    except (Refusal, ZoneInfoNotFoundError):
        return human_when(row.closes_at, None, "UTC", spoken())


def rules_words(rules: Rules) -> str:
    """What has to happen for it to pass, in two sentences."""
    threshold = rules.threshold
    passes = say(_PASSES[rules.base, rules.strict], num=threshold.num, den=threshold.den)
    return f"{passes} {quorum_words(rules)}"


def quorum_words(rules: Rules) -> str:
    """How many members have to take part, in one sentence."""
    least, share = rules.quorum.minimum, rules.quorum.share
    if share.num == 0:
        return say_many(
            "At least %(count)s member must take part.", "At least %(count)s members must take part.", least
        )
    if rules.quorum.strict:
        return say_many(
            "For a quorum more than %(num)s/%(den)s of the members must take part, and at least %(count)s member.",
            "For a quorum more than %(num)s/%(den)s of the members must take part, and at least %(count)s members.",
            least,
            num=share.num,
            den=share.den,
        )
    return say_many(
        "For a quorum at least %(num)s/%(den)s of the members must take part, and at least %(count)s member.",
        "For a quorum at least %(num)s/%(den)s of the members must take part, and at least %(count)s members.",
        least,
        num=share.num,
        den=share.den,
    )


def result_line(report: Report) -> str:
    """The outcome with its figures, in one line."""
    counts = report.counts
    return say(
        "%(outcome)s: %(yes)s yes, %(no)s no, %(abstain)s abstain, of %(roll)s members.",
        outcome=say(OUTCOMES[report.outcome]),
        yes=counts.yes,
        no=counts.no,
        abstain=counts.abstain,
        roll=report.roll_count,
    )
