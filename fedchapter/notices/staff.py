"""Whom it concerns by what they may do."""

from ..members import Permission, Role, find_holders
from ..members.permissions import PERMITS
from ..store import Unit


async def find_staff(unit: Unit, permission: Permission) -> list[str]:
    """Everybody who may do that, by a role of the chapter."""
    return await find_holders(unit, [role for role in Role if permission in PERMITS[role]], unit.now)
