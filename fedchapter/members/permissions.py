"""Who may come through which door: every route names one of these, and nothing is open by omission.

operations.md §3 row D7. Decision: a role is a set of permissions, not a rank, so that a treasurer is no moderator; an
admin has all of them.
"""

from collections.abc import Collection
from enum import Enum


class Permission(Enum):
    """What a route demands of whoever asks."""

    ANYONE = "anyone"
    PEER = "peer"  # another server: the endpoint verifies signatures itself
    TOKEN = "token"  # noqa: S105 - whoever holds the secret in the address (invitations, unsubscribe)
    MEMBER = "member"
    STAFF = "staff"  # whoever has any of the following: the overview
    SPEAK = "speak"  # announcements and events: as the chapter, or as a group whose captain one is
    PUBLISH = "publish"  # announcements, events, proposals, messages, who is followed
    MODERATE = "moderate"  # what is held and the posts and actors of others, the log of what came in
    REPORTS = "reports"  # reports and appeals
    SANCTION = "sanction"  # warnings and limits for our own members
    HOSTS = "hosts"  # what is decided about other servers, and the lists about them
    RULES = "rules"  # the rules by which things are held
    AUDIT = "audit"  # every decision, and a copy of the log
    PEOPLE = "people"  # applications, the roll, groups, roles
    DUES = "dues"  # standing
    ADMIN = "admin"  # servers, settings, health

    def allows(self, roles: "Collection[Role] | Role | None") -> bool:
        """Whether somebody with those roles (None: not signed in) may come in."""
        if self in _OPEN:
            return True
        if roles is None:
            return False
        held = (roles,) if isinstance(roles, Role) else roles
        return self is Permission.MEMBER or any(self in PERMITS[role] for role in held)


class Role(Enum):
    """What a local person is here."""

    MEMBER = "member"
    CAPTAIN = "captain"
    DELEGATE = "delegate"
    TELLER = "teller"
    TREASURER = "treasurer"
    ORGANIZER = "organizer"
    MODERATOR = "moderator"
    ADMIN = "admin"


_OPEN = frozenset({Permission.ANYONE, Permission.PEER, Permission.TOKEN})
_OWN = frozenset({Permission.MEMBER})
_STAFF = frozenset({Permission.MEMBER, Permission.STAFF, Permission.SPEAK, Permission.PUBLISH})
PERMITS = {
    Role.MEMBER: _OWN,
    # A captain has rights in a group only (web.voices asks in which), a delegate elsewhere, a teller over a count.
    Role.CAPTAIN: _OWN | {Permission.SPEAK},
    Role.DELEGATE: _OWN,
    Role.TELLER: _OWN,
    Role.TREASURER: frozenset({Permission.MEMBER, Permission.STAFF, Permission.DUES}),
    Role.ORGANIZER: _STAFF | {Permission.PEOPLE},
    Role.MODERATOR: _STAFF
    | {
        Permission.MODERATE,
        Permission.REPORTS,
        Permission.SANCTION,
        Permission.HOSTS,
        Permission.RULES,
        Permission.AUDIT,
    },
    Role.ADMIN: frozenset(Permission) - _OPEN,
}


def may_give(giver: Collection[Role], role: Role) -> bool:
    """Whether somebody with those roles may give (or end) that one: nobody gives more than they have."""
    return Permission.PEOPLE.allows(giver) and all(one.allows(giver) for one in PERMITS[role])
