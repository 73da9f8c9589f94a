"""What leaves when a chapter offers, answers or ends: to the other chapter's own inbox; nobody else's business."""

from ...federation import Audience, publish, publishes
from ...store import Unit
from ..follow.draft import FollowEnded
from . import service, wire
from .draft import SisterAnswered, SisterOffered, SisterWithdrawn


@publishes(SisterOffered)
async def offered(unit: Unit, happening: SisterOffered) -> None:
    """Offer to the other chapter."""
    audience = Audience(actors=(happening.offer.to_uri,), personal=True)
    await publish(unit, wire.to_offer(happening.offer), audience, kind="sister", access="addressed")


@publishes(SisterAnswered)
async def answered(unit: Unit, happening: SisterAnswered) -> None:
    """Accept or Reject to the chapter that asked."""
    audience = Audience(actors=(happening.offer.from_uri,), personal=True)
    activity = wire.to_answer(happening.offer, accepted=happening.accepted)
    await publish(unit, activity, audience, kind="sister", access="addressed")


@publishes(SisterWithdrawn)
async def withdrawn(unit: Unit, happening: SisterWithdrawn) -> None:
    """Undo{Offer} to the chapter that was asked."""
    audience = Audience(actors=(happening.offer.to_uri,), personal=True)
    await publish(unit, wire.to_undo(happening.offer), audience, kind="sister", access="addressed")


@publishes(FollowEnded)
async def follow_ended(unit: Unit, happening: FollowEnded) -> None:
    """Without mutual follow no sisters."""
    await service.end_with_follow(unit, happening.follower_uri, happening.followed_uri)
