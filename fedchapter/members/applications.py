"""Asking to join: an application waits until somebody decides; one who decided twice decided once.

operations.md §3 row D6 (nobody learns from a form who is a member: what a name or an address is to us is said only to
whoever has proved the address); DESIGN §1 (what need not be kept is erased).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from ..errors import NotFound, Refusal
from ..store import Row, Unit
from ..store.kinds import Reads
from ..text import fold
from .accounts import NAME_MAX, AccountRow, create_account
from .identities import Proved, find_identity, link_proved
from .voting_rights import find_votes_from

# How long a decided application, with what its sender wrote, is kept.
KEPT_FOR = timedelta(days=30)
MESSAGE_CHARS_MAX = 2000
WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote who wants to join: reached at `email`, which they confirmed, or as `proved`."""

    display_name: str
    email: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    language: str = ""
    proved: Proved | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """A row of `application`."""

    id: str
    display_name: str
    email: str
    actor_uri: str
    handle: str
    host: str
    answers: tuple[tuple[str, str], ...]
    language: str
    state: str
    message: str
    account_id: str
    decided_by: str
    created_at: datetime
    decided_at: datetime | None

    @property
    def contact(self) -> str:
        """Where they are reached, for organizers."""
        return self.email or f"@{self.handle}"


@dataclass(frozen=True, slots=True)
class Applied:
    """Somebody asked to join."""

    application: Application


@dataclass(frozen=True, slots=True)
class Approved:
    """Somebody who asked is a member now; `application.decided_by` is empty where everybody may join."""

    application: Application
    account: AccountRow


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody who asked was told no."""

    application: Application


_COLUMNS = tuple(Application.__slots__)
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM application"


def from_row(row: Row) -> Application:
    """A row as an Application."""
    return Application(
        **{**row, "answers": msgspec.json.decode(row["answers"], type=tuple[tuple[str, str], ...])}
    )


async def apply(unit: Unit, draft: Draft) -> Application:
    """The application waits, and organizers hear of it; raises Refusal `member-already` or `applied-already`."""
    await check_new(unit, draft)
    application = await _insert(unit, draft)
    unit.record(Applied(application))
    return application


async def join_at_once(unit: Unit, draft: Draft) -> AccountRow:
    """They are a member, where everybody may be; raises Refusal `member-already`."""
    await check_new(unit, draft)
    return await approve(unit, (await _insert(unit, draft)).id)


async def approve(unit: Unit, application_id: str, *, by: str = "", message: str = "") -> AccountRow:
    """They are a member under their name (with a number if it is taken), and may vote after the waiting time."""
    application = await _decide(unit, application_id, APPROVED, by, message)
    proved = _proved(application)
    await check_no_member(unit, application.email, proved)
    account = await create_account(
        unit,
        display_name=await find_free_name(unit, application.display_name),
        email=application.email,
        votes_from_at=await find_votes_from(unit),
    )
    await unit.execute("UPDATE account SET language = ? WHERE id = ?", application.language, account.id)
    await unit.execute("UPDATE application SET account_id = ? WHERE id = ?", account.id, application.id)
    if proved is not None:
        await link_proved(unit, account.id, proved)
    unit.record(Approved(application, account))
    return account


async def refuse(unit: Unit, application_id: str, *, by: str, message: str = "") -> None:
    """They are told no; what they wrote is erased a month later."""
    unit.record(Refused(await _decide(unit, application_id, REFUSED, by, message)))


async def withdraw(unit: Unit, application_id: str) -> bool:
    """What they wrote is erased; False when it was decided or withdrawn before."""
    return (
        await unit.execute("DELETE FROM application WHERE id = ? AND state = 'waiting'", application_id) > 0
    )


async def forget_decided(unit: Unit) -> int:
    """What was decided a month ago is erased; returns how many."""
    return await unit.execute(
        "DELETE FROM application WHERE state <> 'waiting' AND decided_at <= ?", unit.now - KEPT_FOR
    )


async def check_new(reads: Reads, draft: Draft) -> None:
    """Raises Refusal when that contact is a member's (`member-already`) or applied before (`applied-already`)."""
    await check_no_member(reads, draft.email, draft.proved)
    if await find_waiting_of(reads, email=draft.email, proved=draft.proved):
        raise Refusal("applied-already", "Your application is here already, and waits for an answer.")


