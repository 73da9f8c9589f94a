"""What leaves when one of our actors changes: wire.md §3.2."""

from ...actors import Keyring, actor_document, get_actor
from ...federation import Audience, publish, publishes
from ...store import Unit
from . import wire
from .draft import ChapterChanged


@publishes(ChapterChanged)
async def changed(unit: Unit, happening: ChapterChanged) -> None:
    """Update with the full document, to followers, with a proof."""
    actor = await get_actor(unit, happening.actor_uri)
    keys = await Keyring(unit).get(actor.uri)
    document = actor_document(actor, keys, origin=unit.settings.origin)
    await publish(unit, wire.to_update(document), Audience(visibility="public"), kind="profile", keys=keys)
