"""A drill: the newest backup comes back into a folder of its own, is tried as a chapter, and is deleted again.

operations.md §2.2. On SQLite whatever the chapter itself runs on, and without a network: nobody hears of it.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..clock import Clock
from ..continuity.keep import backup_folder, find_backups
from ..continuity.passphrase import get_passphrase
from ..continuity.restore import Place, Restored, restore
from ..errors import Refusal
from ..settings import Settings
from .trial import try_chapter
from .types import model_modules


@dataclass(frozen=True, slots=True)
class Drilled:
    """A drill that brought the chapter back. `tried` says what answered."""

    file: Path
    made_at: datetime
    rows: int
    pictures: int
    tried: Sequence[str]


def newest_backup(settings: Settings) -> Path:
    """The newest backup in the usual folder; raises Refusal."""
    found = find_backups(backup_folder(settings))
    if not found:
        raise Refusal(
            "no-backup",
            "There is no backup in %(folder)s. Make one first: fedchapter backup",
            folder=backup_folder(settings),
        )
    return found[0]


async def drill(settings: Settings, clock: Clock, file: Path | None = None, passphrase: str = "") -> Drilled:
    """The backup restores, and the chapter in it works; raises Refusal. Nothing of it is left."""
    file = file or newest_backup(settings)
    with tempfile.TemporaryDirectory(prefix="fedchapter-drill-", dir=settings.data) as folder:
        place = Place(Path(folder) / "chapter")
        restored = await restore(file, passphrase or get_passphrase(settings), place, model_modules(), clock)
        tried = await try_chapter(restored.settings)
        _check_pictures(restored)
    about = restored.whole.about
    return Drilled(file, about.made_at, restored.rows, restored.pictures, tried)


def _check_pictures(restored: Restored) -> None:
    names = (name for name in restored.whole.manifest.parts if name.startswith("media/"))
    lost = [name for name in names if not (restored.settings.data / name).is_file()]
    if lost:
        raise Refusal("drill-pictures", "%(count)s pictures did not come back.", count=len(lost))
