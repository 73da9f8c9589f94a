"""What can be done about somebody elsewhere: a note, holding always, a limit, suspension, and lifting all of it.

operations.md §1.1 (freeze, limit, suspend with thirty days' grace), §1.5.7 (pause, do not destroy).
"""

from collections.abc import Mapping
from dataclasses import replace

from ...actors import ActorRow, get_actor
from ...errors import Refusal
from ...house import House
from ...members import Permission
from ...policy import Marking, find_marking
from ...policy.marks import APPROVED, HOLD, LIMIT, REFUSE
from ...store import Unit
from ...words import mark, say
from ..audit import Entry, Judge, verb, write
from .marking import ends_at, place, take_off, unplace
from .purging import plan_purge
from .registry import ACTOR, Action, install

MOVED = "moved"


async def get_stranger(unit: Unit, uri: str) -> ActorRow:
    """Somebody elsewhere, by URI; raises Refusal for our own."""
    actor = await get_actor(unit, uri)
    if actor.local:
        raise Refusal("own-actor", "This is one of ours; what is decided about members is on their page.")
    return actor


async def decide(unit: Unit, uri: str, what: str, judge: Judge, options: Mapping[str, str]) -> str:
    """The decision about the actor that goes with the verb stands, with its flags kept; returns the id of its line."""
    actor = await get_stranger(unit, uri)
    before = await find_marking(unit, scope="actor", subject=actor.uri) or Marking("")
    marking = replace(
        before,
        decision=DECISIONS[what],
        reason=judge.reason,
        made_by=judge.account_id,
        expires_at=ends_at(options, unit.now),
        sensitive=before.sensitive or options.get("sensitive") == "yes",
    )
    return await place(unit, scope="actor", subject=actor.uri, marking=marking, what=what, judge=judge)


async def approve(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """What they post is shown at once."""
    await decide(unit, uri, ALLOW, judge, options)
    return say("What they post is shown at once from now on.")


async def hold(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """What they post waits, each time."""
    await decide(unit, uri, HOLD_ALWAYS, judge, options)
    return say("Whatever they post from now on waits for a moderator.")


async def limit(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Only who follows them sees them."""
    await decide(unit, uri, LIMITED, judge, options)
    return say("They are on no public page any more.")


async def sensitive(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """What they post is behind a warning, whatever else is decided."""
    actor = await get_stranger(unit, uri)
    before = await find_marking(unit, scope="actor", subject=actor.uri) or Marking("")
    marking = replace(before, sensitive=True, made_by=judge.account_id)
    await place(unit, scope="actor", subject=actor.uri, marking=marking, what=SENSITIVE, judge=judge)
    return say("What they post is behind a warning from now on.")


async def suspend(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Everything of theirs is out of sight, and nothing more is taken; after thirty days the copies are erased."""
    await decide(unit, uri, SUSPEND, judge, options)
    await plan_purge(unit, scope="actor", subject=uri)
    return say(
        "Suspended. What they posted is out of sight, and comes back if this is undone within 30 days."
    )


async def lift(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Nothing is decided about them any more."""
    await take_off(unit, scope="actor", subject=(await get_stranger(unit, uri)).uri, judge=judge)
    return say("Lifted. They are treated like anybody else.")


async def go_along(unit: Unit, old_uri: str, new_uri: str) -> None:
    """What was decided about somebody who has moved is decided about their new account, as a line that says so.

    Approval does not go along, and what was decided about the new account stays.
    """
    decided = await find_marking(unit, scope="actor", subject=old_uri, now=unit.now)
    if decided is None or decided.decision not in HARDER:
        return
    if await find_marking(unit, scope="actor", subject=new_uri, now=unit.now) is not None:
        return
    judge = Judge("", decided.reason, rule=MOVED)
    await place(
        unit, scope="actor", subject=new_uri, marking=decided, what=HARDER[decided.decision], judge=judge
    )


async def note(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    """A line for the next moderator; nothing changes."""
    if not judge.reason:
        raise Refusal("reason", "Write the note first.")
    actor = await get_stranger(unit, uri)
    await write(unit, Entry(NOTE, actor.uri, actor.uri), judge)
    return say("The note is in the log, beside whatever was decided.")


async def _unnote(unit: Unit, line: object, judge: Judge) -> None:
    """The note stays where it is, marked as taken back."""


ALLOW = verb("allow-actor", mark("Approved somebody"), mark("Undone: approved somebody"), undo=unplace)
HOLD_ALWAYS = verb(
    "hold-always", mark("Everything somebody posts waits"), mark("Undone: everything waits"), undo=unplace
)
LIMITED = verb("limit-actor", mark("Limited somebody"), mark("Undone: limited somebody"), undo=unplace)
SENSITIVE = verb(
    "sensitive-actor", mark("Put somebody behind a warning"), mark("Undone: behind a warning"), undo=unplace
)
SUSPEND = verb("suspend-actor", mark("Suspended somebody"), mark("Undone: suspended somebody"), undo=unplace)
NOTE = verb("note-actor", mark("Wrote a note about somebody"), mark("Took back a note"), undo=_unnote)

DECISIONS = {ALLOW: APPROVED, HOLD_ALWAYS: HOLD, LIMITED: LIMIT, SUSPEND: REFUSE}
HARDER = {HOLD: HOLD_ALWAYS, LIMIT: LIMITED, REFUSE: SUSPEND}

for _action in (
    Action(
        "note-actor",
        mark("Note"),
        mark("For the next moderator; changes nothing."),
        ACTOR,
        Permission.MODERATE,
        note,
    ),
    Action(
        "allow-actor",
        mark("Approve the author"),
        mark("What they post is shown at once."),
        ACTOR,
        Permission.MODERATE,
        approve,
    ),
    Action(
        "hold-actor",
        mark("Always hold"),
        mark("Whatever they post waits for a moderator."),
        ACTOR,
        Permission.MODERATE,
        hold,
        ("days",),
    ),
    Action(
        "sensitive-actor",
        mark("Behind a warning"),
        mark("Pictures and text are shown only when asked for."),
        ACTOR,
        Permission.MODERATE,
        sensitive,
    ),
    Action(
        "limit-actor",
        mark("Limit"),
        mark("On no public page; only who follows them sees them."),
        ACTOR,
        Permission.MODERATE,
        limit,
        ("days",),
    ),
    Action(
        "suspend-actor",
        mark("Suspend"),
        mark("Nothing of theirs is shown or taken; erased after 30 days unless lifted."),
        ACTOR,
        Permission.MODERATE,
        suspend,
        ("days",),
        danger=True,
    ),
    Action(
        "lift-actor",
        mark("Lift"),
        mark("Nothing is decided about them any more."),
        ACTOR,
        Permission.MODERATE,
        lift,
    ),
):
    install(_action)
