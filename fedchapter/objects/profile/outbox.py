"""What leaves when one of our actors changes: wire.md §3.2."""

from ...actors import Keyring, actor_document, get_actor
from ...federation import Audience, publish, publishes
from ...federation.publish import actor_keys, silence
from ...store import Unit
from . import wire
from .draft import ActorClosed, ActorGone, ChapterChanged


@publishes(ChapterChanged)
async def changed(unit: Unit, happening: ChapterChanged) -> None:
    """Update with the full document, to followers, with a proof; a person's also wherever they took part."""
    actor = await get_actor(unit, happening.actor_uri)
    keys = await Keyring(unit).get(actor.uri)
    document = actor_document(actor, keys, origin=unit.settings.origin)
    audience = Audience("public", everywhere=actor.type == "Person")
    await publish(unit, wire.to_update(document), audience, kind="profile", keys=keys)


@publishes(ActorClosed)
async def closed(unit: Unit, happening: ActorClosed) -> None:
    """Delete of the actor to its followers and wherever it was seen; then nobody follows it any more."""
    uri = happening.actor_uri
    await silence(unit, uri)
    keys = await actor_keys(unit, uri)
    audience = Audience("public", everywhere=True)
    await publish(unit, wire.to_delete(uri), audience, kind="profile", access="by-id", keys=keys)
    unit.record(ActorGone(uri))
