"""How long comments are kept: those of others are known_object rows only, and go with their thread."""

from ...store.retention import Kept
from ...words import mark

KEPT = (
    Kept(
        "comments",
        mark("Comments of the chapter and its people, as they were written"),
        mark("So that they can be changed."),
        ("comment",),
        until=mark("until it is deleted"),
    ),
)
