"""What can be done about one post: hide, put behind a warning, erase our copy, lock its thread; each with its way back.

glitch-soc#2633 (hide a post reversibly, deletion is final). Decision: hiding what was written here tells other servers
by an Update that says so (objects/comment, objects/announcement), and undoing it by another with the text: a Delete
could never be taken back. Whoever wrote it reads why, and can appeal. What decides for the chapter (proposals, their
polls) cannot be hidden by moderators.
"""

from collections.abc import Mapping
from dataclasses import replace

from ...errors import Refusal
from ...house import House
from ...members import Permission
from ...store import Known, Unit, find_known
from ...store.kinds import change as change_known
from ...vocab.uris import host_of
from ...words import mark, say
from ..appeals import close_with
from ..audit import Entry, Judge, Line, overtaken, verb, write
from ..ballots import find_account_of, find_ballots_about, find_open
from ..desk import HELD as HELD_ITEM
from ..desk import Opening, close_item, open_item, reopen_item
from ..evidence import evidence_of, exact_hash
from ..grouping import group_of_actor
from ..seconds import check_ballots
from ..strikes import POST as POST_STRIKE
from ..strikes import Striking, strike, take_back
from ..turning import HELD, HIDDEN, SHOWN, LooksOtherwise, turn
from .purging import Purged
from .registry import POST, Action, install

HIDEABLE = ("comment", "announcement")
EDITED_GRAVITY = 20


async def get_post(unit: Unit, uri: str) -> Known:
    """What is known under that URI and not gone, locked until the unit ends; raises Refusal."""
    # Two who decide at once: the second waits here, and sees what the first did.
    await unit.execute("UPDATE known_object SET state = state WHERE uri = ?", uri)
    known = await find_known(unit, uri)
    if known is None or known.state == "gone":
        raise Refusal("no-post", "This is not here any more; perhaps its author deleted it.")
    return known


