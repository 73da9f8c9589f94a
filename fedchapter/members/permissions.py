"""Who may come through which door: every route names one of these, and nothing is open by omission.

operations.md §3 row D7. A role includes the ones before it.
"""

from enum import Enum


class Role(Enum):
    """What a local person is here, weakest first."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Larger includes smaller."""
        return list(Role).index(self)

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what `other` may."""
        return self.rank >= other.rank


class Permission(Enum):
    """What a route demands of whoever asks."""

    ANYONE = "anyone"
    PEER = "peer"  # another server: the endpoint verifies signatures itself
    TOKEN = "token"  # noqa: S105 - whoever holds the secret in the address (invitations, unsubscribe)
    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"

    def allows(self, role: Role | None) -> bool:
        """Whether somebody with that role (None: not signed in) may come in."""
        if self in (Permission.ANYONE, Permission.PEER, Permission.TOKEN):
            return True
        return role is not None and role.includes(Role(self.value))
