"""Asking a second moderator: what one wants to do waits two days for another one's yes.

Issue of moderation (two-person rules). Decision: nothing has happened until the second agrees; then the action runs as
the first asked for it, with both in the log. Whoever it is about can be neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from ..errors import Forbidden, NotFound, Refusal
from ..jobs import job, schedule
from ..members import Permission
from ..members.offices import check_settled, find_settled
from ..members.permissions import PERMITS, Role
from ..notices import Named, Notice, find_staff, tell, untell
from ..notices.draft import Value
from ..store import Row, Unit
from ..store.kinds import Reads
from ..words import mark
from .audit import Entry, Judge, Line, overtaken, verb, write

PAGE = "/admin/seconds"
JOB = "second-over"
LASTS = timedelta(hours=48)
ASKS = mark("%(name)s asks for a second moderator: %(what)s. Agree or disagree by %(when)s.")
WAITING, AGREED, REFUSED, WITHDRAWN = "waiting", "agreed", "refused", "withdrawn"
_WAITS = "state = 'waiting' AND asked_at > ?"
_SELECT = (
    "SELECT id, action, target, account_id, options, reason, why, ballots, asked_by, asked_at, state "
    "FROM asked_action"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What a second moderator is asked: an action by name, on what, with which options, and the rule that wants two.

    `words` are the action's; `ballots` are URIs of proposals whose vote is open; `account_id` is the member whom it is
    about, where it is one.
    """

    action: str
    words: str
    target: str
    options: Mapping[str, str]
    permission: Permission
    why: str
    ballots: tuple[str, ...] = ()
    account_id: str = ""


async def ask(unit: Unit, question: Question, judge: Judge) -> None:
    """The others are asked, and nothing else has happened.

    Raises Refusal: `nobody-else` could agree, `asked-already`, `reason` without one, `needs-person` for the shell.
    """
    if not judge.account_id:
        raise Refusal("needs-person", "This takes two moderators, so it is asked for on the pages.")
    if not judge.reason.strip():
        raise Refusal("reason", "Say why: another moderator decides by it, and all members may read it.")
    others = set(await find_staff(unit, question.permission)) - {judge.account_id, question.account_id}
    if not others:
        raise Refusal(
            "nobody-else",
            "This takes two moderators, and nobody else here could agree. An admin can give somebody the role.",
        )
    await _lock(unit)
    same = f"SELECT id FROM asked_action WHERE target = ? AND action = ? AND {_WAITS}"
    if await unit.row(same, question.target, question.action, unit.now - LASTS):
        raise Refusal(
            "asked-already", "Somebody has asked for this already: it waits for a second moderator."
        )
    asked_id = await _write(unit, question, judge)
    values: dict[str, Value] = {
        "name": Named(judge.account_id),
        "what": question.words,
        "when": unit.now + LASTS,
    }
    notice = Notice("moderation", _key(asked_id), ASKS, PAGE, values, words=("what",), by=judge.account_id)
    await tell(unit, notice, to=others)
    await schedule(unit, JOB, {"id": asked_id}, due_at=unit.now + LASTS, key=f"{JOB}:{asked_id}")


@job(JOB)
async def end(unit: Unit, payload: Mapping[str, str]) -> None:
    """Nobody agreed in time: it waits no more."""
    ended = await unit.execute(
        "UPDATE asked_action SET state = 'over' WHERE id = ? AND state = 'waiting'", payload["id"]
    )
    if ended:
        await untell(unit, _key(payload["id"]))


async def _lock(unit: Unit) -> None:
    # Two who ask for the same at once: the second waits here, and finds the first one's question.
    if unit.postgres:
        await unit.execute("LOCK TABLE asked_action IN SHARE ROW EXCLUSIVE MODE")


def _key(asked_id: str) -> str:
    return f"second:{asked_id}"


