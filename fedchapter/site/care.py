"""What members and admins are told about how the chapter is kept: who holds it, what was lost, backups that fail.

Here and not in `notices` or `continuity`, which do not know each other.
"""

from ..continuity.happenings import BackupFailed, ChapterRestored, HoldersChanged
from ..members import Role
from ..members.offices import find_holders
from ..notices import Notice, tell
from ..store import Unit, publishes
from ..words import mark

HOLDERS = "/about/holders"


@publishes(HoldersChanged)
async def holders_changed(unit: Unit, happening: HoldersChanged) -> None:
    """Every member hears that somebody else holds the domain, the server or another thing."""
    text = mark("Who holds the domain, the server, the backups or another key of the chapter was changed.")
    await tell(unit, Notice("chapter", f"holders:{unit.now.isoformat()}", text, HOLDERS, by=happening.by_id))


@publishes(ChapterRestored)
async def restored(unit: Unit, happening: ChapterRestored) -> None:
    """Every member hears what was lost."""
    text = mark(
        "The chapter came back from a backup. What happened between %(begin)s and %(end)s is lost here."
    )
    values = {"begin": happening.lost_from_at, "end": happening.restored_at}
    await tell(unit, Notice("chapter", f"gap:{happening.gap_id}", text, HOLDERS, values))


@publishes(BackupFailed)
async def backup_failed(unit: Unit, happening: BackupFailed) -> None:
    """Admins hear, once a day, that there is no backup of last night."""
    text = mark("The backup of last night could not be made: %(reason)s")
    values = {"reason": happening.words}
    key = f"backup-failed:{unit.now:%Y-%m-%d}"
    admins = await find_holders(unit, (Role.ADMIN,), unit.now)
    await tell(unit, Notice("moderation", key, text, "/admin/health", values), to=admins)
