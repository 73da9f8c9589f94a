"""What was shown and waits after all: an edit that the rules hold, and copies of what turned out to be a wave.

Issue "Hold, don't drop": when a text, link or shape becomes a wave, copies already shown are held retroactively, but
not those of people whom we know. operations.md §1.6: the log names the rule, and each line can be undone.
"""

from collections.abc import Sequence
from typing import Any

from ..actors import find_actors
from ..policy.facts import KNOWN, find_standings
from ..policy.judged import EXPIRES_AFTER, HeldBack, WaveSeen
from ..store import Known, Unit, find_known, marks, publishes
from ..store.kinds import find_where
from ..vocab.uris import host_of
from ..words import mark
from .audit import Entry, Judge, Line, overtaken, verb, write
from .desk import HELD as HELD_ITEM
from .desk import Opening, close_item, open_item
from .evidence import evidence_of
from .fine import is_fine
from .grouping import group_of_wave, regroup
from .turning import HELD, SHOWN, turn

RULE = "wave"
GRAVITY = 25
REASON = mark("several unknown actors sent the like within an hour")


@publishes(HeldBack)
async def hold_edit(unit: Unit, happening: HeldBack) -> None:
    """What was shown before it was edited is not shown any more."""
    known = await find_known(unit, happening.uri)
    if known is None or known.state != SHOWN or known.local:
        return
    await turn(unit, known, HELD)
    verdict = happening.verdict
    entry = Entry(EDIT_HELD, known.uri, known.owner_uri, before=_before([known.uri]))
    await write(unit, entry, Judge("", verdict.reason, verdict.name or verdict.rule))


@publishes(WaveSeen)
async def hold_wave(unit: Unit, seen: WaveSeen) -> None:
    """Copies that were shown wait; those that waited already are in the group of the wave."""
    group_key = group_of_wave(seen.wave_id)
    for other in seen.merged:
        await regroup(unit, group_of_wave(other), group_key)
    if not seen.uris:
        return
    await unit.execute(
        "UPDATE desk_item SET group_key = ? WHERE sort = ? AND state = 'open' "
        f"AND subject_uri IN ({marks(len(seen.uris))})",
        group_key,
        HELD_ITEM,
        *seen.uris,
    )
    shown = await _shown_of_strangers(unit, seen.uris)
    for known in shown:
        await turn(unit, known, HELD)
        await _open(unit, known, group_key)
    if shown:
        entry = Entry(WAVE_HELD, group_key, before=_before([known.uri for known in shown]))
        await write(unit, entry, Judge("", REASON, RULE))


async def _shown_of_strangers(unit: Unit, uris: Sequence[str]) -> list[Known]:
    """Those still shown whose authors we still do not know: some may have been approved meanwhile, or found fine as
    they are, which nobody takes back by copying them."""
    found = await find_where(
        unit, f"uri IN ({marks(len(uris))}) AND state = 'shown' AND local = false ORDER BY uri", *uris
    )
    actors = await find_actors(unit, [known.owner_uri for known in found])
    standings = await find_standings(unit, unit.settings, actors.values(), circle=frozenset(), now=unit.now)
    return [
        known
        for known in found
        if (known.owner_uri not in standings or standings[known.owner_uri].relation not in KNOWN)
        and not await is_fine(unit, known)
    ]


async def _open(unit: Unit, known: Known, group_key: str) -> None:
    if known.visibility == "direct":
        return
    await open_item(
        unit,
        Opening(
            HELD_ITEM,
            known.uri,
            GRAVITY,
            REASON,
            actor_uri=known.owner_uri,
            host=host_of(known.owner_uri),
            group_key=group_key,
            rule=RULE,
            evidence=evidence_of(known),
            expires_at=unit.now + EXPIRES_AFTER,
            known=known,
        ),
    )


def _before(uris: list[str]) -> dict[str, Any]:
    return {"uris": uris}


async def _show_again(unit: Unit, line: Line, judge: Judge) -> None:
    """All of them are shown again; raises Refusal when something was decided about one of them since."""
    for uri in line.before["uris"]:
        known = await find_known(unit, uri)
        if known is None or known.state != HELD:
            raise overtaken()
        await turn(unit, known, SHOWN)
        await close_item(unit, sort=HELD_ITEM, subject_uri=uri, outcome="approve")


EDIT_HELD = verb(
    "held-edit",
    mark("Held again, since it was edited"),
    mark("Undone: held again, since it was edited"),
    undo=_show_again,
)
WAVE_HELD = verb(
    "held-wave",
    mark("Held what was shown of a wave"),
    mark("Undone: held what was shown of a wave"),
    undo=_show_again,
)
