"""What happened to the ways into an account; its owner is told of each (site.notices)."""

from dataclasses import dataclass
from enum import Enum


class Way(Enum):
    """What changed."""

    FEDIVERSE_ADDED = "fediverse-added"
    FEDIVERSE_REMOVED = "fediverse-removed"
    FEDIVERSE_MOVED = "fediverse-moved"
    EMAIL = "email"
    PASSWORD = "password"  # noqa: S105 - a name, not a secret
    PASSWORD_REMOVED = "password-removed"  # noqa: S105
    SECOND_ADDED = "second-added"
    SECOND_REMOVED = "second-removed"
    RECOVERY_USED = "recovery-used"


@dataclass(frozen=True, slots=True)
class SecurityChanged:
    """A way into the account was added, removed or changed. `about` is a handle, a label or the former address."""

    account_id: str
    way: Way
    about: str = ""
