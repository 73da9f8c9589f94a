"""How long it is kept how people of other servers sign in here."""

from ..store.retention import Kept
from ..words import mark

KEPT = (
    Kept(
        "oauth",
        mark("What other servers gave us so that their people can sign in here"),
        mark("Asking again each time is not welcome there."),
        ("oauth_app",),
        until=mark("until that server takes it back"),
    ),
)
