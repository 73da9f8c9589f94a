"""Leaving: off the roll at once, erased thirty days later; what the chapter decided keeps pseudonyms.

DESIGN §1 (what need not be kept is erased); issue of members. The thirty days are for somebody who was removed by
mistake or thinks again: an organizer's link brings them back, and only whoever holds that link can.
"""

from dataclasses import dataclass
from datetime import timedelta

from ..errors import NotFound, Refusal
from ..jobs import job, schedule, unschedule
from ..jobs.schedule import Payload
from ..store import Row, Unit
from ..store.kinds import Reads
from .accounts import AccountRow, check_name_free, get_account
from .handles import drop_handle
from .offices import end_offices
from .personal import erase_notices, erase_rows, forget_at_leaving

ERASE_JOB = "erase-member"
KEPT_FOR = timedelta(days=30)
_OTHER = "SELECT 1 AS yes FROM account WHERE email = ? AND id <> ? AND state = 'active'"


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """Somebody is no member any more; `removed_by` is empty when they left by themselves."""

    account_id: str
    removed_by: str


@dataclass(frozen=True, slots=True)
class MemberReturned:
    """Somebody who had left is a member again, with the name and address that were still kept."""

    account_id: str


@dataclass(frozen=True, slots=True)
class MemberErased:
    """Nothing here says any more who the account was; whatever stood for them elsewhere goes too."""

    account_id: str


async def leave(unit: Unit, account_id: str, *, removed_by: str = "") -> None:
    """Nobody signs in with the account any more, it has no role and is on no roll; in thirty days it is erased.

    Name and address are kept until then, and shown to nobody. Raises Refusal for the only admin.
    """
    account = await get_account(unit, account_id)
    await drop_handle(unit, account.id)
    await end_offices(unit, account.id, ended_by=removed_by or account.id)
    await unit.execute(
        "UPDATE account SET state = 'left', left_at = ?, password = '' WHERE id = ?", unit.now, account.id
    )
    await forget_at_leaving(unit, account.id)
    due_at = unit.now + KEPT_FOR
    await schedule(unit, ERASE_JOB, {"account_id": account.id}, due_at=due_at, key=_key(account.id))
    unit.record(MemberLeft(account.id, removed_by))


async def come_back(unit: Unit, account_id: str) -> AccountRow:
    """The account that had left is active again; raises NotFound when it is erased, and Refusal `name-since`."""
    left = await find_left(unit, account_id)
    if left is None:
        raise NotFound
    try:
        await check_name_free(unit, left["display_name"])
    except Refusal as error:
        raise Refusal(
            "name-since", "Somebody else has that name by now. Ask to join anew, with an initial."
        ) from error
    await unit.execute("UPDATE account SET state = 'active', left_at = NULL WHERE id = ?", account_id)
    back = await get_account(unit, account_id)
    if back.email and await unit.row(_OTHER, back.email, account_id):
        # A link to sign in would else lead its reader into whichever account is older.
        await unit.execute("UPDATE account SET email = '' WHERE id = ?", account_id)
    await unschedule(unit, _key(account_id))
    unit.record(MemberReturned(account_id))
    return await get_account(unit, account_id)


async def find_left(reads: Reads, account_id: str) -> Row | None:
    """Somebody who left and is not erased yet (id, display_name, left_at), or None."""
    return await reads.row(
        "SELECT id, display_name, left_at FROM account WHERE id = ? AND state = 'left'", account_id
    )


async def erase(unit: Unit, account_id: str) -> None:
    """Name, address and everything personal are gone; ballots keep a pseudonym for each vote."""
    left = await find_left(unit, account_id)
    if left is None:
        return
    await unit.execute(
        "UPDATE account SET state = 'erased', display_name = '', sort_name = '', email = '', password = '', "
        "language = '', invited_by = '', votes_from_at = NULL, good_until = NULL WHERE id = ?",
        account_id,
    )
    await erase_notices(unit, account_id, left["display_name"])
    await erase_rows(unit, account_id)
    unit.record(MemberErased(account_id))


@job(ERASE_JOB)
async def erase_member(unit: Unit, payload: Payload) -> None:
    """Whoever left thirty days ago and did not come back is erased."""
    await erase(unit, payload["account_id"])


def _key(account_id: str) -> str:
    return f"{ERASE_JOB}:{account_id}"


JOBS = (erase_member,)
