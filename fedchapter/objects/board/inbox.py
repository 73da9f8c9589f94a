"""What sister chapters share, answer and take back. The bodies are erased from the log once they are stored.

operations.md §3 rows A8, A9 (only the owner, only directly); DESIGN §5 (circle: nobody else's needs are shown here).
"""

from ...actors.sisters import is_sister
from ...errors import PeerRefused
from ...federation import Incoming, Outcome, done, handles, ignored
from ...store import Unit
from ...vocab.read import text_of
from . import service
from .wire import from_article

_SAID = {
    "new": done("a need or an offer of a sister chapter"),
    "changed": done("a need or an offer of a sister chapter has changed"),
    "over": ignored("its time is over"),
    "gone": ignored("it was taken back before"),
    "full": ignored("this chapter has as many entries here as are kept"),
    "foreign": ignored("it is another chapter's"),
}


@handles("Create", "Update", kind="board", erases=True)
async def shared(unit: Unit, incoming: Incoming) -> Outcome:
    """A sister chapter shares a need or an offer, or says it anew."""
    outcome = await _unwelcome(unit, incoming)
    if outcome is not None:
        return outcome
    remote = from_article(incoming.object)
    if remote is None:
        return ignored("it has no title, or no end")
    return _SAID[await service.receive(unit, incoming.actor.uri, remote)]


@handles("Create", kind="board-answer", erases=True)
async def answered(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody of a sister chapter answers an entry, or writes back."""
    outcome = await _unwelcome(unit, incoming)
    if outcome is not None:
        return outcome
    assert incoming.reply_to is not None
    html = text_of(incoming.object, "content") or ""
    uri = str(incoming.object.get("id") or "")
    stored = await service.receive_answer(unit, incoming.actor.uri, uri, incoming.reply_to, html)
    return done("an answer on the board") if stored else ignored("it answers nothing that is open")


@handles("Delete", kind="board")
@handles("Delete", kind="board-answer")
async def deleted(unit: Unit, incoming: Incoming) -> Outcome:
    """A sister chapter takes something back; one that was a sister may, too."""
    assert incoming.known is not None
    if incoming.known.owner_uri != incoming.actor.uri:
        raise PeerRefused("not-owner", "it is another chapter's")
    await service.drop_remote(unit, incoming.known.uri, incoming.known.owner_uri)
    return done("it is gone from the board")


async def _unwelcome(unit: Unit, incoming: Incoming) -> Outcome | None:
    # With a proof of its actor anybody could send it again.
    if incoming.relayed:
        raise PeerRefused("relayed", "this counts only from the chapter itself")
    if not await is_sister(unit, unit.settings.chapter_uri, incoming.actor.uri):
        return ignored("only sister chapters share needs and offers with us")
    return None
