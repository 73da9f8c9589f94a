"""How long marks on actors and hosts, and what the rules decided, are kept."""

from datetime import datetime

from ..store import Unit
from ..store.retention import Kept, Step, erase_some
from ..words import mark
from .judged import KEPT_FOR

NAMES_ACTORS = ("mark.subject", "judged.actor_uri")


async def erase_judged(unit: Unit, before: datetime, after: str) -> Step:
    """What the rules decided before then, and waves that were over by then, are forgotten."""
    judged = await erase_some(unit, "judged", "judged_at < ?", before)
    waves = await erase_some(unit, "wave", "last_at < ?", before)
    return Step(judged.erased + waves.erased, judged.after or waves.after)


KEPT = (
    Kept(
        "marks",
        mark("What was decided about people and servers elsewhere, and the rules of it"),
        mark("So that it is not asked again."),
        ("mark", "policy_rule", "policy_state"),
        until=mark("until a moderator lifts it, or its time is over"),
    ),
    Kept(
        "judged",
        mark("What the rules decided about what came in, without the text"),
        mark("To try a new rule on the last month, and to recognize waves of spam."),
        ("judged", "wave"),
        erase_judged,
        days=KEPT_FOR.days,
    ),
)
