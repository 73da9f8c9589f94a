"""Which backups stay: the newest of each of the last 7 days, 4 weeks and 3 months that have one.

operations.md §2.2. Only files whose names are ours are ever looked at, and none is deleted before a newer one is whole.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from ..settings import Settings

DAYS, WEEKS, MONTHS = 7, 4, 3
_NAME = re.compile(r"chapter-([0-9]{8}-[0-9]{6})\.fcbackup")
_FORM = "%Y%m%d-%H%M%S"


def backup_folder(settings: Settings) -> Path:
    """Where backups are kept."""
    return settings.backup_folder or settings.data / "backups"


def name_for(moment: datetime) -> str:
    """The file name of a backup made then."""
    return f"chapter-{moment.astimezone(UTC).strftime(_FORM)}.fcbackup"


def moment_of(name: str) -> datetime | None:
    """When a backup of that name was made; None for any other file."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def find_backups(folder: Path) -> list[Path]:
    """The backups in the folder, newest first."""
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if moment_of(path.name)), reverse=True)


def to_keep(names: Iterable[str]) -> set[str]:
    """Those that stay, of names of backups."""
    newest_first = sorted((name for name in names if moment_of(name)), reverse=True)
    return {
        *_newest_of_each(newest_first, DAYS, lambda moment: moment.strftime("%Y-%m-%d")),
        *_newest_of_each(newest_first, WEEKS, lambda moment: moment.strftime("%G-%V")),
        *_newest_of_each(newest_first, MONTHS, lambda moment: moment.strftime("%Y-%m")),
    }


def _newest_of_each(newest_first: list[str], count: int, period: Callable[[datetime], str]) -> list[str]:
    found: dict[str, str] = {}
    for name in newest_first:
        moment = moment_of(name)
        assert moment is not None
        found.setdefault(period(moment), name)
    return list(found.values())[:count]


def drop_old(folder: Path) -> list[str]:
    """Backups that need not stay are deleted; returns their names."""
    backups = find_backups(folder)
    kept = to_keep(path.name for path in backups)
    dropped = [path for path in backups if path.name not in kept]
    for path in dropped:
        path.unlink(missing_ok=True)
    return [path.name for path in dropped]
