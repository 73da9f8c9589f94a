"""Posts that were found to be fine: nobody is asked about them again until they change."""

from ..store import Known, Unit
from ..store.kinds import Reads
from .evidence import exact_hash


async def remember_fine(unit: Unit, known: Known, account_id: str) -> None:
    """As long as the post says what it says now, it is fine."""
    await unit.execute(
        "INSERT INTO desk_fine (uri, exact_hash, made_by, made_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (uri) DO UPDATE SET exact_hash = excluded.exact_hash, made_by = excluded.made_by, "
        "made_at = excluded.made_at",
        known.uri,
        exact_hash(known),
        account_id,
        unit.now,
    )


async def forget_fine(unit: Unit, uri: str) -> None:
    """It may be asked about again."""
    await unit.execute("DELETE FROM desk_fine WHERE uri = ?", uri)


async def is_fine(reads: Reads, known: Known) -> bool:
    """Whether a moderator found the post fine as it is now."""
    row = await reads.row("SELECT exact_hash FROM desk_fine WHERE uri = ?", known.uri)
    return row is not None and row["exact_hash"] == exact_hash(known)
