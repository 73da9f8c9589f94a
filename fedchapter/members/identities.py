"""Which fediverse accounts open which account here: linked by proof, visible to the member alone, undone at will.

wire.md §6.8 (the key is the actor's id, since handles change), §2.5 (Move). Decision: that somebody is a member here is
told to nobody, so the link is known to this table and to no federated document.
"""

from dataclasses import dataclass
from datetime import datetime

from ..errors import NotFound, Refusal
from ..store import Row, Unit
from ..store.kinds import Reads
from .changed import SecurityChanged, Way
from .ways import check_another_way


@dataclass(frozen=True, slots=True)
class Proved:
    """A fediverse account whose owner stands before us, proved by its own server a moment ago."""

    actor_uri: str
    handle: str
    host: str
    name: str = ""
    also_known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """A linked account. `moved_to_uri` waits for the member's yes."""

    id: str
    account_id: str
    actor_uri: str
    handle: str
    host: str
    moved_to_uri: str
    linked_at: datetime
    last_used_at: datetime | None


_SELECT = f"SELECT {', '.join(Identity.__slots__)} FROM identity"


def from_row(row: Row) -> Identity:
    """A row as an Identity."""
    return Identity(**row)


async def find_identity(reads: Reads, actor_uri: str) -> Identity | None:
    """Whose account it opens, or None."""
    row = await reads.row(f"{_SELECT} WHERE actor_uri = ?", actor_uri)
    return from_row(row) if row else None


async def find_identities(reads: Reads, account_id: str) -> list[Identity]:
    """What the member has linked, oldest first."""
    rows = await reads.rows(f"{_SELECT} WHERE account_id = ? ORDER BY linked_at, id", account_id)
    return [from_row(row) for row in rows]


async def get_identity(reads: Reads, account_id: str, identity_id: str) -> Identity:
    """The member's own; raises NotFound."""
    row = await reads.row(f"{_SELECT} WHERE id = ? AND account_id = ?", identity_id, account_id)
    if row is None:
        raise NotFound("no-identity", "This account is not linked any more.")
    return from_row(row)


async def link_proved(unit: Unit, account_id: str, proved: Proved) -> Identity:
    """The fediverse account opens this account from now on; raises Refusal when it opens somebody else's."""
    known = await find_identity(unit, proved.actor_uri)
    if known is not None and known.account_id != account_id:
        raise Refusal("identity-taken", "%(handle)s is linked to another account here.", handle=proved.handle)
    if known is not None:
        await unit.execute("UPDATE identity SET handle = ? WHERE id = ?", proved.handle, known.id)
        return known
    await unit.execute(
        "INSERT INTO identity (id, account_id, actor_uri, handle, host, moved_to_uri, linked_at, last_used_at) "
        "VALUES (?, ?, ?, ?, ?, '', ?, ?)",
        unit.new_id(),
        account_id,
        proved.actor_uri,
        proved.handle,
        proved.host,
        unit.now,
        unit.now,
    )
    unit.record(SecurityChanged(account_id, Way.FEDIVERSE_ADDED, proved.handle))
    found = await find_identity(unit, proved.actor_uri)
    assert found is not None
    return found


async def use_identity(unit: Unit, identity: Identity, proved: Proved) -> None:
    """It was used now, under the handle that it has now."""
    await unit.execute(
        "UPDATE identity SET last_used_at = ?, handle = ? WHERE id = ?", unit.now, proved.handle, identity.id
    )


async def unlink(unit: Unit, account_id: str, identity_id: str) -> Identity:
    """The fediverse account opens nothing here; raises NotFound, and Refusal when it is the last way in."""
    identity = await get_identity(unit, account_id, identity_id)
    await unit.execute("DELETE FROM identity WHERE id = ?", identity.id)
    await check_another_way(unit, account_id)
    unit.record(SecurityChanged(account_id, Way.FEDIVERSE_REMOVED, identity.handle))
    return identity


async def move_identity(unit: Unit, identity: Identity, *, actor_uri: str, handle: str, host: str) -> None:
    """The member goes on under the account that theirs moved to; raises Refusal when it opens somebody else's."""
    known = await find_identity(unit, actor_uri)
    if known is not None and known.account_id != identity.account_id:
        raise Refusal("identity-taken", "%(handle)s is linked to another account here.", handle=handle)
    if known is not None:
        await unit.execute("DELETE FROM identity WHERE id = ?", identity.id)
        return
    await unit.execute(
        "UPDATE identity SET actor_uri = ?, handle = ?, host = ?, moved_to_uri = '', last_used_at = ? WHERE id = ?",
        actor_uri,
        handle,
        host,
        unit.now,
        identity.id,
    )
    unit.record(SecurityChanged(identity.account_id, Way.FEDIVERSE_MOVED, handle))


async def note_move(unit: Unit, old_uri: str, new_uri: str) -> Identity | None:
    """A move of a linked account waits for the member's yes; returns that link, None when nobody here has it."""
    identity = await find_identity(unit, old_uri)
    if identity is not None:
        await unit.execute("UPDATE identity SET moved_to_uri = ? WHERE id = ?", new_uri, identity.id)
    return identity


async def decline_move(unit: Unit, account_id: str, identity_id: str) -> None:
    """The link stays as it is; raises NotFound."""
    identity = await get_identity(unit, account_id, identity_id)
    await unit.execute("UPDATE identity SET moved_to_uri = '' WHERE id = ?", identity.id)