async def hide(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Nobody sees it."""
    known = await get_post(unit, uri)
    if known.state == HIDDEN:
        raise Refusal("decided", "It is hidden already; perhaps somebody else was a moment faster.")
    if known.local and known.kind not in HIDEABLE:
        raise Refusal("own-kind", "This is how the chapter works and decides: it is changed on its own page.")
    judge, author = await _check(unit, known, judge)
    await turn(unit, known, HIDDEN)
    await close_item(unit, sort=HELD_ITEM, subject_uri=uri, outcome=HIDE)
    entry = Entry(HIDE, known.uri, known.owner_uri, before={"state": known.state, "exact": exact_hash(known)})
    await _write(unit, entry, judge, author)
    if author:
        return say("It is hidden. Whoever wrote it reads why, and can object.")
    return say("It is hidden. Its author is not told.")


async def change(unit: Unit, known: Known, **columns: bool) -> None:
    """The post is so from now on; whoever has a copy of ours is told, where it is shown."""
    await change_known(unit, known.uri, **columns)
    if known.state == SHOWN:
        unit.record(LooksOtherwise(known))


async def _check(unit: Unit, known: Known, judge: Judge) -> tuple[Judge, str]:
    """The judge as the log shall know it, and the member who wrote it, who is told; raises Refusal and NeedsSecond."""
    author = ""
    if known.local and known.owner_uri not in (unit.settings.chapter_uri, unit.settings.server_uri):
        author = await find_account_of(unit, known)
    if author and author == judge.account_id:
        raise Refusal("self", "You wrote this yourself: delete it, or ask another moderator.")
    if author and not judge.reason.strip():
        raise Refusal("reason", "Write the reason: the member who wrote it reads it.")
    return check_ballots(judge, await find_ballots_about(unit, [known], unit.now)), author


async def _write(unit: Unit, entry: Entry, judge: Judge, author: str) -> None:
    line = await write(unit, entry, judge)
    if author:
        await strike(unit, Striking(author, POST_STRIKE, entry.target_uri), line, judge)


async def _unstrike(unit: Unit, line: Line) -> None:
    taken = await take_back(unit, line.id)
    if taken is not None:
        await close_with(unit, taken["id"])


async def _unhide(unit: Unit, line: Line, judge: Judge) -> None:
    known = await find_known(unit, line.target_uri)
    if known is None or known.state != HIDDEN:
        raise overtaken()
    before = str(line.before["state"])
    if (
        before == SHOWN
        and not known.local
        and exact_hash(known) != line.before.get("exact", exact_hash(known))
    ):
        # What comes back is not what was hidden: nobody has looked at it.
        await turn(unit, known, HELD)
        await open_item(unit, _edited(known))
    else:
        await turn(unit, known, before)
    if before == HELD:
        await reopen_item(unit, sort=HELD_ITEM, subject_uri=known.uri)
    await _unstrike(unit, line)


def _edited(known: Known) -> Opening:
    return Opening(
        HELD_ITEM,
        known.uri,
        EDITED_GRAVITY,
        mark("its author changed it while it was hidden"),
        actor_uri=known.owner_uri,
        host=host_of(known.owner_uri),
        group_key=group_of_actor(known.owner_uri),
        evidence=evidence_of(known),
        known=known,
    )


async def warn(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Text and pictures are shown only when asked for."""
    known = await get_post(unit, uri)
    if known.sensitive:
        raise Refusal("decided", "It is behind a warning already; perhaps somebody else was a moment faster.")
    judge, author = await _check(unit, known, judge)
    await change(unit, known, sensitive=True)
    await _write(unit, Entry(WARN, known.uri, known.owner_uri), judge, author)
    return say("It is behind a warning now.")


async def _unwarn(unit: Unit, line: Line, judge: Judge) -> None:
    await _unset(unit, line, "sensitive")
    await _unstrike(unit, line)


async def _unset(unit: Unit, line: Line, column: str) -> None:
    known = await find_known(unit, line.target_uri)
    if known is None or not getattr(known, column):
        raise overtaken()
    await change(unit, known, **{column: False})


async def lock(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Nobody can comment below it any more, here or from elsewhere."""
    known = await get_post(unit, uri)
    if known.locked:
        raise Refusal("decided", "It is locked already; perhaps somebody else was a moment faster.")
    # Locking talk about a proposal silences everybody who may vote on it.
    judge = check_ballots(judge, await find_open(unit, known.root_uri or known.uri, unit.now))
    await change(unit, known, locked=True)
    await write(unit, Entry(LOCK, known.uri, known.owner_uri), judge)
    return say("Nobody can comment below it any more.")


async def _unlock(unit: Unit, line: Line, judge: Judge) -> None:
    await _unset(unit, line, "locked")


async def unlock(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Comments are welcome below it again."""
    known = await get_post(unit, uri)
    if not known.locked:
        raise Refusal("decided", "It is not locked; perhaps somebody else was a moment faster.")
    await change(unit, known, locked=False)
    await write(unit, Entry(UNLOCK, known.uri, known.owner_uri), judge)
    return say("One can comment below it again.")


async def _relock(unit: Unit, line: Line, judge: Judge) -> None:
    known = await find_known(unit, line.target_uri)
    if known is None or known.locked:
        raise overtaken()
    check_ballots(judge, await find_open(unit, known.root_uri or known.uri, unit.now))
    await change(unit, known, locked=True)


async def erase(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Our copy of somebody else's post is erased, and does not come back; the original stays where it is."""
    known = await get_post(unit, uri)
    if known.local:
        raise Refusal("own-post", "This was written here: hide it, or let its author delete it.")
    if known.state == HIDDEN and not (known.html or known.title):
        raise Refusal("decided", "It is erased already; perhaps somebody else was a moment faster.")
    judge = check_ballots(judge, await find_ballots_about(unit, [known], unit.now))
    await turn(unit, known, HIDDEN)
    await close_item(unit, sort=HELD_ITEM, subject_uri=uri, outcome=ERASE)
    await write(unit, Entry(ERASE, known.uri, known.owner_uri), judge)
    unit.record(Purged((replace(known, state=HIDDEN),), stays=True))
    return say("Our copy is erased, and stays away. The original stays on its own server.")


async def _unerase(unit: Unit, line: Line, judge: Judge) -> None:
    # The text is gone; it may come again, when its server sends it or somebody here looks it up.
    forgotten = await unit.execute(
        "DELETE FROM known_object WHERE uri = ? AND local = false AND state = 'hidden' AND html = '' AND title = ''",
        line.target_uri,
    )
    if not forgotten:
        raise overtaken()


HIDE = verb("hide", mark("Hid a post"), mark("Undone: hid a post"), undo=_unhide)
WARN = verb(
    "mark-sensitive", mark("Put a post behind a warning"), mark("Undone: behind a warning"), undo=_unwarn
)
LOCK = verb("lock-thread", mark("Locked a thread"), mark("Undone: locked a thread"), undo=_unlock)
UNLOCK = verb("unlock-thread", mark("Unlocked a thread"), mark("Undone: unlocked a thread"), undo=_relock)
ERASE = verb(
    "delete-copy",
    mark("Erased our copy of a post"),
    mark("Undone: kept a post away (the copy itself is gone)"),
    undo=_unerase,
)

for _name, _words, _hint, _run, _danger in (
    ("hide", mark("Hide"), mark("Nobody sees it; it can come back."), hide, False),
    ("mark-sensitive", mark("Behind a warning"), mark("Shown only when asked for."), warn, False),
    ("lock-thread", mark("Lock the thread"), mark("No more comments below it."), lock, False),
    ("unlock-thread", mark("Unlock the thread"), mark("Comments are welcome again."), unlock, False),
    (
        "delete-copy",
        mark("Erase our copy"),
        mark("The text is gone for good here; the original stays where it is."),
        erase,
        True,
    ),
):
    install(Action(_name, _words, _hint, POST, Permission.MODERATE, _run, danger=_danger))
