"""What policy answers: show, hold or refuse, with the rule that said so."""

from dataclasses import dataclass

SHOW, HOLD, REFUSE = "show", "hold", "refuse"
_RANKS = (SHOW, HOLD, REFUSE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`decision` is show, hold or refuse; `rule` is the key of the rule that decided, `name` what people call it,
    `reason` why, in words. What is held under a `group` is decided together (empty:
    whoever keeps the queue looks for one); what is `expiring` goes by itself when
    nobody looks at it; `score` says how grave it is (0 to 100). `relation` is of whoever sent it, or wrote it."""

    decision: str
    rule: str
    reason: str
    score: int = 0
    group: str = ""
    name: str = ""
    relation: str = ""
    expiring: bool = False
    wave: str = ""

    @property
    def shows(self) -> bool:
        """Whether it may be seen."""
        return self.decision == SHOW

    @property
    def holds(self) -> bool:
        """Whether it waits for a moderator."""
        return self.decision == HOLD

    @property
    def refuses(self) -> bool:
        """Whether it is not taken."""
        return self.decision == REFUSE


UNJUDGED = Verdict(SHOW, "", "nothing is decided about that")


def worst(one: Verdict, other: Verdict) -> Verdict:
    """The stricter of two; of two alike the first."""
    return other if _RANKS.index(other.decision) > _RANKS.index(one.decision) else one
