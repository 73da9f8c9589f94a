"""Public handles: the one thing by which a member may be known outside, chosen by nobody but themselves.

DESIGN §1 (privacy by default). The actor behind a handle is objects/person's business; here is only whose it is, which
never leaves the server.
"""

from collections.abc import Collection
from dataclasses import dataclass

from ..errors import Forbidden, Refusal
from ..settings import Settings
from ..store import Unit, marks
from ..store.kinds import Reads
from .accounts import AccountRow

CHOOSE_PAGE = "/me/handle"


@dataclass(frozen=True, slots=True)
class HandleDropped:
    """Nobody bears the handle any more, whether given up or because its bearer left; `uri` was its actor's."""

    uri: str


def person_uri(settings: Settings, account: AccountRow) -> str:
    """The id of the account's Person actor; empty without a handle."""
    return settings.uri(f"@{account.handle}") if account.handle else ""


def check_handle(settings: Settings, account: AccountRow) -> str:
    """The id of the account's Person actor; raises Forbidden, with what to do, without a handle."""
    uri = person_uri(settings, account)
    if not uri:
        raise Forbidden(
            "no-handle",
            "This would be public under your name, so it needs a public handle. You can choose one under "
            "“My account”, or answer from an account you have on another server.",
        )
    return uri


async def take_handle(unit: Unit, account_id: str, handle: str) -> None:
    """The account bears the handle; raises Refusal when it has one already."""
    taken = await unit.execute(
        "UPDATE account SET handle = ? WHERE id = ? AND handle IS NULL AND state = 'active'",
        handle,
        account_id,
    )
    if not taken:
        raise Refusal("handle-had", "You have a public handle already. Give it up before you choose another.")


async def drop_handle(unit: Unit, account_id: str) -> None:
    """The account bears no handle; whoever listens to HandleDropped ends its actor. Nothing happens without one."""
    row = await unit.row("SELECT handle FROM account WHERE id = ?", account_id)
    if row is None or not row["handle"]:
        return
    await unit.execute("UPDATE account SET handle = NULL WHERE id = ?", account_id)
    unit.record(HandleDropped(unit.settings.uri(f"@{row['handle']}")))


async def find_bearer(reads: Reads, settings: Settings, actor_uri: str) -> str:
    """The account behind one of our Person actors; empty for every other actor."""
    return (await find_bearers(reads, settings, (actor_uri,))).get(actor_uri, "")


async def find_bearers(reads: Reads, settings: Settings, actor_uris: Collection[str]) -> dict[str, str]:
    """The accounts behind those that are Person actors of ours, by the actor's id."""
    start = settings.uri("@")
    handles = {uri.removeprefix(start): uri for uri in actor_uris if uri.startswith(start)}
    if not handles:
        return {}
    rows = await reads.rows(
        f"SELECT id, handle FROM account WHERE state = 'active' AND handle IN ({marks(len(handles))})",
        *handles,
    )
    return {handles[row["handle"]]: row["id"] for row in rows}
