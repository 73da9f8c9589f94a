"""The rules of a yes/no/abstain vote, declared before it opens: integers only, every base named.

Robert's Rules defaults: a majority is more than half of yes and no; abstentions are not votes. A rule "of
those who cast a ballot" or "of the entire membership" makes an abstention count as a no. Nothing is rounded.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, get_args

from ..words import mark

Base = Literal["votes", "cast", "roll"]

METHOD: Final = "yes-no-abstain/1"
OPTIONS: Final = ("yes", "no", "abstain")
# The threshold leaves no tie open: "more than half" loses it, "half or more" wins it.
TIE_RULE: Final = "threshold-decides/1"
# RFC 8785 §3.2.2.3: integers beyond this are not exact in everybody's JSON.
MAX_INT: Final = 2**53 - 1


def check_whole(value: int, what: str, *, at_least: int = 0) -> None:
    """Raise ValueError unless `value` is a whole number from `at_least` to 2^53 - 1 (and no bool)."""
    if type(value) is not int or not at_least <= value <= MAX_INT:
        raise ValueError(f"{what} must be a whole number from {at_least} to 2^53 - 1, not {value!r}")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share written as two whole numbers, kept as it was declared: 2/4 stays 2/4. From 0 to 1."""

    num: int
    den: int

    def __post_init__(self) -> None:
        check_whole(self.num, "the numerator")
        check_whole(self.den, "the denominator", at_least=1)
        if self.num > self.den:
            raise ValueError(f"{self.num}/{self.den} is more than the whole")

    @property
    def fraction(self) -> Fraction:
        """The share as an exact number."""
        return Fraction(self.num, self.den)


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many members must take part (abstaining is taking part): a share of the roll and a least number.

    `strict` tells "more than half" from "half or more": the same for an odd roll, not for an even one.
    """

    share: Ratio = Ratio(0, 1)
    strict: bool = False
    minimum: int = 1
    base: Literal["roll"] = "roll"

    def __post_init__(self) -> None:
        check_whole(self.minimum, "the least number of ballots")
        if self.base != "roll":
            raise ValueError(f"a quorum is a share of the roll, not of {self.base!r}")
        if self.strict and self.share.num == self.share.den:
            raise ValueError(mark("more than everybody can never take part"))


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides the vote. `base` is what the yes votes are a share of:

    votes: yes + no · cast: yes + no + abstain · roll: everybody on the roll, whether they took part or not.
    """

    threshold: Ratio = Ratio(1, 2)
    strict: bool = True
    base: Base = "votes"
    quorum: Quorum = Quorum()
    method: str = METHOD

    def __post_init__(self) -> None:
        if self.method != METHOD:
            raise ValueError(f"unknown method {self.method!r}; this one is {METHOD}")
        if self.base not in get_args(Base):
            raise ValueError(f"unknown base {self.base!r}; one of {', '.join(get_args(Base))}")
        if self.strict and self.threshold.num == self.threshold.den:
            raise ValueError(mark("more than all of them can never be reached"))
        if not self.strict and self.threshold.num == 0:
            raise ValueError(mark("a threshold of nothing would pass without a vote"))


SIMPLE_MAJORITY: Final = Rules()
TWO_THIRDS: Final = Rules(threshold=Ratio(2, 3), strict=False)
