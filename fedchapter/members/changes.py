"""What becomes of an account later: another name or address, another language.

operations.md §3 row D6 (a new address is told to the former one).
"""

from ..errors import Refusal
from ..store import Unit
from ..text import fold
from .accounts import AccountRow, check_display_name, check_name_free, get_account, normal_email
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
