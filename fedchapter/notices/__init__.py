"""Notices: what local people are told, on the channel each of them chose, and nothing twice.

May import house and below. Decision: a type says once what happened (`tell`); where it shows (page, e-mail, direct
message, digest), when (quiet hours) and in which language is each reader's choice and this room's business.
"""

from .draft import KINDS, Notice
from .tell import tell

__all__ = ["KINDS", "Notice", "tell"]
