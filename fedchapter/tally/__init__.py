"""Counting: pure functions from ballots and declared rules to a report that explains itself.

May import nothing of fedchapter but `errors`; no database, network, web or voting library.

Decision: the count is our own, in int and Fraction only, because a binding result must come out the same on
every machine and for every chapter that recomputes it; the libraries that were tried broke ties by unseeded
chance. Here nothing is rounded and nothing is drawn: the rule declared before the opening decides, at the
edges too (nobody voted, all abstained, exactly on the threshold). What makes no sense (more ballots than
people on the roll, a threshold that always passes) raises ValueError and is never repaired.
"""

from fedchapter.tally.count import Counts, Outcome, Report, Step, tally
from fedchapter.tally.explain import explain
from fedchapter.tally.rules import (
    METHOD,
    OPTIONS,
    SIMPLE_MAJORITY,
    TIE_RULE,
    TWO_THIRDS,
    Base,
    Quorum,
    Ratio,
    Rules,
)

__all__ = [
    "METHOD",
    "OPTIONS",
    "SIMPLE_MAJORITY",
    "TIE_RULE",
    "TWO_THIRDS",
    "Base",
    "Counts",
    "Outcome",
    "Quorum",
    "Ratio",
    "Report",
    "Rules",
    "Step",
    "explain",
    "tally",
]