async def check_no_member(reads: Reads, email: str, proved: Proved | None) -> None:
    """Raises Refusal `member-already` when somebody here is reached in that way."""
    linked = await find_identity(reads, proved.actor_uri) if proved else None
    owner = "SELECT 1 AS yes FROM account WHERE email = ? AND state = 'active' LIMIT 1"
    if linked is not None or (email and await reads.row(owner, email)):
        raise Refusal("member-already", "This is the address of a member already: sign in with it.")


async def find_waiting_of(
    reads: Reads, *, email: str = "", proved: Proved | None = None
) -> Application | None:
    """The application that waits for an answer to that contact, or None."""
    row = None
    if proved is not None:
        row = await reads.row(f"{_SELECT} WHERE actor_uri = ? AND state = 'waiting'", proved.actor_uri)
    if row is None and email:
        row = await reads.row(f"{_SELECT} WHERE email = ? AND state = 'waiting'", email)
    return from_row(row) if row else None


async def find_latest_of(reads: Reads, proved: Proved) -> Application | None:
    """The last application with that fediverse account, whatever became of it, or None."""
    row = await reads.row(f"{_SELECT} WHERE actor_uri = ? ORDER BY id DESC LIMIT 1", proved.actor_uri)
    return from_row(row) if row else None


async def find_application(reads: Reads, application_id: str) -> Application | None:
    """The application, or None."""
    row = await reads.row(f"{_SELECT} WHERE id = ?", application_id)
    return from_row(row) if row else None


async def find_waiting(reads: Reads, *, limit: int) -> list[Application]:
    """Those that wait, oldest first."""
    rows = await reads.rows(f"{_SELECT} WHERE state = 'waiting' ORDER BY created_at, id LIMIT ?", limit)
    return [from_row(row) for row in rows]


async def find_decided(reads: Reads, *, limit: int) -> list[Application]:
    """Those that were decided lately, last first."""
    rows = await reads.rows(
        f"{_SELECT} WHERE state <> 'waiting' ORDER BY decided_at DESC, id DESC LIMIT ?", limit
    )
    return [from_row(row) for row in rows]


async def find_free_name(reads: Reads, name: str) -> str:
    """The name, or the name with the first number that makes it one's own."""
    number, free, taken = 1, name, "SELECT 1 AS yes FROM account WHERE sort_name = ? AND state = 'active'"
    while await reads.row(taken, fold(free)):
        number += 1
        free = f"{name[: NAME_MAX - 5]} {number}"
    return free


async def _insert(unit: Unit, draft: Draft) -> Application:
    proved = draft.proved
    values = (
        unit.new_id(),
        draft.display_name,
        draft.email,
        proved.actor_uri if proved else "",
        proved.handle if proved else "",
        proved.host if proved else "",
        msgspec.json.encode(draft.answers).decode(),
        draft.language,
        WAITING,
        "",
        "",
        "",
        unit.now,
        None,
    )
    await unit.execute(
        f"INSERT INTO application ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})", *values
    )
    return await _get(unit, str(values[0]))


async def _get(unit: Unit, application_id: str) -> Application:
    found = await find_application(unit, application_id)
    if found is None:
        raise NotFound("no-application", "This application was withdrawn.")
    return found


async def _decide(unit: Unit, application_id: str, state: str, by: str, message: str) -> Application:
    message = message.strip()
    if len(message) > MESSAGE_CHARS_MAX:
        raise Refusal("message", "At most %(max)s characters.", max=MESSAGE_CHARS_MAX)
    changed = await unit.execute(
        "UPDATE application SET state = ?, message = ?, decided_by = ?, decided_at = ? "
        "WHERE id = ? AND state = 'waiting'",
        state,
        message,
        by,
        unit.now,
        application_id,
    )
    application = await _get(unit, application_id)
    if not changed:
        raise Refusal("decided-already", "Somebody decided about this application a moment ago.")
    return application


def _proved(application: Application) -> Proved | None:
    if not application.actor_uri:
        return None
    return Proved(application.actor_uri, application.handle, application.host)
