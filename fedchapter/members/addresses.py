"""Another e-mail address: it counts when a link in a letter to it was opened, since links that sign in are sent there.

operations.md §3 row D6. Whether the address is somebody else's here is told to the reader of that letter alone.
"""

from dataclasses import dataclass
from datetime import timedelta

from ..errors import NotFound
from ..store import Unit
from .accounts import AccountRow, get_account, normal_email
from .changes import is_email_taken, update_account
from .tickets import issue, use_ticket

PURPOSE = "new-email"
LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """An address that waits for its link to be opened; without a token it is another member's already."""

    email: str
    token: str


async def ask_address(unit: Unit, account_id: str, email: str) -> Wish:
    """A ticket for that address; the caller sends it there. Raises Refusal `email`."""
    email = normal_email(email)
    if await is_email_taken(unit, account_id, email):
        return Wish(email, "")
    return Wish(email, await issue(unit, PURPOSE, {"email": email}, lasts=LASTS, account_id=account_id))


async def confirm_address(unit: Unit, account_id: str, token: str) -> AccountRow:
    """The account has the address that the ticket is for; the former one hears of it. Raises NotFound or Refusal."""
    ticket = await use_ticket(unit, PURPOSE, token)
    if ticket is None or ticket.account_id != account_id:
        raise NotFound("link-over", "This link was used already, or is over. Ask for a new one.")
    account = await get_account(unit, account_id)
    return await update_account(
        unit, account_id, display_name=account.display_name, email=ticket.data["email"]
    )
