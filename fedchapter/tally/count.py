"""Count a yes/no/abstain vote: numbers in, a report out, with every step named.

Sources: Robert's Rules (majority and two-thirds of the votes cast, a tie is lost under "more than half").
An edge met in the wild: a two-thirds rule written as "yes >= 2 x no" passes with no votes at all; here a
share of nothing is no share, and no vote passes without a yes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from fedchapter.tally.rules import OPTIONS, Quorum, Rules, check_whole

Outcome = Literal["passed", "not-passed", "no-quorum"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Ballots by option, one per member; of several by one member the caller has kept the last."""

    yes: int = 0
    no: int = 0
    abstain: int = 0

    def __post_init__(self) -> None:
        for option in OPTIONS:
            check_whole(getattr(self, option), f"the count of {option}")

    @property
    def votes(self) -> int:
        """Yes and no: an abstention is not a vote."""
        return self.yes + self.no

    @property
    def cast(self) -> int:
        """Everybody who took part."""
        return self.yes + self.no + self.abstain


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the count as data: a stable code and the numbers that its sentence names."""

    code: str
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """The result, and all that is needed to see why.

    `share` is None when there was nothing to be a share of. `needed` is the least number of yes that reaches
    the threshold at this `base_value`, `quorum_needed` the least number of ballots that makes the quorum.
    `tied`: as many yes as no, and some. `on_the_line`: the share equals the threshold exactly.
    """

    rules: Rules
    counts: Counts
    roll_count: int
    base_value: int
    share: Fraction | None
    needed: int
    quorum_needed: int
    quorum_met: bool
    threshold_reached: bool
    tied: bool
    on_the_line: bool
    outcome: Outcome
    steps: tuple[Step, ...]

    @property
    def passed(self) -> bool:
        """Quorum met and threshold reached."""
        return self.outcome == "passed"


def tally(rules: Rules, ballots: Counts | Mapping[str, int] | Iterable[str], roll_count: int) -> Report:
    """The report on `ballots`: counts, counts by option name, or one option name per ballot in any order.

    Raises ValueError for an unknown option, an impossible number, or more ballots than `roll_count` members.
    """
    check_whole(roll_count, "the number of members on the roll")
    counts = to_counts(ballots)
    if counts.cast > roll_count:
        raise ValueError(f"{counts.cast} ballots, but only {roll_count} members on the roll")
    base_value = {"votes": counts.votes, "cast": counts.cast, "roll": roll_count}[rules.base]
    share = Fraction(counts.yes, base_value) if base_value else None
    quorum_needed = _quorum_needed(rules.quorum, roll_count)
    quorum_met = counts.cast >= quorum_needed
    reached = _is_reached(rules, counts.yes, share)
    report = Report(
        rules=rules,
        counts=counts,
        roll_count=roll_count,
        base_value=base_value,
        share=share,
        needed=_least(rules.threshold.fraction * base_value, strict=rules.strict, floor_value=1),
        quorum_needed=quorum_needed,
        quorum_met=quorum_met,
        threshold_reached=reached,
        tied=counts.yes == counts.no and counts.yes > 0,
        on_the_line=share is not None and share == rules.threshold.fraction,
        outcome=_outcome(quorum_met, reached),
        steps=(),
    )
    return _with_steps(report)


def to_counts(ballots: Counts | Mapping[str, int] | Iterable[str]) -> Counts:
    """Counts by option, whatever form the ballots came in; raises ValueError for an unknown option."""
    if isinstance(ballots, Counts):
        return ballots
    if isinstance(ballots, str):
        raise ValueError("one option name is not a list of ballots")
    by_option = dict(ballots) if isinstance(ballots, Mapping) else dict(Counter(ballots))
    unknown = [option for option in by_option if option not in OPTIONS]
    if unknown:
        raise ValueError(f"unknown option {unknown[0]!r}; one of {', '.join(OPTIONS)}")
    return Counts(**by_option)


def _least(exact: Fraction, *, strict: bool, floor_value: int) -> int:
    """The least whole number at or above `exact` (above it when strict), never below `floor_value`."""
    least = floor(exact) + 1 if strict else ceil(exact)
    return max(least, floor_value)


def _quorum_needed(quorum: Quorum, roll_count: int) -> int:
    """How many members must take part, of this roll."""
    return _least(quorum.share.fraction * roll_count, strict=quorum.strict, floor_value=quorum.minimum)


def _is_reached(rules: Rules, yes: int, share: Fraction | None) -> bool:
    """Whether the share of yes reaches the threshold; never without a yes, never of nothing."""
    if share is None or yes == 0:
        return False
    if rules.strict:
        return share > rules.threshold.fraction
    return share >= rules.threshold.fraction


def _outcome(quorum_met: bool, reached: bool) -> Outcome:
    """What is announced. Without a quorum nothing was decided, however the votes fell."""
    if not quorum_met:
        return "no-quorum"
    return "passed" if reached else "not-passed"


def _with_steps(report: Report) -> Report:
    """The same report with its steps in the order in which one would count by hand."""
    counts, rules = report.counts, report.rules
    steps = [
        Step("counted", {"yes": counts.yes, "no": counts.no, "abstain": counts.abstain}),
        Step(
            "quorum-met" if report.quorum_met else "quorum-missed",
            {"cast": counts.cast, "roll": report.roll_count, "needed": report.quorum_needed},
        ),
        Step(f"base-{rules.base}", {"base": report.base_value}),
    ]
    if report.base_value == 0:
        steps.append(Step("nothing-to-count", {}))
    else:
        steps.append(_threshold_step(report))
    if report.tied:
        steps.append(Step("tie", {"yes": counts.yes, "no": counts.no}))
    if report.on_the_line:
        code = "on-the-line-strict" if rules.strict else "on-the-line"
        steps.append(Step(code, _threshold_numbers(report)))
    steps.append(Step(report.outcome, {}))
    return replace(report, steps=tuple(steps))


def _threshold_step(report: Report) -> Step:
    """The comparison that decides."""
    verdict = "reached" if report.threshold_reached else "missed"
    kind = "more-than" if report.rules.strict else "at-least"
    return Step(f"{kind}-{verdict}", _threshold_numbers(report))


def _threshold_numbers(report: Report) -> dict[str, int]:
    """What the sentences about the threshold name."""
    threshold = report.rules.threshold
    return {
        "yes": report.counts.yes,
        "base": report.base_value,
        "needed": report.needed,
        "num": threshold.num,
        "den": threshold.den,
    }
