"""Reports: complaints that come in from other servers, members and visitors, and those that we send.

operations.md §1.2; wire.md §3.1. Nothing here knows ActivityPub: objects/report turns a Flag into a `Report`, and what
we send into a Flag. Decisions: whoever is reported never hears of it; the words are kept as they were when the report
came; a report hides nothing by itself, however many there are, but for somebody's private information (hiding).
"""

from .closing import close_report, reopen_report
from .counts import count_quarter
from .draft import Report, ReportClosed, ReportReopened, ReportSent
from .receive import receive_report

__all__ = [
    "Report",
    "ReportClosed",
    "ReportReopened",
    "ReportSent",
    "close_report",
    "count_quarter",
    "receive_report",
    "reopen_report",
]
