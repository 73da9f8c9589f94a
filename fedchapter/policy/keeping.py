"""How long marks on actors and hosts are kept."""

from ..store.retention import Kept
from ..words import mark

NAMES_ACTORS = ("mark.subject",)
KEPT = (
    Kept(
        "marks",
        mark("What was decided about people and servers elsewhere"),
        mark("So that it is not asked again."),
        ("mark",),
        until=mark("until a moderator lifts it, or its time is over"),
    ),
)
