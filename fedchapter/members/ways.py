"""How somebody gets into their account: whoever removes the last way has locked themselves out, so that is refused.

operations.md §3 row D6. A second step is no way in: it only comes after one.
"""

from dataclasses import dataclass

from ..errors import Refusal
from ..store import Unit
from ..store.kinds import Reads
from .accounts import set_password
from .changed import SecurityChanged, Way
from .tickets import void_tickets


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways in."""

    password: bool
    email: bool
    fediverse: int

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.password) + int(self.email) + self.fediverse


async def find_ways(reads: Reads, account_id: str) -> Ways:
    """The ways into that account."""
    row = await reads.row(
        "SELECT password <> '' AS has_password, email <> '' AS has_email, "
        "(SELECT count(*) FROM identity WHERE identity.account_id = account.id) AS linked "
        "FROM account WHERE id = ?",
        account_id,
    )
    if row is None:
        return Ways(False, False, 0)
    return Ways(bool(row["has_password"]), bool(row["has_email"]), int(row["linked"]))


async def check_another_way(unit: Unit, account_id: str) -> None:
    """Raises Refusal, which rolls the unit back, when nobody could get into the account any more."""
    if (await find_ways(unit, account_id)).count == 0:
        raise Refusal(
            "last-way-in",
            "This is your only way in. Add an e-mail address, a password or another account first.",
        )


async def replace_password(unit: Unit, account_id: str, hashed: str) -> None:
    """The account opens with that password, every session and every open link of it has ended, its owner hears."""
    await set_password(unit, account_id, hashed)
    await void_tickets(unit, account_id)
    unit.record(SecurityChanged(account_id, Way.PASSWORD))


async def remove_password(unit: Unit, account_id: str) -> None:
    """No password opens the account; raises Refusal when there is no other way in."""
    await unit.execute("UPDATE account SET password = '' WHERE id = ?", account_id)
    await check_another_way(unit, account_id)
    unit.record(SecurityChanged(account_id, Way.PASSWORD_REMOVED))


async def note_new_email(unit: Unit, account_id: str, former: str) -> None:
    """Links that were sent to the former address open nothing, and that address hears of it."""
    await void_tickets(unit, account_id)
    await check_another_way(unit, account_id)
    unit.record(SecurityChanged(account_id, Way.EMAIL, former))
