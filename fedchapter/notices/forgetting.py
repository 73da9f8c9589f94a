"""What somebody was told for an office or as one of a group ends with it: on the page, and in letters still to come.

operations.md §3 row D7. A notice for organizers names who applied; a digest that is written tomorrow must not bring it
to somebody who was removed today.
"""

from ..members import Permission, Role, find_roles
from ..store import Unit, marks

# What one must be allowed, to be told of these.
STAFF = {"desk": Permission.SPEAK, "people": Permission.PEOPLE, "moderation": Permission.MODERATE}


async def forget_staff(unit: Unit, account_id: str) -> None:
    """They have no notice any more of what the roles that they have now do not include."""
    roles = set(await find_roles(unit, account_id, unit.now))
    leads = (
        "SELECT 1 AS yes FROM office WHERE account_id = ? AND role = 'captain' AND ended_at IS NULL LIMIT 1"
    )
    if await unit.row(leads, account_id):
        roles.add(Role.CAPTAIN)
    lost = [kind for kind, permission in STAFF.items() if not permission.allows(roles)]
    if lost:
        await _forget(unit, account_id, f"kind IN ({marks(len(lost))})", *lost)


async def forget_group(unit: Unit, account_id: str, *paths: str) -> None:
    """They have no notice any more that leads to one of those pages of a group."""
    await _forget(unit, account_id, f"kind = 'group' AND path IN ({marks(len(paths))})", *paths)


async def _forget(unit: Unit, account_id: str, which: str, *values: str) -> None:
    for table in ("errand", "told"):
        await unit.execute(
            f"DELETE FROM {table} WHERE account_id = ? AND notice_id IN (SELECT id FROM notice WHERE {which})",
            account_id,
            *values,
        )
