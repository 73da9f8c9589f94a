"""Turning what happened into an outbox row and delivery rows, inside the unit that made it true.

The bytes are fixed here and never again: what is sent, served at the activity's id and shown in the log is the same.
Signing happens at send time (wire.md §1.1: a retried delivery needs a new Date). Proofs: FEP-8b32, made on request.
"""

from typing import Any

import msgspec

from ..actors import Keyring, SigningKeys
from ..signatures import add_proof
from ..store import Unit
from ..vocab.context import with_context
from ..vocab.read import id_of
from .audience import Audience, deliver_to

LOOP = "deliver"


async def publish(
    unit: Unit,
    activity: dict[str, Any],
    audience: Audience,
    *,
    kind: str,
    access: str = "public",
    keys: SigningKeys | None = None,
    copies: tuple[Audience, ...] = (),
) -> str:
    """The activity is in the outbox and on its way; returns its id (minted here unless it has one).

    `access` says who may GET it later: public, by-id (whoever was told the id) or addressed. With `keys` it carries a
    proof. `to` and `cc` come from `audience`; `copies` are further inboxes that are not named in it.
    """
    outbox_id = unit.new_id()
    actor_uri = str(activity["actor"])
    uri = activity.get("id") or unit.settings.uri("activities", outbox_id)
    document = with_context({"id": uri, **activity, **audience.address(f"{actor_uri}/followers")})
    if keys is not None:
        document = add_proof(document, key=keys.ed25519, method=keys.ed25519_id, created_at=unit.now)
    object_ = activity.get("object")
    await unit.execute(
        "INSERT INTO outbox_item (id, uri, actor_uri, verb, object_uri, kind, body, access, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        outbox_id,
        uri,
        actor_uri,
        activity["type"],
        id_of(object_) or "",
        kind,
        msgspec.json.encode(document).decode(),
        access,
        unit.now,
    )
    for one in (audience, *copies):
        await deliver_to(unit, one, outbox_id=outbox_id, actor_uri=actor_uri)
    unit.wake(LOOP)
    return str(uri)


async def erase_sent(unit: Unit, object_uri: str) -> None:
    """What we sent about an object says nothing any more, and what is still waiting is not sent."""
    for row in await unit.rows("SELECT id, uri FROM outbox_item WHERE object_uri = ?", object_uri):
        body = msgspec.json.encode({"id": row["uri"], "type": "Tombstone"}).decode()
        await unit.execute("UPDATE outbox_item SET body = ?, access = 'by-id' WHERE id = ?", body, row["id"])
        await unit.execute(
            "UPDATE delivery SET state = 'stopped', reason = 'deleted before it arrived', ended_at = ? "
            "WHERE outbox_id = ? AND state = 'due'",
            unit.now,
            row["id"],
        )


async def silence(unit: Unit, actor_uri: str) -> None:
    """Nothing that this actor of ours sent can be had here any more, and what still waits is not sent."""
    await unit.execute("UPDATE outbox_item SET body = '', access = 'by-id' WHERE actor_uri = ?", actor_uri)
    await unit.execute(
        "UPDATE delivery SET state = 'stopped', reason = 'its sender is gone', ended_at = ? "
        "WHERE actor_uri = ? AND state = 'due'",
        unit.now,
        actor_uri,
    )


async def actor_keys(unit: Unit, actor_uri: str) -> SigningKeys:
    """The keys of one of our actors, from inside a unit; KeyError for any other."""
    return await Keyring(unit).get(actor_uri)


async def chapter_keys(unit: Unit) -> SigningKeys:
    """The chapter's keys, from inside a unit."""
    return await actor_keys(unit, unit.settings.chapter_uri)
