"""Showing and refusing what somebody else wrote, one post at a time or thousands, with the way back of each.

operations.md §1.4 (hold instead of drop), §1.6 (who, what, why, undo). What is held is in no count and was told to
nobody, so refusing it is one statement however many they are; showing goes one by one.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from ..errors import Refusal
from ..policy import find_mark, lift_mark, set_mark
from ..policy.marks import APPROVED, HOLD, REFUSE
from ..store import Known, Unit, find_known, marks
from ..store.kinds import find_where
from ..words import mark
from .audit import Entry, Judge, Line, overtaken, verb, write, write_many
from .ballots import find_ballots_about
from .desk import HELD as HELD_ITEM
from .desk import close_item, reopen_item
from .fine import forget_fine, remember_fine
from .seconds import check_ballots
from .turning import HELD, HIDDEN, SHOWN, turn

AT_ONCE = 500
Thing = TypeVar("Thing")


def portions(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """Those, as many at once as one statement takes."""
    return (things[begin : begin + AT_ONCE] for begin in range(0, len(things), AT_ONCE))


async def get_open(unit: Unit, uri: str, *states: str) -> Known:
    """What somebody else's post is, if it has one of those states; raises Refusal where it has not."""
    known = await find_known(unit, uri)
    if known is None or known.state not in states or known.local:
        raise Refusal("decided", "This is not waiting any more; perhaps somebody else has decided.")
    return known


async def refuse(unit: Unit, uri: str, judge: Judge) -> None:
    """It is hidden from everybody, whether it was held or shown; its author is not told."""
    known = await get_open(unit, uri, HELD, SHOWN)
    judge = check_ballots(judge, await find_ballots_about(unit, [known], unit.now))
    await turn(unit, known, HIDDEN)
    await close_item(unit, sort=HELD_ITEM, subject_uri=known.uri, outcome=REFUSE_POST)
    await write(unit, Entry(REFUSE_POST, known.uri, known.owner_uri, before={"state": known.state}), judge)


async def show_held(unit: Unit, held: Sequence[Known], judge: Judge, *, fine: bool = False) -> None:
    """Those are shown from now on; when they are `fine`, nobody is asked about them again until they change."""
    for known in held:
        await turn(unit, known, SHOWN)
        if fine:
            await remember_fine(unit, known, judge.account_id)
    before = {"state": HELD, "fine": fine}
    entries = [Entry(APPROVE, known.uri, known.owner_uri, before=before) for known in held]
    await write_many(unit, entries, judge)


async def hide_held(unit: Unit, held: Sequence[Known], judge: Judge, *, what: str = "") -> None:
    """Those are hidden from everybody; their authors are not told. `what` is the verb, where it is not refusing."""
    if any(known.kind == "comment" for known in held):
        judge = check_ballots(judge, await find_ballots_about(unit, held, unit.now))
    for some in portions(held):
        await unit.execute(
            f"UPDATE known_object SET state = 'hidden' WHERE uri IN ({marks(len(some))}) AND state = 'held'",
            *(known.uri for known in some),
        )
    entries = [
        Entry(what or REFUSE_POST, known.uri, known.owner_uri, before={"state": HELD}) for known in held
    ]
    await write_many(unit, entries, judge)


async def unsettle(unit: Unit, line: Line, judge: Judge) -> None:
    """The undoing of showing and refusing: the post waits again, or is shown again."""
    known = await find_known(unit, line.target_uri)
    if known is None or known.state != (SHOWN if line.what == APPROVE else HIDDEN):
        raise overtaken()
    # Lines from before states were written down were all about what was held.
    before = line.before.get("state", HELD)
    await turn(unit, known, before)
    if line.before.get("fine"):
        await forget_fine(unit, known.uri)
    if before == HELD:
        await reopen_item(unit, sort=HELD_ITEM, subject_uri=known.uri)


async def unrefuse_many(unit: Unit, lines: Sequence[Line], judge: Judge) -> set[str]:
    """What was held and refused waits again, in a few statements; what was shown before goes one by one."""
    undone: set[str] = set()
    held = [line for line in lines if line.before.get("state", HELD) == HELD]
    for some in portions(held):
        ids = {line.target_uri: line.id for line in some}
        found = await find_where(unit, f"uri IN ({marks(len(ids))}) AND state = 'hidden'", *ids)
        uris = [known.uri for known in found]
        if not uris:
            continue
        among = f"IN ({marks(len(uris))})"
        await unit.execute(f"UPDATE known_object SET state = 'held' WHERE uri {among}", *uris)
        await unit.execute(
            "UPDATE desk_item SET state = 'open', outcome = '', closed_at = NULL "
            f"WHERE sort = 'held' AND state <> 'open' AND subject_uri {among}",
            *uris,
        )
        undone |= {ids[uri] for uri in uris}
    for line in lines:
        if line not in held and await _unsettled(unit, line, judge):
            undone.add(line.id)
    return undone


async def _unsettled(unit: Unit, line: Line, judge: Judge) -> bool:
    try:
        await unsettle(unit, line, judge)
    except Refusal:
        return False
    return True


async def _unmark(unit: Unit, line: Line, judge: Judge) -> None:
    if await find_mark(unit, scope="actor", subject=line.target_uri) != _OLD_MARKS[line.what]:
        raise overtaken()
    await lift_mark(unit, scope="actor", subject=line.target_uri)
    if before := line.before.get("mark"):
        await set_mark(
            unit, scope="actor", subject=line.target_uri, decision=before, made_by=judge.account_id
        )


APPROVE = verb("approve", mark("Shown"), mark("Undone: shown"), undo=unsettle)
REFUSE_POST = verb("refuse", mark("Refused"), mark("Undone: refused"), undo=unsettle, undo_many=unrefuse_many)
EXPIRED = verb(
    "expired",
    mark("Gone unseen after its time"),
    mark("Undone: gone unseen"),
    undo=unsettle,
    undo_many=unrefuse_many,
)
# Lines of an older day have these; moderation.actions decides about actors now.
_OLD_MARKS = {
    verb("approve-actor", mark("Approved the author"), mark("Undone: approved the author"), undo=_unmark): (
        APPROVED
    ),
    verb(
        "hold-actor", mark("Everything of theirs waits"), mark("Undone: everything waits"), undo=_unmark
    ): HOLD,
    verb(
        "refuse-actor", mark("Refused the author"), mark("Undone: refused the author"), undo=_unmark
    ): REFUSE,
}
