"""A proposal's stage in words: what members read on a card and other servers in the summary.

DESIGN §4.1: Mastodon shows only name, summary and link of an Article, so the summary says stage, deadline and how to
take part, and changes at every transition.
"""

from zoneinfo import ZoneInfoNotFoundError

from ....errors import Refusal
from ....tally import Report, Rules
from ....text import human_when
from .rows import CLOSED, DISCUSSION, VOTING, WITHDRAWN, ProposalRow

OUTCOMES = {"passed": "Passed", "not-passed": "Not passed", "no-quorum": "No quorum"}
OPTION_WORDS = {"yes": "Yes", "no": "No", "abstain": "Abstain"}
_BASES = {
    "votes": "yes and no votes together (abstentions are not votes)",
    "cast": "all ballots cast, abstentions included",
    "roll": "all members on the roll",
}


def stage_line(row: ProposalRow, zone: str) -> str:
    """One short line: the stage and its deadline, or the outcome."""
    if row.stage == VOTING and row.closes_at is not None:
        return f"Vote open until {deadline_words(row, zone)}"
    if row.stage == CLOSED:
        return OUTCOMES[row.outcome]
    return {DISCUSSION: "Under discussion", WITHDRAWN: "Withdrawn"}.get(row.stage, "Draft")


def deadline_words(row: ProposalRow, zone: str) -> str:
    """The closing time with weekday and zone; in UTC when the chapter's zone is not known here."""
    assert row.closes_at is not None
    try:
        return human_when(row.closes_at, None, zone)
    except (Refusal, ZoneInfoNotFoundError):
        return human_when(row.closes_at, None, "UTC")


def rules_words(rules: Rules) -> str:
    """What has to happen for it to pass, in one sentence."""
    how = "more than" if rules.strict else "at least"
    share = f"{rules.threshold.num}/{rules.threshold.den}"
    return f"It passes with {how} {share} yes, of {_BASES[rules.base]}. {quorum_words(rules)}"


def quorum_words(rules: Rules) -> str:
    """How many members have to take part, in one sentence."""
    quorum = rules.quorum
    least = f"at least {quorum.minimum} member{'s' if quorum.minimum != 1 else ''}"
    if quorum.share.num == 0:
        return f"{least.capitalize()} must take part."
    how = "more than" if quorum.strict else "at least"
    return f"For a quorum {how} {quorum.share.num}/{quorum.share.den} of the members must take part, and {least}."


def result_line(report: Report) -> str:
    """The outcome with its figures, in one line."""
    counts = report.counts
    figures = f"{counts.yes} yes, {counts.no} no, {counts.abstain} abstain, of {report.roll_count} members"
    return f"{OUTCOMES[report.outcome]}: {figures}."
