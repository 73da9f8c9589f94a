"""Votes from elsewhere, and proposals and polls of chapters that we follow, coming in.

operations.md §3 row E1; wire.md §2.4.
"""

from dataclasses import dataclass
from typing import Any

from ...actors import find_follow
from ...errors import PeerRefused
from ...federation import Incoming, Outcome, done, handles, held, ignored
from ...federation.fetch import fetch_document
from ...federation.origin import author_of
from ...house import House
from ...store import Unit, find_known
from ...vocab.read import id_of, text_of
from . import service, wire

_VOTES = {
    "counted": done("an answer to our poll, counted as public opinion"),
    "late": ignored("the vote had closed, or had not opened: too late to be counted"),
    "duplicate": ignored("this account had answered already: the first answer counts"),
    "unknown-option": ignored("that is not one of the poll's answers"),
}
_STORED = {
    "stale": ignored("older than what we know"),
    "settled": ignored("this proposal is closed: its outcome does not change any more"),
    "deleted": ignored("it was deleted before"),
    "unknown": ignored("the proposal of this poll is not known here"),
}


@handles("Create", kind="vote", erases=True)
async def vote(unit: Unit, incoming: Incoming) -> Outcome:
    """An account elsewhere answers our poll. Nothing in the outcome says what it answered."""
    poll_uri = id_of(incoming.object.get("inReplyTo")) or ""
    poll = incoming.reply_to or await find_known(unit, poll_uri)
    if poll is None or not poll.local or poll.kind != "poll":
        return ignored("it answers no poll of ours")
    name = text_of(incoming.object, "name") or ""
    return _VOTES[await service.receive_vote(unit, poll.ref, incoming.activity.actor, name)]


@dataclass(frozen=True, slots=True)
class Fetched:
    """The proposal of a poll where we did not know it yet."""

    article: dict[str, Any] | None = None


async def fetch_proposal(house: House, incoming: Incoming) -> Fetched:
    """The proposal of the poll, fetched when the poll came first."""
    uri = wire.from_question(incoming.object).proposal_uri
    if not uri or await find_known(house.database, uri) is not None:
        return Fetched()
    article = await fetch_document(house, uri)
    if author_of(article) != incoming.actor.uri or not wire.stage_of(article):
        raise PeerRefused("not-its-proposal", "the poll names a proposal that is not its author's")
    return Fetched(article)


@handles("Create", "Update", kind="proposal")
async def proposal(unit: Unit, incoming: Incoming) -> Outcome:
    """A chapter that we follow put up a proposal, or it moved on."""
    if (refused := await _check_sender(unit, incoming)) is not None:
        return refused
    return await _store(unit, incoming, incoming.object)


@handles("Create", "Update", kind="poll", needs=fetch_proposal)
async def poll(unit: Unit, incoming: Incoming) -> Outcome:
    """The vote on such a proposal opened, or has new figures."""
    if (refused := await _check_sender(unit, incoming)) is not None:
        return refused
    if incoming.fetched.article is not None:
        await _store(unit, incoming, incoming.fetched.article)
    ended = await service.receive_totals(unit, incoming.actor.uri, wire.from_question(incoming.object))
    return _STORED.get(ended) or done("new figures of their vote")


@handles("Delete", kind="proposal")
@handles("Delete", kind="poll")
async def deleted(unit: Unit, incoming: Incoming) -> Outcome:
    """Its chapter deleted it."""
    await service.forget_remote(unit, incoming.object_uri, incoming.activity.actor)
    return done("deleted by its chapter")


async def _check_sender(unit: Unit, incoming: Incoming) -> Outcome | None:
    follow = await find_follow(unit, follower_uri=unit.settings.chapter_uri, followed_uri=incoming.actor.uri)
    if follow is None or follow["state"] != "accepted":
        return ignored("a proposal of a chapter that we do not follow")
    return None


async def _store(unit: Unit, incoming: Incoming, document: dict[str, Any]) -> Outcome:
    is_held = incoming.verdict.holds
    ended = await service.receive_proposal(
        unit, incoming.actor.uri, wire.from_article(document), held=is_held
    )
    if ended in _STORED:
        return _STORED[ended]
    return held(incoming.verdict.reason) if is_held else done("a proposal of a chapter that we follow")