async def _write(unit: Unit, question: Question, judge: Judge) -> str:
    asked_id = unit.new_id()
    await unit.execute(
        "INSERT INTO asked_action (id, action, target, account_id, options, reason, why, ballots, asked_by, asked_at, "
        "state, decided_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', '')",
        asked_id,
        question.action,
        question.target,
        question.account_id,
        msgspec.json.encode(dict(question.options)).decode(),
        judge.reason,
        question.why,
        msgspec.json.encode(question.ballots).decode(),
        judge.account_id,
        unit.now,
    )
    await write(unit, Entry(ASKED, asked_id, before={"action": question.action}), judge)
    return asked_id


async def take(unit: Unit, asked_id: str, judge: Judge, permission: Permission) -> Judge:
    """The second moderator agrees: returns both as the judge of what happens now.

    Raises Forbidden for whoever asked, whom it is about, and where one of both may not do it (any more); Refusal where
    one of both got the role within the last week, maybe from the other; NotFound when it was decided or is over.
    """
    row = await get_waiting(unit, asked_id)
    if judge.account_id in (row["asked_by"], row["account_id"]):
        raise Forbidden(
            "same-moderator", "You asked for this yourself, or it is about you: another one has to agree."
        )
    staff = await find_staff(unit, permission)
    if judge.account_id not in staff or row["asked_by"] not in staff:
        raise Forbidden("not-allowed", "Your role does not include this, or no longer that of whoever asked.")
    roles = [role for role in Role if permission in PERMITS[role]]
    check_settled(await find_settled(unit, roles, unit.now), judge.account_id, row["asked_by"])
    await _settle(unit, asked_id, AGREED, judge)
    return Judge(row["asked_by"], row["reason"], batch=judge.batch, second=judge.account_id)


async def refuse(unit: Unit, asked_id: str, judge: Judge) -> None:
    """Nothing comes of it: whoever asked takes it back, or another disagrees; the log says so. Raises NotFound."""
    row = await get_waiting(unit, asked_id)
    if judge.account_id == row["account_id"]:
        raise Forbidden("same-moderator", "This is about you: others decide it.")
    own = judge.account_id == row["asked_by"]
    await _settle(unit, asked_id, WITHDRAWN if own else REFUSED, judge)
    await write(unit, Entry(DECLINED, asked_id, before={"action": row["action"]}), judge)


async def _settle(unit: Unit, asked_id: str, state: str, judge: Judge) -> None:
    changed = await unit.execute(
        f"UPDATE asked_action SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND {_WAITS}",
        state,
        judge.account_id,
        unit.now,
        asked_id,
        unit.now - LASTS,
    )
    if not changed:
        raise _over()
    await untell(unit, _key(asked_id))


async def get_waiting(unit: Unit, asked_id: str) -> Row:
    """What waits under that id; raises NotFound."""
    row = await unit.row(f"{_SELECT} WHERE id = ? AND {_WAITS}", asked_id, unit.now - LASTS)
    if row is None:
        raise _over()
    return row


def _over() -> NotFound:
    return NotFound("asked-over", "This was decided already, or its two days are over.")


async def find_waiting(reads: Reads, now: datetime) -> list[Row]:
    """Everything that waits for a second moderator, oldest first."""
    return await reads.rows(f"{_SELECT} WHERE {_WAITS} ORDER BY asked_at, id", now - LASTS)


async def _withdraw(unit: Unit, line: Line, judge: Judge) -> None:
    try:
        await _settle(unit, line.target_uri, WITHDRAWN, judge)
    except NotFound as error:
        raise overtaken() from error


async def _undecline(unit: Unit, line: Line, judge: Judge) -> None:
    again = await unit.execute(
        "UPDATE asked_action SET state = 'waiting', decided_by = '', decided_at = NULL "
        "WHERE id = ? AND state IN ('refused', 'withdrawn') AND asked_at > ?",
        line.target_uri,
        unit.now - LASTS,
    )
    if not again:
        raise overtaken()


ASKED = verb("ask-second", mark("Asked a second moderator"), mark("Took back a question"), undo=_withdraw)
DECLINED = verb(
    "decline-second", mark("Declined as second moderator"), mark("Undone: declined"), undo=_undecline
)
JOBS = (end,)
