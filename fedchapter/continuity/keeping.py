"""How long the record of backups and holders is kept."""

from ..store.retention import Kept
from ..words import mark

KEPT = (
    Kept(
        "continuity",
        mark("Backups, drills, what was lost, who holds what"),
        mark("So that the chapter outlives its machines."),
        ("care_event", "gap", "holder"),
        until=mark("for good"),
    ),
)
