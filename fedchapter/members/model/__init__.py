"""Tables about local people. Who is a member is nobody else's business: none of this federates.

DESIGN §1 (privacy by default). Decision: one file for each topic, imported here, where the ORM looks for them.
"""

from .accounts import Account, Invitation, Session
from .applications import Application
from .details import Detail, Skill
from .exports import RollExport
from .governance import Recall, RecallBallot, RecallVoice, Removal
from .groups import ChapterGroup, GroupMember, GroupNote
from .identities import Authenticator, Identity, RecoveryCode, Ticket
from .offices import Office

__all__ = [
    "Account",
    "Application",
    "Authenticator",
    "ChapterGroup",
    "Detail",
    "GroupMember",
    "GroupNote",
    "Identity",
    "Invitation",
    "Office",
    "Recall",
    "RecallBallot",
    "RecallVoice",
    "RecoveryCode",
    "Removal",
    "RollExport",
    "Session",
    "Skill",
    "Ticket",
]
