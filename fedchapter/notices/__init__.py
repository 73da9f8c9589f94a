"""Notices: what local people are told, on the channel each of them chose, and nothing twice.

May import house and below. Decision: a type says once what happened (`tell`); where it shows (page, e-mail, direct
message, digest), when (quiet hours) and in which language is each reader's choice and this room's business. What was
seen on the page does not come by mail as well.
"""

from .draft import KINDS, Named, Notice
from .page import count_new
from .staff import find_staff
from .tell import reword, tell, untell

__all__ = ["KINDS", "Named", "Notice", "count_new", "find_staff", "reword", "tell", "untell"]
