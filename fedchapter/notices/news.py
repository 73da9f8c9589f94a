"""What members are told about how the chapter is run: roles given and ended.

Issue of continuity: nobody gets power over a chapter unseen; one made from the shell is told as such.
"""

from ..members import Role, RoleEnded, RoleGiven, find_account
from ..store import Unit, publishes
from ..words import mark
from .draft import Notice
from .tell import tell

ROLES = {
    Role.MEMBER: mark("member"),
    Role.CAPTAIN: mark("captain"),
    Role.DELEGATE: mark("delegate"),
    Role.TELLER: mark("teller"),
    Role.TREASURER: mark("treasurer"),
    Role.ORGANIZER: mark("organizer"),
    Role.MODERATOR: mark("moderator"),
    Role.ADMIN: mark("admin"),
}
ENDED = {
    "term": mark("The term of %(name)s as %(role)s is over."),
    "removed": mark("%(name)s was removed as %(role)s by two officers."),
    "recall": mark("%(name)s was recalled as %(role)s by a vote of the members."),
    "resigned": mark("%(name)s gave up the role %(role)s."),
}
PAGE = "/roles"


@publishes(RoleGiven)
async def given(unit: Unit, happening: RoleGiven) -> None:
    """Every member hears of a role for the whole chapter."""
    text = mark("%(name)s has the role %(role)s now.")
    if not happening.given_by:
        text = mark("%(name)s has the role %(role)s now, given from the shell of the server.")
    await _tell(unit, happening, text, f"role-given:{happening.office_id}")


@publishes(RoleEnded)
async def ended(unit: Unit, happening: RoleEnded) -> None:
    """Every member hears that a role for the whole chapter is over."""
    text = ENDED.get(happening.why, mark("%(name)s does not have the role %(role)s any more."))
    await _tell(unit, happening, text, f"role-ended:{happening.office_id}")


async def _tell(unit: Unit, happening: RoleGiven | RoleEnded, text: str, key: str) -> None:
    account = await find_account(unit, happening.account_id)
    if happening.group_id or account is None:
        return
    values = {"name": account.display_name, "role": ROLES[happening.role]}
    await tell(unit, Notice("chapter", key, text, PAGE, values, words=("role",)))
