"""The desk's own rows, one file per topic."""

from .appeals import Appeal, Strike
from .decisions import Decision
from .desk import DeskClaim, DeskFine, DeskItem, DeskNote, PrivateText
from .lists import CircleEntry, HostList, ListEntry, QuarterCount
from .pauses import Pause
from .reports import Report, ReportEvent, ReportItem
from .seconds import AskedAction

__all__ = [
    "Appeal",
    "AskedAction",
    "CircleEntry",
    "Decision",
    "DeskClaim",
    "DeskFine",
    "DeskItem",
    "DeskNote",
    "HostList",
    "ListEntry",
    "Pause",
    "PrivateText",
    "QuarterCount",
    "Report",
    "ReportEvent",
    "ReportItem",
    "Strike",
]
