"""How long what members need and offer is kept."""

from ...store.retention import Kept
from ...words import mark

NAMES_ACTORS = ("board_entry.owner_uri", "board_answer.owner_uri")
KEPT = (
    Kept(
        "board",
        mark("What members need or offer, and answers to it"),
        mark("So that they find each other."),
        ("board_entry", "board_answer"),
        until=mark("until it is closed, 60 days at most"),
    ),
)
