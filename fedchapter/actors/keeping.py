"""How long it is kept who follows whom, and which other servers there are."""

from datetime import datetime

from ..store import Unit
from ..store.retention import STEP_MAX, Kept, Step
from ..words import mark

NAMES_ACTORS = ("follow.follower_uri", "follow.followed_uri", "known_object.owner_uri")
_HEARD = "COALESCE(last_in_at, first_seen_at) < ? AND COALESCE(last_out_at, first_seen_at) < ?"


async def erase_peers(unit: Unit, before: datetime, after: str) -> Step:
    """Servers that neither wrote nor were written to since then, and of which nobody is known, are forgotten."""
    rows = await unit.rows("SELECT host FROM peer WHERE host > ? ORDER BY host LIMIT ?", after, STEP_MAX)
    if not rows:
        return Step(0)
    last = rows[-1]["host"]
    erased = await unit.execute(
        f"DELETE FROM peer WHERE host > ? AND host <= ? AND {_HEARD} "
        "AND NOT EXISTS (SELECT 1 FROM actor WHERE actor.host = peer.host)",
        after,
        last,
        before,
        before,
    )
    return Step(erased, last if len(rows) == STEP_MAX else None)


KEPT = (
    Kept(
        "follows",
        mark("Who follows whom"),
        mark("So that what is published reaches those who want it."),
        ("follow",),
        until=mark("until it ends"),
    ),
    Kept(
        "peers",
        mark("Other servers, and whether they can be reached"),
        mark("So that nobody knocks in vain."),
        ("peer",),
        erase_peers,
        "keep_actors",
    ),
)
