"""Tables about local people. Who is a member is nobody else's business: none of this federates.

DESIGN §1 (privacy by default). Decision: one file for each topic, imported here, where the ORM looks for them.
"""

from .accounts import Account, Invitation, Session
from .identities import Authenticator, Identity, RecoveryCode, Ticket
from .offices import Office

__all__ = ["Account", "Authenticator", "Identity", "Invitation", "Office", "RecoveryCode", "Session", "Ticket"]
