"""The steps of a count as sentences, in the language that is spoken."""

from typing import Final

from fedchapter.tally.count import Report
from fedchapter.words import mark, say

SENTENCES: Final = {
    "counted": mark("Members cast %(yes)s yes, %(no)s no and %(abstain)s abstain."),
    "quorum-met": mark("%(cast)s of %(roll)s members took part; %(needed)s or more had to. The vote counts."),
    "quorum-missed": mark(
        "%(cast)s of %(roll)s members took part; %(needed)s or more had to. Nothing is decided."
    ),
    "base-votes": mark("The share is taken of yes and no together: %(base)s. Abstentions are not votes."),
    "base-cast": mark("The share is taken of all ballots cast, abstentions included: %(base)s."),
    "base-roll": mark(
        "The share is taken of all members on the roll, whether they took part or not: %(base)s."
    ),
    "nothing-to-count": mark("That is nothing, and nothing has no share, so the threshold is not reached."),
    "more-than-reached": mark(
        "More than %(num)s/%(den)s of %(base)s must say yes, so %(needed)s or more: %(yes)s did."
    ),
    "more-than-missed": mark(
        "More than %(num)s/%(den)s of %(base)s must say yes, so %(needed)s or more: only %(yes)s did."
    ),
    "at-least-reached": mark(
        "At least %(num)s/%(den)s of %(base)s must say yes, so %(needed)s or more: %(yes)s did."
    ),
    "at-least-missed": mark(
        "At least %(num)s/%(den)s of %(base)s must say yes, so %(needed)s or more: only %(yes)s did."
    ),
    "tie": mark("It is a tie, %(yes)s to %(no)s; the threshold declared before the vote decides it."),
    "on-the-line": mark("%(yes)s of %(base)s is exactly %(num)s/%(den)s, which is enough."),
    "on-the-line-strict": mark(
        "%(yes)s of %(base)s is exactly %(num)s/%(den)s, which is not more than %(num)s/%(den)s."
    ),
    "passed": mark("The proposal passed."),
    "not-passed": mark("The proposal did not pass."),
    "no-quorum": mark("The proposal did not pass, for want of a quorum."),
}


def explain(report: Report) -> list[str]:
    """The count in sentences, in the order in which one would do it by hand."""
    return [say(SENTENCES[step.code], **step.numbers) for step in report.steps]
