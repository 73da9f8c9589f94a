"""What becomes of an account later: another name or address, another language, another role.

operations.md §3 row D6 (a new address is told to the former one).
"""

from ..errors import Refusal
from ..store import Unit
from ..text import fold
from .accounts import AccountRow, check_display_name, check_name_free, get_account, normal_email
from .offices import end_office, give_role
from .permissions import Role
from .ways import note_new_email


async def update_account(unit: Unit, account_id: str, *, display_name: str, email: str) -> AccountRow:
    """The account has that name and e-mail; raises Refusal `display-name`, `name-taken`, `email` or `email-taken`."""
    display_name, email = check_display_name(display_name), normal_email(email)
    await check_name_free(unit, display_name, but_for=account_id)
    if email and await is_email_taken(unit, account_id, email):
        raise Refusal("email-taken", "This address belongs to another account here.")
    before = await get_account(unit, account_id)
    await unit.execute(
        "UPDATE account SET display_name = ?, sort_name = ?, email = ? WHERE id = ?",
        display_name,
        fold(display_name),
        email,
        account_id,
    )
    if before.email and before.email != email:
        await note_new_email(unit, account_id, before.email)
    return await get_account(unit, account_id)


async def set_language(unit: Unit, account_id: str, language: str) -> None:
    """Pages and letters speak to them in that language; empty: in the one that their browser asks for."""
    await unit.execute("UPDATE account SET language = ? WHERE id = ?", language, account_id)


async def is_email_taken(unit: Unit, account_id: str, email: str) -> bool:
    """Whether the address is another member's."""
    found = await unit.row(
        "SELECT 1 AS yes FROM account WHERE email = ? AND id <> ? AND state = 'active'", email, account_id
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
