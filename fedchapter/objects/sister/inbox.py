"""Offers between chapters coming in.

operations.md §3 row A9: an answer counts from the one who was asked, an end from either of the two.
"""

from ...errors import PeerRefused
from ...federation import Incoming, Outcome, done, handles, ignored
from ...store import Unit
from . import service
from .wire import is_offer_of


@handles("Offer", kind="sister")
async def offer(unit: Unit, incoming: Incoming) -> Outcome:
    """Another chapter asks whether we want to be sisters."""
    sender, uri = incoming.activity.actor, incoming.activity.id
    if not uri or not is_offer_of(incoming.object, from_uri=sender, to_uri=unit.settings.chapter_uri):
        return ignored("this offers nothing that means something here")
    _check_direct(incoming)
    state = await service.receive_offer(unit, sender, uri)
    if state is None:
        raise PeerRefused("not-mutual", "only chapters that follow each other can be sisters")
    return done(
        "both asked: sister chapters now" if state == service.SISTERS else "waits for an admin's answer"
    )


@handles("Accept", "Reject", kind="sister")
async def answer(unit: Unit, incoming: Incoming) -> Outcome:
    """The chapter that we asked said yes or no, or ended what its yes began."""
    _check_direct(incoming)
    accepted = incoming.activity.type == "Accept"
    state = await service.receive_answer(
        unit, incoming.activity.actor, incoming.object_uri, accepted=accepted
    )
    if state is None:
        raise PeerRefused("not-asked", "this answers no Offer that we made to them")
    if state == service.SISTERS:
        return done("sister chapters now")
    return done("they do not follow us any more" if accepted else "they said no, or ended it")


@handles("Undo", kind="sister")
async def undo(unit: Unit, incoming: Incoming) -> Outcome:
    """The other chapter took its offer back, or ended what came of it."""
    _check_direct(incoming)
    if await service.receive_withdrawal(unit, incoming.activity.actor, incoming.object_uri):
        return done("they took it back: no sister chapters any more")
    return ignored("there was no such offer")


def _check_direct(incoming: Incoming) -> None:
    # With a proof of its actor anybody could send an old yes again.
    if incoming.relayed:
        raise PeerRefused("relayed", "this counts only from the chapter itself")
