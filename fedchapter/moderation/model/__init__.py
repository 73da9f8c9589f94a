"""The desk's own rows, one file per topic."""

from .appeals import Appeal, Strike
from .decisions import Decision
from .desk import DeskClaim, DeskFine, DeskItem, DeskNote, PrivateText
from .pauses import Pause
from .reports import Report, ReportEvent, ReportItem
from .seconds import AskedAction

__all__ = [
    "Appeal",
    "AskedAction",
    "Decision",
    "DeskClaim",
    "DeskFine",
    "DeskItem",
    "DeskNote",
    "Pause",
    "PrivateText",
    "Report",
    "ReportEvent",
    "ReportItem",
    "Strike",
]
