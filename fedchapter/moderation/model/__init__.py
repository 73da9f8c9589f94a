"""The desk's own rows, one file per topic."""

from .decisions import Decision
from .desk import DeskClaim, DeskFine, DeskItem, DeskNote, PrivateText
from .pauses import Pause

__all__ = ["Decision", "DeskClaim", "DeskFine", "DeskItem", "DeskNote", "Pause", "PrivateText"]
