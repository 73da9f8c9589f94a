"""Members: local people, their roles, sessions and invitations.

May import actors, mail, store and below. Decision: an account is not an actor. Who is a member, answered or voted
never leaves the server (DESIGN §1), so nothing here has a URI, and no room of federation reads these tables.
"""

from .accounts import AccountRow, create_account, find_account, find_accounts, get_account
from .invitations import invite
from .permissions import Permission, Role
from .sessions import Viewer, find_viewer, start_session

__all__ = [
    "AccountRow",
    "Permission",
    "Role",
    "Viewer",
    "create_account",
    "find_account",
    "find_accounts",
    "find_viewer",
    "get_account",
    "invite",
    "start_session",
]
