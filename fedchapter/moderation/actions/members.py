"""What can be done about a member: a note, a warning, a limit for a time, and lifting it.

Issue of moderation. Decision: moderators never close a member's account and never hold what members write: signing in,
voting, one's data and leaving are rights that only the chapter ends (members/roll, removals). Who is limited writes
nothing for a time (members.silence). Each is a strike that the member reads and can appeal.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ...errors import Refusal
from ...house import House
from ...members import Permission, get_account
from ...store import Unit
from ...words import mark, say
from ..appeals import close_with
from ..audit import Entry, Judge, Line, overtaken, verb, write
from ..ballots import find_ballots_of_account
from ..seconds import check_ballots
from ..strikes import LIMIT, WARNING, Striking, strike, take_back
from .marking import ends_at
from .registry import MEMBER, Action, install

LIMIT_DAYS, LIMIT_DAYS_MAX = 7, 90


async def _check(unit: Unit, account_id: str, judge: Judge) -> Judge:
    await get_account(unit, account_id)
    if account_id == judge.account_id:
        raise Refusal("self", "Nobody judges themselves: ask another moderator.")
    if not judge.reason.strip():
        raise Refusal("reason", "Write the reason: the member reads it.")
    return check_ballots(judge, await find_ballots_of_account(unit, account_id, unit.now))


async def warn(unit: Unit, house: House, account_id: str, judge: Judge, options: Mapping[str, str]) -> str:
    """The member is told that something must not go on."""
    judge = await _check(unit, account_id, judge)
    line = await write(unit, Entry(WARN, account_id), judge)
    await strike(unit, Striking(account_id, WARNING), line, judge)
    return say("The member is warned, by “the moderators”.")


async def limit(unit: Unit, house: House, account_id: str, judge: Judge, options: Mapping[str, str]) -> str:
    """The member writes nothing here for so many days."""
    until_at = ends_at(options, unit.now) or unit.now + timedelta(days=LIMIT_DAYS)
    if until_at > unit.now + timedelta(days=LIMIT_DAYS_MAX):
        raise Refusal("days", "A limit lasts at most %(max)s days.", max=LIMIT_DAYS_MAX)
    judge = await _check(unit, account_id, judge)
    line = await write(unit, Entry(LIMITED, account_id), judge)
    await strike(unit, Striking(account_id, LIMIT, until_at=until_at), line, judge)
    return say("The member writes nothing here until then. Reading, voting and answering events go on.")


async def lift(unit: Unit, house: House, account_id: str, judge: Judge, options: Mapping[str, str]) -> str:
    """A limit is over before its time; the strike stays."""
    rows = await unit.rows(
        "SELECT id, until_at FROM strike WHERE account_id = ? AND undone_at IS NULL AND until_at > ?",
        account_id,
        unit.now,
    )
    before = {row["id"]: row["until_at"].isoformat() for row in rows}
    lifted = await unit.execute(
        "UPDATE strike SET until_at = ? WHERE account_id = ? AND undone_at IS NULL AND until_at > ?",
        unit.now,
        account_id,
        unit.now,
    )
    if not lifted:
        raise Refusal("no-limit", "There is no limit; perhaps somebody else has lifted it.")
    await write(unit, Entry(LIFTED, account_id, before={"until": before}), judge)
    return say("Lifted. The member can write again.")


async def note(unit: Unit, house: House, account_id: str, judge: Judge, options: Mapping[str, str]) -> str:
    """A line for the next moderator; the member is told nothing."""
    if not judge.reason.strip():
        raise Refusal("reason", "Write the note first.")
    await get_account(unit, account_id)
    await write(unit, Entry(NOTE, account_id), judge)
    return say("The note is in the log, beside whatever was decided.")


async def unstrike(unit: Unit, line: Line, judge: Judge) -> None:
    """The undoing of a warning or limit: it counts no more, and the member is told."""
    row = await take_back(unit, line.id)
    if row is None:
        raise overtaken()
    await close_with(unit, row["id"])


async def _unlift(unit: Unit, line: Line, judge: Judge) -> None:
    until = {strike_id: datetime.fromisoformat(text) for strike_id, text in line.before["until"].items()}
    running = {strike_id: at for strike_id, at in until.items() if at > unit.now}
    if not running:
        raise overtaken()
    check_ballots(judge, await find_ballots_of_account(unit, line.target_uri, unit.now))
    for strike_id, at in running.items():
        await unit.execute("UPDATE strike SET until_at = ? WHERE id = ? AND undone_at IS NULL", at, strike_id)


async def _unnote(unit: Unit, line: Line, judge: Judge) -> None:
    """The note stays where it is, marked as taken back."""


NOTE = verb("note-member", mark("Wrote a note about a member"), mark("Took back a note"), undo=_unnote)
WARN = verb("warn-member", mark("Warned a member"), mark("Undone: warned a member"), undo=unstrike)
LIMITED = verb("limit-member", mark("Limited a member"), mark("Undone: limited a member"), undo=unstrike)
LIFTED = verb("lift-member", mark("Lifted a member’s limit"), mark("Undone: lifted a limit"), undo=_unlift)

for _name, _words, _hint, _run, _asks in (
    ("note-member", mark("Note"), mark("For the next moderator; the member is told nothing."), note, ()),
    ("warn-member", mark("Warn"), mark("The member reads the reason, and can object."), warn, ()),
    (
        "limit-member",
        mark("Limit"),
        mark(
            "Writes nothing here for 7 days, or as many as you say. Reading, voting and answering events go on."
        ),
        limit,
        ("days",),
    ),
    ("lift-member", mark("Lift the limit"), mark("Ends a limit before its time."), lift, ()),
):
    install(
        Action(
            _name,
            _words,
            _hint,
            MEMBER,
            Permission.SANCTION,
            _run,
            _asks,
            danger=_name == "limit-member",
        )
    )
