"""What leaves when the chapter answers, edits an answer, or takes it back.

ActivityPub §7.1.2: an answer goes to whom it answers, to followers, and to the servers of everybody in the thread, or
a thread would look different on each of them.
"""

from ...federation import Audience, publish, publishes
from ...federation.publish import chapter_keys
from ...store import Unit
from ...store.choices import find_choice
from ..profile.draft import PostGone
from . import service, wire
from .draft import CommentDeleted, CommentEdited, CommentPublished


@publishes(CommentPublished)
async def published(unit: Unit, happening: CommentPublished) -> None:
    """Create{Note}."""
    await _send(unit, "Create", happening.uri)


@publishes(CommentEdited)
async def edited(unit: Unit, happening: CommentEdited) -> None:
    """Update{Note}."""
    await _send(unit, "Update", happening.uri)


async def _send(unit: Unit, verb: str, uri: str) -> None:
    written = await service.get_written(unit, uri.rpartition("/")[2])
    quotes = await find_choice(unit, "quotes")
    note = wire.to_note(written, origin=unit.settings.origin, quotes=quotes)
    readers = await service.find_readers(unit, written.known)
    await publish(
        unit,
        wire.to_activity(verb, note),
        wire.audience_of(written),
        kind="comment",
        keys=await chapter_keys(unit),
        copies=(Audience(actors=readers),),
    )


@publishes(CommentDeleted)
async def deleted(unit: Unit, happening: CommentDeleted) -> None:
    """Delete with a Tombstone, to everybody who got the comment."""
    audience = Audience("public", actors=happening.mentions)
    copies = (Audience(actors=happening.readers),)
    # The text is in our own Create and Update too, which answer at their ids: a deleted one is told by nothing.
    mine = "SELECT id FROM outbox_item WHERE object_uri = ? AND kind = 'comment'"
    await unit.execute(f"DELETE FROM delivery WHERE outbox_id IN ({mine})", happening.uri)
    await unit.execute("DELETE FROM outbox_item WHERE object_uri = ? AND kind = 'comment'", happening.uri)
    await publish(unit, wire.to_delete(happening), audience, kind="comment", copies=copies)


@publishes(PostGone)
async def author_gone(unit: Unit, happening: PostGone) -> None:
    """Nothing leaves; the comment of somebody who is gone is counted no more."""
    if happening.known.kind == "comment":
        await service.uncount(unit, happening.known)
