"""What members are told about how the chapter is run: roles given and ended.

Issue of continuity: nobody gets power over a chapter unseen; one made from the shell is told as such.
"""

from ..members import Role, RoleEnded, RoleGiven
from ..members.recalls import RecallMoved
from ..members.removals import RemovalAsked
from ..store import Unit, publishes
from ..words import mark
from .draft import Named, Notice, Value
from .forgetting import forget_staff
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
RECALLS = {
    "asked": mark("Members ask for a vote on whether %(name)s stays %(role)s."),
    "voting": mark("Vote: shall %(name)s lose the role %(role)s?"),
    "passed": mark("The members voted: %(name)s loses the role %(role)s."),
    "failed": mark("The recall failed: %(name)s stays %(role)s."),
}
PAGE = "/roles"


@publishes(RoleGiven)
async def given(unit: Unit, happening: RoleGiven) -> None:
    """Every member hears of a role for the whole chapter."""
    text = mark("%(name)s has the role %(role)s now.")
    if not happening.given_by:
        text = mark("%(name)s has the role %(role)s now, given on the server itself.")
    await _tell(unit, happening, text, f"role-given:{happening.office_id}")


@publishes(RoleEnded)
async def ended(unit: Unit, happening: RoleEnded) -> None:
    """Every member hears that a role for the whole chapter is over; what was told for its sake is told no more."""
    text = ENDED.get(happening.why, mark("%(name)s does not have the role %(role)s any more."))
    await _tell(unit, happening, text, f"role-ended:{happening.office_id}")
    await forget_staff(unit, happening.account_id)


@publishes(RemovalAsked)
async def removal_asked(unit: Unit, happening: RemovalAsked) -> None:
    """Every member hears that an officer wants to end somebody's role, and why."""
    text = mark(
        "%(asker)s asks to end the role %(role)s of %(name)s: %(reason)s A second officer has to agree."
    )
    values: dict[str, Value] = {
        "name": Named(happening.account_id),
        "asker": Named(happening.asked_by),
        "role": ROLES[happening.role],
        "reason": happening.reason,
    }
    key = f"removal:{happening.removal_id}"
    await tell(unit, Notice("chapter", key, text, PAGE, values, words=("role",), by=happening.asked_by))


@publishes(RecallMoved)
async def recall_moved(unit: Unit, happening: RecallMoved) -> None:
    """Every member hears that a recall is asked for, open, or decided."""
    values: dict[str, Value] = {"name": Named(happening.account_id), "role": ROLES[happening.role]}
    kind = "vote" if happening.state == "voting" else "chapter"
    key = f"recall:{happening.recall_id}:{happening.state}"
    path = f"{PAGE}/recalls/{happening.recall_id}"
    text = RECALLS[happening.state]
    await tell(unit, Notice(kind, key, text, path, values, words=("role",), by=happening.by))


async def _tell(unit: Unit, happening: RoleGiven | RoleEnded, text: str, key: str) -> None:
    if happening.group_id:
        return
    values: dict[str, Value] = {"name": Named(happening.account_id), "role": ROLES[happening.role]}
    await tell(unit, Notice("chapter", key, text, PAGE, values, words=("role",)))
