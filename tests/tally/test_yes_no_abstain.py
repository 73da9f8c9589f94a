"""The count at its edges, against an independent oracle, and for what must hold of every vote."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedchapter.tally import (
    OPTIONS,
    SIMPLE_MAJORITY,
    TWO_THIRDS,
    Counts,
    Quorum,
    Ratio,
    Report,
    Rules,
    explain,
    tally,
)

BASES = ("votes", "cast", "roll")


def oracle(rules: Rules, yes: int, no: int, abstain: int, roll: int) -> bool:
    """Written apart from the code under test: cross-multiplied integers, no Fraction, no division."""
    cast = yes + no + abstain
    base = {"votes": yes + no, "cast": cast, "roll": roll}[rules.base]
    left, right = yes * rules.threshold.den, rules.threshold.num * base
    enough_yes = yes > 0 and (left > right or (left == right and not rules.strict))
    quorum_left, quorum_right = cast * rules.quorum.share.den, rules.quorum.share.num * roll
    share_there = quorum_left > quorum_right or (quorum_left == quorum_right and not rules.quorum.strict)
    return enough_yes and share_there and cast >= rules.quorum.minimum


@st.composite
def ratios(draw: st.DrawFn, *, least: int = 0, below_one: bool = False) -> Ratio:
    den = draw(st.integers(1 + (below_one and least > 0), 12))
    return Ratio(draw(st.integers(least, den - 1 if below_one else den)), den)


@st.composite
def rule_sets(draw: st.DrawFn) -> Rules:
    strict, quorum_strict = draw(st.booleans()), draw(st.booleans())
    quorum = Quorum(draw(ratios(below_one=quorum_strict)), quorum_strict, draw(st.integers(0, 6)))
    threshold = draw(ratios(least=0 if strict else 1, below_one=strict))
    return Rules(threshold, strict, draw(st.sampled_from(BASES)), quorum)


@st.composite
def votes(draw: st.DrawFn) -> tuple[Counts, int]:
    counts = Counts(*(draw(st.integers(0, 25)) for _ in OPTIONS))
    return counts, counts.cast + draw(st.integers(0, 40))


@given(rule_sets(), votes())
def test_the_count_agrees_with_cross_multiplied_integers(rules: Rules, vote: tuple[Counts, int]) -> None:
    counts, roll = vote
    report = tally(rules, counts, roll)
    assert report.passed is oracle(rules, counts.yes, counts.no, counts.abstain, roll)


def test_the_count_agrees_with_cross_multiplied_integers_for_every_small_vote() -> None:
    shares = (Ratio(1, 2), Ratio(2, 3), Ratio(3, 5), Ratio(2, 4))
    for roll, yes, no, abstain in product(range(7), repeat=4):
        if yes + no + abstain <= roll:
            _check_under_every_rule(shares, (yes, no, abstain), roll)


def _check_under_every_rule(shares: tuple[Ratio, ...], counts: tuple[int, int, int], roll: int) -> None:
    for share in shares:
        for base in BASES:
            for strict in (True, False):
                rules = Rules(share, strict, base, Quorum(share, not strict, 1))
                assert tally(rules, Counts(*counts), roll).passed is oracle(rules, *counts, roll)


@given(rule_sets(), votes(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_changes_nothing(
    rules: Rules, vote: tuple[Counts, int], rng: random.Random
) -> None:
    counts, roll = vote
    ballots = ["yes"] * counts.yes + ["no"] * counts.no + ["abstain"] * counts.abstain
    rng.shuffle(ballots)
    by_name = {"abstain": counts.abstain, "no": counts.no, "yes": counts.yes}
    expected = tally(rules, counts, roll)
    assert tally(rules, ballots, roll) == expected
    assert tally(rules, iter(ballots), roll) == expected
    assert tally(rules, by_name, roll) == expected


@given(rule_sets(), votes())
def test_more_yes_never_harms_a_proposal(rules: Rules, vote: tuple[Counts, int]) -> None:
    counts, roll = vote
    if not tally(rules, counts, roll).passed:
        return
    for option in ("no", "abstain"):
        if getattr(counts, option):
            turned = replace(counts, yes=counts.yes + 1, **{option: getattr(counts, option) - 1})
            assert tally(rules, turned, roll).passed
    if roll > counts.cast:
        assert tally(rules, replace(counts, yes=counts.yes + 1), roll).passed


@given(rule_sets(), votes())
def test_a_no_more_never_helps_a_proposal_that_had_its_quorum(rules: Rules, vote: tuple[Counts, int]) -> None:
    counts, roll = vote
    before = tally(rules, counts, roll + 1)
    if before.passed or not before.quorum_met:
        return
    assert not tally(rules, replace(counts, no=counts.no + 1), roll + 1).passed


@given(rule_sets(), votes())
def test_needed_is_the_least_yes_that_passes_at_that_base(rules: Rules, vote: tuple[Counts, int]) -> None:
    counts, roll = vote
    report = tally(rules, counts, roll)
    if not report.base_value:
        return
    assert report.threshold_reached is (counts.yes >= report.needed)
    assert report.quorum_met is (counts.cast >= report.quorum_needed)


@given(rule_sets(), votes())
def test_every_report_explains_itself_in_whole_sentences(rules: Rules, vote: tuple[Counts, int]) -> None:
    report = tally(rules, *vote)
    sentences = explain(report)
    assert len(sentences) == len(report.steps) >= 4
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in sentences)
    assert report.steps[-1].code == report.outcome


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("roll", [0, 10])
def test_nobody_voting_never_passes(base: str, strict: bool, roll: int) -> None:
    rules = Rules(Ratio(2, 3), strict, base, Quorum(minimum=0))  # type: ignore[arg-type]
    report = tally(rules, Counts(), roll)
    assert report.outcome == "not-passed"
    assert report.quorum_met


@pytest.mark.parametrize("base", BASES)
def test_all_abstaining_never_passes_though_the_quorum_is_met(base: str) -> None:
    rules = Rules(Ratio(1, 2), False, base, Quorum(Ratio(1, 2)))  # type: ignore[arg-type]
    report = tally(rules, Counts(abstain=10), 10)
    assert report.quorum_met
    assert report.outcome == "not-passed"
    assert report.share == (None if base == "votes" else Fraction(0))


def test_exactly_two_thirds_is_enough_when_the_rule_says_at_least() -> None:
    report = tally(TWO_THIRDS, Counts(yes=20, no=10, abstain=7), 100)
    assert report.share == Fraction(2, 3)
    assert report.on_the_line
    assert report.passed


def test_exactly_two_thirds_is_not_enough_when_the_rule_says_more_than() -> None:
    report = tally(replace(TWO_THIRDS, strict=True), Counts(yes=20, no=10), 100)
    assert report.on_the_line
    assert not report.passed
    assert "20 of 30 is exactly 2/3, which is not more than 2/3." in explain(report)


def test_one_short_of_two_thirds_is_never_rounded_up() -> None:
    assert not tally(TWO_THIRDS, Counts(yes=666_666, no=333_334), 1_000_000).passed
    assert tally(TWO_THIRDS, Counts(yes=666_667, no=333_333), 1_000_000).passed


def test_a_tie_is_lost_under_more_than_half_and_reported() -> None:
    report = tally(SIMPLE_MAJORITY, Counts(yes=5, no=5, abstain=3), 20)
    assert report.tied
    assert report.outcome == "not-passed"
    assert "It is a tie, 5 to 5; the threshold declared before the vote decides it." in explain(report)


def test_a_tie_passes_under_half_or_more_because_that_was_declared() -> None:
    report = tally(Rules(Ratio(1, 2), strict=False), Counts(yes=5, no=5), 20)
    assert report.tied
    assert report.passed


def test_an_abstention_is_no_vote_by_default_and_a_no_when_the_base_says_so() -> None:
    counts = Counts(yes=5, no=3, abstain=4)
    assert tally(Rules(base="votes"), counts, 20).passed
    assert not tally(Rules(base="cast"), counts, 20).passed


def test_those_who_stayed_away_count_against_when_the_base_is_the_roll() -> None:
    assert not tally(Rules(base="roll"), Counts(yes=10), 20).passed
    assert tally(Rules(base="roll"), Counts(yes=11), 20).passed


@pytest.mark.parametrize(
    ("quorum", "cast", "roll", "met"),
    [
        (Quorum(Ratio(1, 2)), 5, 10, True),
        (Quorum(Ratio(1, 2)), 4, 10, False),
        (Quorum(Ratio(1, 2), strict=True), 5, 10, False),
        (Quorum(Ratio(1, 2), strict=True), 6, 10, True),
        (Quorum(Ratio(1, 2)), 5, 11, False),
        (Quorum(Ratio(1, 2)), 6, 11, True),
        (Quorum(Ratio(1, 2), strict=True), 6, 11, True),
        (Quorum(Ratio(1, 10), minimum=5), 4, 30, False),
        (Quorum(Ratio(1, 10), minimum=5), 5, 30, True),
        (Quorum(Ratio(1, 3)), 33, 100, False),
        (Quorum(Ratio(1, 3)), 34, 100, True),
        (Quorum(Ratio(1, 1)), 10, 10, True),
        (Quorum(Ratio(1, 1)), 9, 10, False),
        (Quorum(minimum=0), 0, 10, True),
        (Quorum(), 0, 10, False),
    ],
)
def test_a_quorum_is_exact_at_its_edge(quorum: Quorum, cast: int, roll: int, met: bool) -> None:
    report = tally(Rules(quorum=quorum), Counts(yes=cast), roll)
    assert report.quorum_met is met
    assert report.outcome == ("no-quorum" if not met else "passed" if cast else "not-passed")


def test_abstaining_helps_to_make_the_quorum() -> None:
    rules = Rules(quorum=Quorum(Ratio(1, 2)))
    assert tally(rules, Counts(yes=1), 10).outcome == "no-quorum"
    assert tally(rules, Counts(yes=1, abstain=4), 10).passed


def test_more_ballots_than_people_on_the_roll_are_refused() -> None:
    with pytest.raises(ValueError, match="only 2 members"):
        tally(SIMPLE_MAJORITY, Counts(yes=1, no=1, abstain=1), 2)


@pytest.mark.parametrize(
    "ballots",
    [
        ["yes", "block"],
        {"yes": 1, "maybe": 0},
        "yes",
        {"yes": -1},
        {"yes": True},
        {"yes": 1.0},
        {"yes": 2**53},
    ],
)
def test_ballots_that_make_no_sense_are_refused(ballots: object) -> None:
    with pytest.raises(ValueError, match=r"unknown option|whole number|not a list"):
        tally(SIMPLE_MAJORITY, ballots, 10)  # type: ignore[arg-type]


@pytest.mark.parametrize("roll", [-1, True, 10.0, 2**53])
def test_a_roll_that_is_no_count_is_refused(roll: object) -> None:
    with pytest.raises(ValueError, match="roll"):
        tally(SIMPLE_MAJORITY, Counts(), roll)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Ratio(3, 2),
        lambda: Ratio(1, 0),
        lambda: Ratio(-1, 2),
        lambda: Ratio(0.5, 1),  # type: ignore[arg-type]
        lambda: Rules(Ratio(1, 1), strict=True),
        lambda: Rules(Ratio(0, 1), strict=False),
        lambda: Rules(base="present"),  # type: ignore[arg-type]
        lambda: Rules(method="yes-no-abstain/2"),
        lambda: Quorum(Ratio(1, 1), strict=True),
        lambda: Quorum(minimum=-1),
        lambda: Quorum(base="cast"),  # type: ignore[arg-type]
    ],
)
def test_rules_that_could_never_or_always_pass_are_refused(make: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        make()  # type: ignore[operator]


def test_the_explanation_reads_as_one_would_count_by_hand() -> None:
    report: Report = tally(TWO_THIRDS, Counts(yes=61, no=22, abstain=5), 120)
    assert explain(report) == [
        "Members cast 61 yes, 22 no and 5 abstain.",
        "88 of 120 members took part; 1 or more had to. The vote counts.",
        "The share is taken of yes and no together: 83. Abstentions are not votes.",
        "At least 2/3 of 83 must say yes, so 56 or more: 61 did.",
        "The proposal passed.",
    ]
