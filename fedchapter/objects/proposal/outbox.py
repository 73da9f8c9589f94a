"""What leaves when a proposal is published, changes, is voted on and decided.

wire.md §2.4 (Updates of the poll go to followers and to the servers of those who answered; the same `updated`, here
none); DESIGN §4.3 (the outcome is an Update with `closed`, a public Note and a signed result).
"""

from typing import Any

from ...federation import Audience, publish, publishes
from ...federation.fleeting import erase_once_sent
from ...federation.publish import chapter_keys
from ...store import Unit
from ...store.choices import find_choice
from ..profile.draft import ActorGone, PostGone
from . import wire
from .draft import (
    OpinionGiven,
    ProposalChanged,
    ProposalDeleted,
    ProposalPublished,
    TallyMoved,
    VoteClosed,
    VoteOpened,
)
from .service import get_proposal
from .service.opinion import forget_given
from .service.remote import forget_remote
from .service.rows import VOTING, ProposalRow, find_totals
from .service.voting import find_voters, forget_voters

PUBLIC = Audience("public")


async def _frame(unit: Unit) -> wire.Frame:
    zone, quotes = await find_choice(unit, "timezone"), await find_choice(unit, "quotes")
    return wire.Frame(unit.settings.chapter_uri, zone, quotes)


async def _send(
    unit: Unit, verb: str, document: dict[str, Any], kind: str, voters: tuple[str, ...] = ()
) -> None:
    """To all followers with a proof, and to the servers of `voters`, who are not named in it."""
    activity = wire.to_activity(verb, document, unit.settings.chapter_uri)
    copies = (Audience(actors=voters),) if voters else ()
    await publish(unit, activity, PUBLIC, kind=kind, keys=await chapter_keys(unit), copies=copies)


async def _send_article(unit: Unit, verb: str, row: ProposalRow) -> None:
    await _send(unit, verb, wire.to_article(row, await _frame(unit)), "proposal")


async def _send_poll(unit: Unit, verb: str, row: ProposalRow) -> None:
    totals = await find_totals(unit, row.id)
    voters = tuple(await find_voters(unit, row.id))
    await _send(unit, verb, wire.to_question(row, totals, await _frame(unit)), "poll", voters)


@publishes(ProposalPublished)
async def published(unit: Unit, happening: ProposalPublished) -> None:
    """Create{Article}."""
    await _send_article(unit, "Create", await get_proposal(unit, happening.proposal_id))


@publishes(ProposalChanged)
async def changed(unit: Unit, happening: ProposalChanged) -> None:
    """Update{Article}."""
    await _send_article(unit, "Update", await get_proposal(unit, happening.proposal_id))


@publishes(ProposalDeleted)
async def deleted(unit: Unit, happening: ProposalDeleted) -> None:
    """Delete{Tombstone}; what was sent before is not served any more."""
    await unit.execute(
        "UPDATE outbox_item SET body = '{}', access = 'addressed' WHERE object_uri = ? AND NOT EXISTS "
        "(SELECT 1 FROM delivery WHERE delivery.outbox_id = outbox_item.id AND delivery.state = 'due')",
        happening.uri,
    )
    activity = wire.to_delete(happening.uri, unit.settings.chapter_uri)
    await publish(unit, activity, PUBLIC, kind="proposal", keys=await chapter_keys(unit))


@publishes(VoteOpened)
async def opened(unit: Unit, happening: VoteOpened) -> None:
    """Update{Article} with the deadline, and Create{Question}."""
    row = await get_proposal(unit, happening.proposal_id)
    await _send_article(unit, "Update", row)
    await _send_poll(unit, "Create", row)


@publishes(TallyMoved)
async def moved(unit: Unit, happening: TallyMoved) -> None:
    """Update{Question} with the figures, while the vote is open."""
    row = await get_proposal(unit, happening.proposal_id)
    if row.stage == VOTING:
        await _send_poll(unit, "Update", row)


@publishes(VoteClosed)
async def closed(unit: Unit, happening: VoteClosed) -> None:
    """Update{Question} with `closed`, Update{Article}, and the outcome in words."""
    row = await get_proposal(unit, happening.proposal_id)
    await _send_poll(unit, "Update", row)
    await forget_voters(unit, row.id)
    await _send_article(unit, "Update", row)
    await _send(unit, "Create", wire.to_outcome(row, await _frame(unit)), "outcome")


@publishes(PostGone)
async def chapter_gone(unit: Unit, happening: PostGone) -> None:
    """The chapter whose proposal this was is gone: what we kept of it goes too."""
    if happening.known.kind == "proposal":
        await forget_remote(unit, happening.known.uri, happening.known.owner_uri)


@publishes(OpinionGiven)
async def opinion_given(unit: Unit, happening: OpinionGiven) -> None:
    """The answer to another chapter's poll, to that chapter alone; it is not kept here."""
    audience = Audience(actors=(happening.owner_uri,), personal=True)
    uri = await publish(unit, wire.to_vote(happening), audience, kind="vote", access="addressed")
    await erase_once_sent(unit, uri)


@publishes(ActorGone)
async def voter_gone(unit: Unit, happening: ActorGone) -> None:
    """Nobody needs to know any more that an actor who is gone answered a poll."""
    await forget_given(unit, happening.uri)
