"""What can be done about one post: hide, put behind a warning, erase our copy, lock its thread; each with its way back.

glitch-soc#2633 (hide a post reversibly, deletion is final).
"""

from collections.abc import Mapping

from ...errors import Refusal
from ...house import House
from ...members import Permission
from ...store import Known, Unit, find_known
from ...store.kinds import change
from ...words import mark, say
from ..audit import Entry, Judge, Line, overtaken, verb, write
from ..desk import HELD as HELD_ITEM
from ..desk import close_item, reopen_item
from ..turning import HELD, HIDDEN, SHOWN, turn
from .purging import Purged
from .registry import POST, Action, install


async def get_post(unit: Unit, uri: str) -> Known:
    """What is known under that URI and not gone; raises Refusal."""
    known = await find_known(unit, uri)
    if known is None or known.state == "gone":
        raise Refusal("no-post", "This is not here any more; perhaps its author deleted it.")
    return known


async def hide(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Nobody sees it."""
    known = await get_post(unit, uri)
    if known.state == HIDDEN:
        raise Refusal("decided", "It is hidden already.")
    await turn(unit, known, HIDDEN)
    await close_item(unit, sort=HELD_ITEM, subject_uri=uri, outcome=HIDE)
    await write(unit, _entry(HIDE, known, {"state": known.state}), judge)
    return say("It is hidden. Its author is not told.")


async def _unhide(unit: Unit, line: Line, judge: Judge) -> None:
    known = await find_known(unit, line.target_uri)
    if known is None or known.state != HIDDEN:
        raise overtaken()
    before = str(line.before["state"])
    await turn(unit, known, before)
    if before == HELD:
        await reopen_item(unit, sort=HELD_ITEM, subject_uri=known.uri)


async def warn(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Text and pictures are shown only when asked for."""
    known = await get_post(unit, uri)
    if known.sensitive:
        raise Refusal("decided", "It is behind a warning already.")
    await change(unit, uri, sensitive=True)
    await write(unit, _entry(WARN, known), judge)
    return say("It is behind a warning now.")


async def _unwarn(unit: Unit, line: Line, judge: Judge) -> None:
    await _unset(unit, line, "sensitive")


async def _unset(unit: Unit, line: Line, column: str) -> None:
    known = await find_known(unit, line.target_uri)
    if known is None or not getattr(known, column):
        raise overtaken()
    await change(unit, known.uri, **{column: False})


async def lock(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Nobody can comment below it any more, here or from elsewhere."""
    known = await get_post(unit, uri)
    if known.locked:
        raise Refusal("decided", "It is locked already.")
    await change(unit, uri, locked=True)
    await write(unit, _entry(LOCK, known), judge)
    return say("Nobody can comment on it any more.")


async def _unlock(unit: Unit, line: Line, judge: Judge) -> None:
    await _unset(unit, line, "locked")


async def erase(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Our copy of somebody else's post is erased; the original stays where it is."""
    known = await get_post(unit, uri)
    if known.local:
        raise Refusal("own-post", "This was written here: hide it, or let its author delete it.")
    if known.state == SHOWN:
        await turn(unit, known, HIDDEN)
    await close_item(unit, sort=HELD_ITEM, subject_uri=uri, outcome=ERASE)
    await write(unit, _entry(ERASE, known), judge)
    unit.record(Purged((known,)))
    return say("Our copy is erased. The original stays on its own server.")


def _entry(what: str, known: Known, before: dict[str, str] | None = None) -> Entry:
    return Entry(what, known.uri, known.owner_uri, before=before)


HIDE = verb("hide", mark("Hid a post"), mark("Undone: hid a post"), undo=_unhide)
WARN = verb(
    "mark-sensitive", mark("Put a post behind a warning"), mark("Undone: behind a warning"), undo=_unwarn
)
LOCK = verb("lock-thread", mark("Locked a thread"), mark("Undone: locked a thread"), undo=_unlock)
ERASE = verb("delete-copy", mark("Erased our copy of a post"))

for _action in (
    Action("hide", mark("Hide"), mark("Nobody sees it; it can come back."), POST, Permission.MODERATE, hide),
    Action(
        "mark-sensitive",
        mark("Behind a warning"),
        mark("Shown only when asked for."),
        POST,
        Permission.MODERATE,
        warn,
    ),
    Action(
        "lock-thread",
        mark("Lock the thread"),
        mark("No more comments below it."),
        POST,
        Permission.MODERATE,
        lock,
    ),
    Action(
        "delete-copy",
        mark("Erase our copy"),
        mark("Cannot be undone; the original stays where it is."),
        POST,
        Permission.MODERATE,
        erase,
        danger=True,
    ),
):
    install(_action)
