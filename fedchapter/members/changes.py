"""What becomes of an account later: another name or address, another role, leaving or being removed.

operations.md §3 row D6 (whoever loses a role loses the links they made); DESIGN §1 (what need not be kept is erased).
"""

from ..errors import Refusal
from ..store import Unit
from .accounts import AccountRow, check_display_name, get_account, normal_email
from .offices import end_office, end_offices, give_role
from .permissions import Role


async def update_account(unit: Unit, account_id: str, *, display_name: str, email: str) -> AccountRow:
    """The account has that name and e-mail; raises Refusal `display-name`, `name-taken`, `email` or `email-taken`."""
    display_name, email = check_display_name(display_name), normal_email(email)
    if await _is_taken(unit, account_id, "lower(display_name)", display_name.lower()):
        raise Refusal("name-taken", "Somebody here has that name already; add an initial.")
    if email and await _is_taken(unit, account_id, "email", email):
        raise Refusal("email-taken", "This address belongs to another account here.")
    await unit.execute(
        "UPDATE account SET display_name = ?, email = ? WHERE id = ?", display_name, email, account_id
    )
    return await get_account(unit, account_id)


async def set_language(unit: Unit, account_id: str, language: str) -> None:
    """Pages and letters speak to them in that language; empty: in the one that their browser asks for."""
    await unit.execute("UPDATE account SET language = ? WHERE id = ?", language, account_id)


async def _is_taken(unit: Unit, account_id: str, column: str, value: str) -> bool:
    found = await unit.row(
        f"SELECT 1 AS yes FROM account WHERE {column} = ? AND id <> ? AND state = 'active'", value, account_id
    )
    return found is not None


async def change_role(unit: Unit, account_id: str, role: Role, *, by: str = "") -> None:
    """The account has that chapter-wide role and no other."""
    account = await get_account(unit, account_id)
    rows = await unit.rows(
        "SELECT id, role FROM office WHERE account_id = ? AND group_id = '' AND ended_at IS NULL", account.id
    )
    for row in rows:
        if row["role"] != role.value:
            await end_office(unit, row["id"], ended_by=by)
    if role is not Role.MEMBER and role.value not in [row["role"] for row in rows]:
        await give_role(unit, account_id, role, given_by=by)


async def leave(unit: Unit, account_id: str) -> None:
    """Nobody signs in with the account any more; name, e-mail, password, sessions and open links are erased.

    The row stays, so that what the account decided keeps an author without a name. Raises Refusal for the only admin.
    """
    account = await get_account(unit, account_id)
    await end_offices(unit, account.id, ended_by=account_id)
    await unit.execute(
        "UPDATE account SET state = 'left', display_name = '', email = '', password = '', language = '' WHERE id = ?",
        account_id,
    )
    await unit.execute("DELETE FROM session WHERE account_id = ?", account_id)
    await _withdraw_links(unit, account_id)


async def _withdraw_links(unit: Unit, account_id: str) -> None:
    await unit.execute(
        "DELETE FROM invitation WHERE used_at IS NULL AND (made_by = ? OR account_id = ?)",
        account_id,
        account_id,
    )
