"""What leaves when the chapter or a person of ours answers, edits an answer, or takes it back.

ActivityPub §7.1.2: an answer goes to whom it answers, to followers, and to the servers of everybody in the thread, or
a thread would look different on each of them.
"""

from ...federation import Audience, publish, publishes
from ...federation.publish import actor_keys
from ...moderation import GivenAway
from ...moderation.turning import BackInView, LooksOtherwise, TakenFromView
from ...store import Unit
from ...store.choices import find_choice
from ...words import mark, say
from ..profile.draft import PostGone
from . import service, wire
from .draft import CommentDeleted, CommentEdited, CommentPublished

HIDDEN = mark("The moderators of this chapter have hidden this.")


@publishes(CommentPublished)
async def published(unit: Unit, happening: CommentPublished) -> None:
    """Create{Note}."""
    await _send(unit, "Create", happening.uri)


@publishes(CommentEdited)
async def edited(unit: Unit, happening: CommentEdited) -> None:
    """Update{Note}."""
    await _send(unit, "Update", happening.uri)


@publishes(TakenFromView)
async def hidden(unit: Unit, happening: TakenFromView) -> None:
    """Update{Note} that says so instead of the text: a Delete could not be taken back, and this may be."""
    if happening.known.local and happening.known.kind == "comment":
        await _send(unit, "Update", happening.known.uri, shown=False)


@publishes(BackInView, LooksOtherwise)
async def back(unit: Unit, happening: BackInView | LooksOtherwise) -> None:
    """Update{Note} with the text again, or with its warning, or that it takes no comments."""
    if happening.known.local and happening.known.kind == "comment":
        await _send(unit, "Update", happening.known.uri, again=True)


@publishes(GivenAway)
async def given_away(unit: Unit, happening: GivenAway) -> None:
    """An answer of ours that gives somebody away is deleted wherever it went."""
    known = happening.known
    if known.kind == "comment":
        await service.delete(unit, known.ref, owners={known.owner_uri})


async def _send(unit: Unit, verb: str, uri: str, *, shown: bool = True, again: bool = False) -> None:
    written = await service.get_written(unit, uri.rpartition("/")[2])
    known = written.known
    quotes = await find_choice(unit, "quotes")
    note = wire.to_note(written, origin=unit.settings.origin, quotes=quotes)
    if not shown:
        note = wire.to_hidden(note, say(HIDDEN), unit.now)
    elif again:
        # Newer than the Update that hid it, or other servers leave that in place.
        note["updated"] = wire.stamp(unit.now)
    readers = await service.find_readers(unit, known)
    host_uri = await service.find_host(unit, known.root_uri, known.owner_uri)
    await publish(
        unit,
        wire.to_activity(verb, note),
        wire.audience_of(written),
        kind="comment",
        keys=await actor_keys(unit, known.owner_uri),
        copies=_copies(readers, host_uri),
    )


def _copies(readers: tuple[str, ...], host_uri: str) -> tuple[Audience, ...]:
    """Everybody in the thread, and the followers of the actor of ours whose thread it is."""
    talking = Audience(actors=readers)
    return (talking, Audience("public", followers_of=host_uri)) if host_uri else (talking,)


@publishes(CommentDeleted)
async def deleted(unit: Unit, happening: CommentDeleted) -> None:
    """Delete with a Tombstone, to everybody who got the comment."""
    audience = Audience("public", actors=happening.mentions)
    copies = _copies(
        happening.readers, await service.find_host(unit, happening.root_uri, happening.owner_uri)
    )
    # The text is in our own Create and Update too, which answer at their ids: a deleted one is told by nothing.
    mine = "SELECT id FROM outbox_item WHERE object_uri = ? AND kind = 'comment'"
    await unit.execute(f"DELETE FROM delivery WHERE outbox_id IN ({mine})", happening.uri)
    await unit.execute("DELETE FROM outbox_item WHERE object_uri = ? AND kind = 'comment'", happening.uri)
    await publish(unit, wire.to_delete(happening), audience, kind="comment", copies=copies)


@publishes(PostGone)
async def author_gone(unit: Unit, happening: PostGone) -> None:
    """Nothing leaves; the comment of somebody who is gone is counted no more, and nothing of it is kept."""
    if happening.known.kind == "comment":
        await service.uncount(unit, happening.known)
        await service.forget_source(unit, happening.known)
