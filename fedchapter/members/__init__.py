"""Members: local people, their roles, sessions and invitations.

May import actors, mail, store and below. Decision: an account is not an actor. Who is a member, answered or voted
never leaves the server (DESIGN §1), so nothing here has a URI, and no room of federation reads these tables.
"""

from .accounts import AccountRow, create_account, find_account, find_accounts, get_account
from .invitations import invite
from .leaving import MemberErased, MemberLeft, MemberReturned, leave
from .offices import RoleEnded, RoleGiven, count_admins, find_holders, find_roles, give_role
from .permissions import Permission, Role
from .sessions import Viewer, find_viewer, start_session
from .standing import find_bar, find_eligible

__all__ = [
    "AccountRow",
    "MemberErased",
    "MemberLeft",
    "MemberReturned",
    "Permission",
    "Role",
    "RoleEnded",
    "RoleGiven",
    "Viewer",
    "count_admins",
    "create_account",
    "find_account",
    "find_accounts",
    "find_bar",
    "find_eligible",
    "find_holders",
    "find_roles",
    "find_viewer",
    "get_account",
    "give_role",
    "invite",
    "leave",
    "start_session",
]
