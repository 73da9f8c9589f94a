"""Who may take back what: not what was decided about oneself while somebody else could, nor what one may not decide.

Issue of moderation (a report, an appeal and a question about somebody are decided by others): the log must not be a way
around that.
"""

from ..errors import Forbidden
from ..members import Permission
from ..notices import find_staff
from ..store import Unit

_ABOUT = """
SELECT id FROM decision WHERE undo_of = '' AND (target_uri = ?
    OR id IN (SELECT decision_id FROM strike WHERE account_id = ?)
    OR target_uri IN (SELECT id FROM appeal WHERE account_id = ?)
    OR target_uri IN (SELECT id FROM asked_action WHERE account_id = ?)
    OR actor_uri IN (SELECT actor_uri FROM identity WHERE account_id = ?)
    OR (? <> '' AND actor_uri = ?)) AND {which} LIMIT 1
"""


async def check_others(unit: Unit, account_id: str, *, line_id: str = "", batch: str = "") -> None:
    """Raises Forbidden where that line, or one of that batch, is about the account, and somebody else may undo it.

    About it is what was decided about the member, their handle, an account elsewhere with which they sign in, a report
    on one of these, their appeal, or a question to a second moderator.
    """
    if not account_id:
        return
    row = await unit.row("SELECT handle FROM account WHERE id = ?", account_id)
    person = unit.settings.uri(f"@{row['handle']}") if row and row["handle"] else ""
    which, value = ("id = ?", line_id) if line_id else ("batch = ?", batch)
    about = await unit.row(_ABOUT.format(which=which), *([account_id] * 5), person, person, value)
    if about is None:
        return
    if set(await find_staff(unit, Permission.AUDIT)) - {account_id}:
        raise Forbidden("about-you", "This is about you: another moderator can take it back.")


async def check_allowed(unit: Unit, account_id: str, needs: Permission) -> None:
    """Raises Forbidden where undoing takes more than the log's permission, and the account has it not."""
    if account_id and needs is not Permission.AUDIT and account_id not in await find_staff(unit, needs):
        raise Forbidden("not-allowed", "Your role does not include this.")
