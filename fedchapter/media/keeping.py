"""How long pictures are kept that people here uploaded."""

from ..store.retention import Kept
from ..words import mark

KEPT = (
    Kept(
        "pictures",
        mark("Pictures of the chapter"),
        mark("They are shown with what was published."),
        ("upload",),
        until=mark("as long as something shows them"),
        folder=lambda settings: settings.data / "media",
    ),
)
