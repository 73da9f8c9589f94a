"""Showing, holding and hiding what is known, with its counts: the only place of this room that changes a state.

Row C3: what is not shown is in no count.
"""

from dataclasses import dataclass

from ..store import Known, Unit
from ..store.kinds import change, count_reply

SHOWN, HELD, HIDDEN = "shown", "held", "hidden"


@dataclass(frozen=True, slots=True)
class Released:
    """Something that was held is shown from now on."""

    known: Known


@dataclass(frozen=True, slots=True)
class TakenFromView:
    """Something that was shown is held or hidden from now on (`state`): what was made from it goes, too."""

    known: Known
    state: str


@dataclass(frozen=True, slots=True)
class BackInView:
    """Something that was hidden is shown again."""

    known: Known


@dataclass(frozen=True, slots=True)
class LooksOtherwise:
    """Something that is shown was put behind a warning or closed to comments, or neither any more."""

    known: Known


async def turn(unit: Unit, known: Known, state: str) -> None:
    """The object has that state, and counts where it is shown: at its thread's root and at what it answers.

    `known` is as it is now; nothing happens when it has that state already.
    """
    if known.state == state:
        return
    await change(unit, known.uri, state=state)
    if state == SHOWN and known.state == HELD:
        unit.record(Released(known))
    if state == SHOWN and known.state == HIDDEN:
        unit.record(BackInView(known))
    if known.state == SHOWN:
        unit.record(TakenFromView(known, state))
    by = (state == SHOWN) - (known.state == SHOWN)
    if by and known.reply_to_uri:
        await count_reply(unit, known, by)
