"""What members or admins must hear of: recorded by the services of this room, told by others."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HoldersChanged:
    """Who holds domain, server, backups … is another than before; `by_id` is the admin's account."""

    by_id: str


@dataclass(frozen=True, slots=True)
class BackupFailed:
    """A nightly backup could not be made; `words` say why, for admins."""

    words: str


@dataclass(frozen=True, slots=True)
class ChapterRestored:
    """The chapter came back from a backup; what happened between the two moments is lost here."""

    gap_id: str
    lost_from_at: datetime
    restored_at: datetime
