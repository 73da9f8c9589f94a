"""What leaves when somebody follows, is answered, or stops.

wire.md §1.6: Accept and Reject go to the personal inbox. Who follows is nobody else's business: access by id only.
"""

from ...actors import find_actor
from ...federation import Audience, publish, publishes
from ...moderation.actions import FollowsPurged
from ...store import Unit
from ..profile.draft import ActorGone, ActorMoved
from . import service, wire
from .draft import FollowAnswered, FollowAsked, FollowWithdrawn


@publishes(FollowAsked)
async def asked(unit: Unit, happening: FollowAsked) -> None:
    """Follow to the followed actor."""
    await unit.execute("DELETE FROM outbox_item WHERE uri = ?", happening.follow.uri)
    audience = Audience(actors=(happening.follow.followed_uri,), personal=True)
    await publish(unit, wire.to_follow(happening.follow), audience, kind="follow", access="by-id")


@publishes(FollowWithdrawn)
async def withdrawn(unit: Unit, happening: FollowWithdrawn) -> None:
    """Undo{Follow} to the followed actor."""
    audience = Audience(actors=(happening.follow.followed_uri,), personal=True)
    await publish(unit, wire.to_undo(happening.follow), audience, kind="follow", access="by-id")


@publishes(FollowAnswered)
async def answered(unit: Unit, happening: FollowAnswered) -> None:
    """Accept or Reject to the follower."""
    audience = Audience(actors=(happening.follow.follower_uri,), personal=True)
    activity = wire.to_answer(happening.follow, accepted=happening.accepted)
    await publish(unit, activity, audience, kind="follow", access="by-id")


@publishes(ActorMoved)
async def moved(unit: Unit, happening: ActorMoved) -> None:
    """Our follows go along with an actor that moved: Undo to the old one, Follow to the new one."""
    new = await find_actor(unit, happening.new_uri)
    if new is not None:
        await service.move_follows(unit, happening.old_uri, new)


@publishes(FollowsPurged)
async def purged(unit: Unit, happening: FollowsPurged) -> None:
    """Thirty days after a suspension: Undo{Follow} and Reject, wire.md §3.2."""
    await service.end_for_good(unit, happening.actor_uri)


@publishes(ActorGone)
async def gone(unit: Unit, happening: ActorGone) -> None:
    """Follows of and by an actor that is gone are gone; there is nobody left to tell."""
    await service.forget_actor(unit, happening.uri)
