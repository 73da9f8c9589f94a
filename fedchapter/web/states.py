"""The words on badges: states as rows and pages name them, so that the catalogs know every one.

DESIGN §5. A badge looks its own word up (`macros/data.html`), with the state as the text.
"""

from ..words import mark

STATES = frozenset(
    {
        mark("accepted"),
        mark("active"),
        mark("adopted"),
        mark("approved"),
        mark("blocked"),
        mark("cancelled"),
        mark("declined"),
        mark("done"),
        mark("expired"),
        mark("failed"),
        mark("failing"),
        mark("gave up"),
        mark("going"),
        mark("gone"),
        mark("held"),
        mark("ignored"),
        mark("left"),
        mark("maybe"),
        mark("new"),
        mark("no quorum"),
        mark("not coming"),
        mark("not passed"),
        mark("ok"),
        mark("open"),
        mark("passed"),
        mark("pending"),
        mark("published"),
        mark("refused"),
        mark("rejected"),
        mark("requested"),
        mark("resting"),
        mark("retry"),
        mark("scheduled"),
        mark("silent"),
        mark("sister"),
        mark("slow"),
        mark("stopped"),
        mark("tentative"),
        mark("tied"),
        mark("waiting"),
        mark("withdrawn"),
    }
)
