"""The desk's own rows, one file per topic."""

from .decisions import Decision
from .desk import DeskItem

__all__ = ["Decision", "DeskItem"]
