"""How long moves of accounts elsewhere are kept."""

from datetime import datetime

from ...store import Unit
from ...store.retention import Kept, Step, erase_some
from ...words import mark
from .service import MOVES_AFTER


async def erase_moves(unit: Unit, before: datetime, after: str) -> Step:
    """Moves from before then are forgotten: an account may move again by now."""
    return await erase_some(unit, "actor_move", "moved_at < ?", before, key="old_uri")


KEPT = (
    Kept(
        "moves",
        mark("Which accounts elsewhere moved"),
        mark("So that nobody leads followers around."),
        ("actor_move",),
        erase_moves,
        days=2 * MOVES_AFTER.days,
    ),
)
