"""How long it is kept what members say of themselves in public."""

from ...store.retention import Kept
from ...words import mark

KEPT = (
    Kept(
        "persons",
        mark("What members say of themselves under a public handle"),
        mark("They chose to."),
        ("person",),
        until=mark("until they give the handle up"),
    ),
)
