"""What follows when nobody bears a handle any more: its actor ends, and `profile` tells everybody who saw it."""

from ...federation import publishes
from ...members.handles import HandleDropped
from ...store import Unit
from ..profile.draft import ActorClosed
from . import service


@publishes(HandleDropped)
async def dropped(unit: Unit, happening: HandleDropped) -> None:
    """The person is gone for good, whether the handle was given up or its bearer left the chapter."""
    if await service.bury(unit, happening.uri):
        unit.record(ActorClosed(happening.uri))
