"""Messages coming in: Create, Update, Delete. Their bodies are erased from the log once they are stored.

operations.md §1.4 (hold instead of drop); DESIGN §2 (a direct Note never becomes a public comment).
"""

from collections.abc import Collection

from ...actors import find_actors
from ...federation import Incoming, Outcome, done, handles, held, ignored
from ...store import Unit
from ..person.draft import PrivateWord
from . import service
from .wire import from_note

# The rule for whoever is only new here: that somebody wrote is told, since nothing is kept that could be shown later.
_FIRST_WORD = "stranger"


@handles("Create", kind="message", erases=True)
async def message(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody wrote to the chapter alone."""
    verdict = incoming.verdict
    if await _is_for_person(unit, incoming.ours):
        if verdict.holds and verdict.rule != _FIRST_WORD:
            # Who sent it is told by a name of their own choice: what waits reaches nobody by that.
            return ignored(f"people here take no private messages, and nobody was told: {verdict.reason}")
        unit.record(PrivateWord(incoming.actor.uri, tuple(sorted(incoming.ours))))
        return ignored(
            "people here take no private messages: it was not kept, and they were told that it came"
        )
    draft = from_note(incoming.object)
    if not draft.html:
        return ignored("the message is empty")
    waits = verdict.holds
    if not await service.receive(unit, incoming.actor.uri, draft, held=waits):
        return ignored("it is known already, or was deleted before it arrived")
    return held(verdict.reason) if waits else done(f"a message for the chapter: {verdict.reason}")


async def _is_for_person(unit: Unit, addressed: Collection[str]) -> bool:
    """Whether it is for members alone, under their public handles: no business of the staff that reads our messages."""
    actors = await find_actors(unit, sorted(addressed))
    types = {actor.type for actor in actors.values() if actor.local}
    return types == {"Person"}


@handles("Update", kind="message", erases=True)
async def update(unit: Unit, incoming: Incoming) -> Outcome:
    """The sender changed a message."""
    if incoming.known is not None and await service.revise(unit, from_note(incoming.object)):
        return done("the message was changed")
    return ignored("there is no such message here")


@handles("Delete", kind="message")
async def delete(unit: Unit, incoming: Incoming) -> Outcome:
    """The sender took a message back."""
    assert incoming.known is not None
    await service.erase(unit, incoming.known.uri, incoming.known.owner_uri)
    return done("the message is gone")
