"""The steps of a count as English sentences; pages in other languages translate the codes instead."""

from typing import Final

from fedchapter.tally.count import Report

SENTENCES: Final = {
    "counted": "Members cast {yes} yes, {no} no and {abstain} abstain.",
    "quorum-met": "{cast} of {roll} members took part; {needed} or more had to. The vote counts.",
    "quorum-missed": "{cast} of {roll} members took part; {needed} or more had to. Nothing is decided.",
    "base-votes": "The share is taken of yes and no together: {base}. Abstentions are not votes.",
    "base-cast": "The share is taken of all ballots cast, abstentions included: {base}.",
    "base-roll": "The share is taken of all members on the roll, whether they took part or not: {base}.",
    "nothing-to-count": "That is nothing, and nothing has no share, so the threshold is not reached.",
    "more-than-reached": "More than {num}/{den} of {base} must say yes, so {needed} or more: {yes} did.",
    "more-than-missed": "More than {num}/{den} of {base} must say yes, so {needed} or more: only {yes} did.",
    "at-least-reached": "At least {num}/{den} of {base} must say yes, so {needed} or more: {yes} did.",
    "at-least-missed": "At least {num}/{den} of {base} must say yes, so {needed} or more: only {yes} did.",
    "tie": "It is a tie, {yes} to {no}; the threshold declared before the vote decides it.",
    "on-the-line": "{yes} of {base} is exactly {num}/{den}, which is enough.",
    "on-the-line-strict": "{yes} of {base} is exactly {num}/{den}, which is not more than {num}/{den}.",
    "passed": "The proposal passed.",
    "not-passed": "The proposal did not pass.",
    "no-quorum": "The proposal did not pass, for want of a quorum.",
}


def explain(report: Report) -> list[str]:
    """The count in sentences, in the order in which one would do it by hand."""
    return [SENTENCES[step.code].format(**step.numbers) for step in report.steps]
