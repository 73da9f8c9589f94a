"""Marks in the data folder that keep a chapter from starting when it must not.

A restore or an upgrade that was broken off leaves one, so that nobody runs half a chapter; and so does a move to
another machine, because two servers of one name would contradict each other for ever.
"""

import os
from pathlib import Path
from typing import Any

import msgspec

from ..errors import Refusal
from ..settings import Settings

RESTORING, MOVED, UPGRADING = "restore.unfinished", "moved.away", "upgrade.unfinished"


def set_mark(data: Path, name: str, about: dict[str, Any] | None = None) -> None:
    """The mark is there, on disk, with what it says."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = data / f".{name}"
    with half.open("wb") as file:
        file.write(msgspec.json.encode(about or {}))
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, data / name)  # noqa: PTH105 - atomic, over an earlier one


def find_mark(data: Path, name: str) -> dict[str, Any] | None:
    """What the mark says, or None when it is not there."""
    try:
        return msgspec.json.decode((data / name).read_bytes(), type=dict[str, Any])
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        return {}


def drop_mark(data: Path, name: str) -> None:
    """The mark is gone."""
    (data / name).unlink(missing_ok=True)


def check_marks(settings: Settings) -> None:
    """Raises Refusal where a chapter must not be started."""
    check_here(settings)
    if find_mark(settings.data, UPGRADING) is not None:
        raise Refusal(
            "upgrade-unfinished",
            "An upgrade was broken off. Run `fedchapter upgrade`: it puts the database back as it was and begins "
            "anew.",
        )


def check_here(settings: Settings) -> None:
    """Raises Refusal where a chapter is not all here, or not here any more."""
    data = settings.data
    if find_mark(data, RESTORING) is not None:
        raise Refusal(
            "restore-unfinished",
            "A restore into %(folder)s was broken off. Run `fedchapter restore` again: it begins anew.",
            folder=data,
        )
    if find_mark(data, MOVED) is not None:
        raise Refusal(
            "moved",
            "This chapter was moved to another machine (`fedchapter backup --moving`), and two servers of one name "
            "would contradict each other. If it never began there, delete %(file)s and start again.",
            file=data / MOVED,
        )
