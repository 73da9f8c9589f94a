"""A member objects to what moderators decided; another moderator looks at it again, where there is one.

Issue of moderation: one appeal for each strike, within twenty days. Its text stands only in the appeal, so that it goes
with its author; the desk's item says that there is one.
"""

from datetime import timedelta

from ..errors import Forbidden, NotFound, Refusal
from ..members import Permission
from ..notices import Notice, find_staff, tell
from ..store import Row, Unit
from ..store.kinds import Reads
from ..words import mark
from . import audit
from .audit import Entry, Judge, Line, overtaken, verb, write
from .desk import APPEAL, Opening, close_item, open_item, reopen_item
from .strikes import PAGE, find_strike

WITHIN = timedelta(days=20)
GRAVITY = 30
TEXT_MAX = 4000
OPEN, UPHELD, REJECTED = "open", "upheld", "rejected"
REASON = mark("A member asks that a decision is looked at again.")
WAITS = mark("A member asks that a decision of the moderators is looked at again.")
GRANTED = mark("Your appeal was upheld: what the moderators decided is taken back. %(answer)s")
STANDS = mark("Your appeal was looked at again, and the decision stands. %(answer)s")
_SELECT = (
    "SELECT id, strike_id, account_id, text, state, made_at, answer, decided_by, decided_at "
    "FROM appeal WHERE id = ?"
)


async def appeal(unit: Unit, strike_id: str, account_id: str, text: str) -> str:
    """The appeal waits at the desk; returns its id. Raises NotFound for another's strike, and Refusal when it is late,
    there was one, the strike was taken back, or nothing is written."""
    row = await find_strike(unit, strike_id)
    if row is None or row["account_id"] != account_id:
        raise NotFound
    if row["undone_at"] is not None:
        raise Refusal("undone", "This was taken back already; there is nothing to object to.")
    if unit.now > row["made_at"] + WITHIN:
        raise Refusal("late", "One can object for %(days)s days, and they are over.", days=WITHIN.days)
    text = text.strip()
    if not 0 < len(text) <= TEXT_MAX:
        raise Refusal(
            "text", "Write why it should be looked at again, in at most %(max)s characters.", max=TEXT_MAX
        )
    appeal_id = unit.new_id()
    added = await unit.execute(
        "INSERT INTO appeal (id, strike_id, account_id, text, state, made_at, answer, decided_by, decided_at) "
        "VALUES (?, ?, ?, ?, 'open', ?, '', '', NULL) ON CONFLICT (strike_id) DO NOTHING",
        appeal_id,
        strike_id,
        account_id,
        text,
        unit.now,
    )
    if not added:
        raise Refusal("appealed", "You have objected to this already. Once is all there is.")
    path = f"/admin/appeals/{appeal_id}"
    opening = Opening(APPEAL, appeal_id, GRAVITY, REASON, evidence={"title": REASON, "path": path})
    await open_item(unit, opening)
    staff = await find_deciders(unit, row)
    await tell(unit, Notice("moderation", f"appeal:{appeal_id}", WAITS, path), to=staff)
    return appeal_id


async def find_deciders(unit: Unit, strike: Row) -> set[str]:
    """Who may decide about an appeal against it: those who did not make the decision, or all where there is nobody
    else; never the member."""
    staff = set(await find_staff(unit, Permission.REPORTS)) - {strike["account_id"]}
    line = await unit.row("SELECT agreed_by FROM decision WHERE id = ?", strike["decision_id"])
    made = {strike["made_by"], line["agreed_by"] if line else ""}
    return staff - made or staff


async def find_appeal(reads: Reads, appeal_id: str) -> Row | None:
    """That appeal, or None."""
    return await reads.row(_SELECT, appeal_id)


async def decide(unit: Unit, appeal_id: str, judge: Judge, *, upheld: bool, answer: str) -> None:
    """The appeal is decided; when it is upheld, what the decision did is undone. The member reads the answer.

    Raises Forbidden for whoever made the decision, as long as somebody else could decide, and for the member.
    """
    row = await find_appeal(unit, appeal_id)
    strike = await find_strike(unit, row["strike_id"]) if row else None
    if row is None or strike is None:
        raise NotFound
    if judge.account_id not in await find_deciders(unit, strike):
        raise Forbidden(
            "own-decision", "This is about you or your own decision: another moderator looks at it."
        )
    await _settle(unit, appeal_id, UPHELD if upheld else REJECTED, judge, answer)
    if upheld:
        await _undo(unit, strike, judge)
    entry = Entry(GRANT if upheld else REJECT, appeal_id, before={"strike": row["strike_id"]})
    await write(unit, entry, judge)
    text = GRANTED if upheld else STANDS
    await tell(
        unit,
        Notice("account", f"appealed:{appeal_id}", text, PAGE, {"answer": answer}),
        to=[row["account_id"]],
    )


async def _settle(unit: Unit, appeal_id: str, state: str, judge: Judge, answer: str) -> None:
    settled = await unit.execute(
        "UPDATE appeal SET state = ?, answer = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'open'",
        state,
        answer[:TEXT_MAX],
        judge.account_id,
        unit.now,
        appeal_id,
    )
    if not settled:
        raise Refusal("decided", "Somebody else has decided about this a moment ago.")
    outcome = GRANT if state == UPHELD else REJECT
    await close_item(unit, sort=APPEAL, subject_uri=appeal_id, outcome=outcome)


async def _undo(unit: Unit, strike: Row, judge: Judge) -> None:
    try:
        await audit.undo(unit, strike["decision_id"], judge)
    except Refusal as error:
        if error.code not in ("overtaken", "undone"):
            raise
        # What it did is gone already, or was decided anew; the strike must not count all the same.
        await unit.execute(
            "UPDATE strike SET undone_at = ? WHERE id = ? AND undone_at IS NULL", unit.now, strike["id"]
        )


async def close_with(unit: Unit, strike_id: str) -> None:
    """The strike was taken back without being asked again: an appeal that waits is granted by that."""
    rows = await unit.rows(
        "UPDATE appeal SET state = 'upheld', decided_at = ? WHERE strike_id = ? AND state = 'open' RETURNING id",
        unit.now,
        strike_id,
    )
    for row in rows:
        await close_item(unit, sort=APPEAL, subject_uri=row["id"], outcome=GRANT)


async def _reopen(unit: Unit, line: Line, judge: Judge) -> None:
    opened = await unit.execute(
        "UPDATE appeal SET state = 'open', answer = '', decided_by = '', decided_at = NULL "
        "WHERE id = ? AND state = 'rejected'",
        line.target_uri,
    )
    if not opened:
        raise overtaken()
    await reopen_item(unit, sort=APPEAL, subject_uri=line.target_uri)


# An upheld appeal is final for the member; moderators who see more later decide anew, with another reason.
GRANT = verb("uphold-appeal", mark("Upheld an appeal"))
REJECT = verb(
    "reject-appeal", mark("Let a decision stand"), mark("Undone: let a decision stand"), undo=_reopen
)


async def close_left(unit: Unit, appeal_id: str) -> bool:
    """An appeal whose author's data was erased waits no more; False when there was none."""
    return await close_item(unit, sort=APPEAL, subject_uri=appeal_id, outcome=REJECT)
