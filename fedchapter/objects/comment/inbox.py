"""Comments coming in: Create, Update, Delete, and a followed group's Announce of somebody's comment.

operations.md §1.4 (hold instead of drop), §3 rows B5 (a missing parent is not fetched) and C3; FEP-1b12 (Announce).
"""

from dataclasses import dataclass

from ...actors import ActorRow, find_actor
from ...errors import PeerRefused
from ...federation import Incoming, Outcome, done, handles, held, ignored
from ...federation.origin import author_of
from ...house import House
from ...policy import Verdict
from ...store import Unit
from . import service
from .wire import from_note


@dataclass(frozen=True, slots=True)
class Judged:
    """Who wrote it, and whether it may be said here at all (an empty string, or why not)."""

    author: ActorRow
    obstacle: str


async def judge(house: House, incoming: Incoming) -> Judged:
    """Everything about a comment that can be known before the transaction."""
    author = await _author(house, incoming)
    obstacle = "" if incoming.known is not None else await _obstacle(house, incoming)
    return Judged(author, obstacle)


async def _author(house: House, incoming: Incoming) -> ActorRow:
    if incoming.activity.type != "Announce" or incoming.known is not None:
        return incoming.actor
    author = await find_actor(house.database, author_of(incoming.object) or "")
    if author is None:
        raise PeerRefused("no-author", "the announced comment has no author that is known here")
    return author


async def _obstacle(house: House, incoming: Incoming) -> str:
    parent = incoming.reply_to
    if parent is None:
        return "it answers something that is not known here"
    kind = house.kinds.get(parent.kind)
    if kind is None or not kind.takes_comments:
        return f"a {parent.kind} takes no comments"
    if parent.state not in (service.SHOWN, service.HELD) or parent.visibility not in service.OPEN:
        return "it answers something that is not shown here"
    if await service.is_locked(house.database, parent):
        return "moderators have closed the thread to more comments"
    return ""


@handles("Create", "Update", "Announce", kind="comment", needs=judge)
async def comment(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody answered something that is known here, or changed what they answered."""
    judged: Judged = incoming.fetched
    if incoming.known is not None:
        return await _again(unit, incoming)
    if judged.obstacle:
        return ignored(judged.obstacle)
    draft = from_note(incoming.object, judged.author.uri, now=unit.now)
    if draft.visibility not in service.OPEN:
        return ignored("a comment that is not public is not shown")
    if not draft.html:
        return ignored("the comment is empty")
    assert incoming.reply_to is not None
    waits = incoming.verdict.holds
    named = tuple(sorted(incoming.ours))
    state = await service.receive(unit, draft, incoming.reply_to, held=waits, mentions=named)
    return _outcome(state, incoming.verdict)


def _outcome(state: str, verdict: Verdict) -> Outcome:
    if state == service.SHOWN:
        return done(f"shown as a comment: {verdict.reason}")
    if state == service.HELD:
        return held(verdict.reason if verdict.holds else "it answers a comment that waits")
    return ignored("it was deleted before it arrived" if state == "gone" else "it is known already")


async def _again(unit: Unit, incoming: Incoming) -> Outcome:
    known = incoming.known
    assert known is not None
    if incoming.activity.type != "Update":
        return ignored("it is known already")
    draft = from_note(incoming.object, known.owner_uri, now=unit.now)
    if await service.revise(unit, known, draft):
        return done("the comment was changed")
    return ignored("a newer text is known already, or it is gone")


@handles("Delete", kind="comment")
async def delete(unit: Unit, incoming: Incoming) -> Outcome:
    """The author took a comment back."""
    assert incoming.known is not None
    await service.erase(unit, incoming.known)
    return done("the comment is gone")
