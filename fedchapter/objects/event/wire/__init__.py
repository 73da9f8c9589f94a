"""Events as they travel: `out` writes them, `read` reads everybody's, `calendar` is iCalendar.

events.md §1.6, §5. All pure.
"""

from ....federation import Claim, claims
from ....vocab.read import type_of
from .calendar import to_calendar, uid_of
from .out import (
    to_announce,
    to_answer,
    to_create,
    to_delete,
    to_event,
    to_join,
    to_leave,
    to_notice,
    to_notice_delete,
    to_update,
)
from .read import from_event, message_of

__all__ = [
    "from_event",
    "message_of",
    "to_announce",
    "to_answer",
    "to_calendar",
    "to_create",
    "to_delete",
    "to_event",
    "to_join",
    "to_leave",
    "to_notice",
    "to_notice_delete",
    "to_update",
    "uid_of",
]


@claims("event")
def claims_event(claim: Claim) -> bool:
    """An Event, whatever else it is (a type may come as a list)."""
    return type_of(claim.object) == "Event"
