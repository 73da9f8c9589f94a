"""A recall: members ask for a vote on ending somebody's role, and decide it; no officer can stop it.

decisions.md §1 (a tie is lost, abstentions are not votes), §4.4 (who voted and how are kept apart). Hidden from
members: the list of who has voted holds no choice, a ballot no voter, and both go when the count is done. Where the
only admin is recalled, the same vote makes the successor, so that the chapter is never without one; if that one has
left, or there was another admin who has not stayed, whoever asked for the vote follows.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from ..errors import Forbidden, NotFound, Refusal
from ..jobs import schedule, unschedule
from ..store import Row, Unit
from ..store.kinds import Reads
from ..tally import OPTIONS, Counts, Quorum, Ratio, Rules, tally
from .accounts import find_account, get_account
from .offices import count_admins, end_office, find_roles, give_role
from .permissions import Role
from .standing import find_eligible

PETITION = timedelta(days=30)
VOTING = timedelta(days=7)
# One member in ten, and never one alone.
SUPPORT, SUPPORT_MIN = Ratio(1, 10), 2
RULES = Rules(quorum=Quorum(share=Ratio(1, 5), minimum=2))
REASON_MAX = 2000
CLOSE_JOB = "recall-close"


@dataclass(frozen=True, slots=True)
class RecallMoved:
    """A recall reached a state: asked, voting, passed or failed."""

    recall_id: str
    account_id: str
    role: Role
    state: str
    by: str = ""


async def ask_recall(unit: Unit, office_id: str, asked_by: str, reason: str, successor_id: str = "") -> str:
    """Members can support the vote for thirty days; returns the recall's id. Whoever asks supports it.

    Raises Refusal `reason`, `asked-already`, or `successor` when the only admin is recalled without one.
    """
    office = await unit.row(
        "SELECT account_id, role, group_id FROM office WHERE id = ? AND ended_at IS NULL", office_id
    )
    if office is None or office["group_id"]:
        raise NotFound
    reason = await _check_request(unit, office_id, office, reason, successor_id)
    voters = await find_eligible(unit, unit.now)
    if asked_by not in voters:
        raise Forbidden("no-vote-yet", "Only members who may vote can ask for this.")
    recall_id, closes_at = unit.new_id(), unit.now + PETITION
    await unit.execute(
        "INSERT INTO recall (id, office_id, account_id, successor_id, reason, asked_by, asked_at, state, needed, "
        "closes_at, roll, yes, no, abstain) VALUES (?, ?, ?, ?, ?, ?, ?, 'asked', ?, ?, 0, 0, 0, 0)",
        recall_id,
        office_id,
        office["account_id"],
        successor_id,
        reason,
        asked_by,
        unit.now,
        max(SUPPORT_MIN, ceil(SUPPORT.fraction * len(voters))),
        closes_at,
    )
    await _schedule_close(unit, recall_id, closes_at)
    unit.record(RecallMoved(recall_id, office["account_id"], Role(office["role"]), "asked", asked_by))
    await support_recall(unit, recall_id, asked_by)
    return recall_id


async def _check_request(unit: Unit, office_id: str, office: Row, reason: str, successor_id: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_MAX:
        raise Refusal(
            "reason",
            "Give a reason, at most %(max)s characters: the members will read it.",
            max=REASON_MAX,
        )
    running = "SELECT 1 AS yes FROM recall WHERE office_id = ? AND state IN ('asked', 'voting')"
    if await unit.row(running, office_id):
        raise Refusal("asked-already", "A recall of this role is under way already: support that one.")
    if office["role"] == Role.ADMIN.value and await count_admins(unit, unit.now) == 1:
        await _check_successor(unit, successor_id, office["account_id"])
    return reason


async def _check_successor(unit: Unit, successor_id: str, account_id: str) -> None:
    if not successor_id or successor_id == account_id:
        raise Refusal("successor", "This is the only admin: choose who becomes admin if the vote passes.")
    await get_account(unit, successor_id)


async def _schedule_close(unit: Unit, recall_id: str, at: datetime) -> None:
    key = f"{CLOSE_JOB}:{recall_id}"
    await unschedule(unit, key)
    await schedule(unit, CLOSE_JOB, {"recall_id": recall_id}, due_at=at, key=key)


async def support_recall(unit: Unit, recall_id: str, account_id: str) -> None:
    """The member supports the vote; with enough of them it is open, for everybody who may vote at that moment."""
    recall = await _get(unit, recall_id, "asked")
    voters = await find_eligible(unit, unit.now)
    if account_id not in voters:
        raise Forbidden("no-vote-yet", "Only members who may vote can support this.")
    await _add_voice(unit, recall_id, account_id, "support")
    row = await unit.row(
        "SELECT count(*) AS total FROM recall_voice WHERE recall_id = ? AND part = 'support'", recall_id
    )
    if row is None or row["total"] < recall["needed"]:
        return
    closes_at = unit.now + VOTING
    await unit.execute(
        "UPDATE recall SET state = 'voting', opens_at = ?, closes_at = ?, roll = ? WHERE id = ?",
        unit.now,
        closes_at,
        len(voters),
        recall_id,
    )
    await unit.execute_many(
        "INSERT INTO recall_voice (id, recall_id, account_id, part) VALUES (?, ?, ?, 'roll')",
        [(unit.new_id(), recall_id, voter) for voter in voters],
    )
    await _schedule_close(unit, recall_id, closes_at)
    unit.record(RecallMoved(recall_id, recall["account_id"], Role(recall["role"]), "voting"))


async def _add_voice(unit: Unit, recall_id: str, account_id: str, part: str) -> bool:
    written = await unit.rows(
        "INSERT INTO recall_voice (id, recall_id, account_id, part) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (recall_id, account_id, part) DO NOTHING RETURNING id",
        secrets.token_hex(13),
        recall_id,
        account_id,
        part,
    )
    return bool(written)


async def vote_recall(unit: Unit, recall_id: str, account_id: str, choice: str) -> None:
    """The ballot is in, and cannot be changed, since nobody knows whose it is. Raises Refusal for a second one."""
    recall = await _get(unit, recall_id, "voting")
    if choice not in OPTIONS:
        raise Refusal("choice", "Choose yes, no or abstain.")
    if unit.now >= recall["closes_at"]:
        raise Refusal("vote-over", "The vote is over.")
    on_roll = "SELECT 1 AS yes FROM recall_voice WHERE recall_id = ? AND account_id = ? AND part = 'roll'"
    if await unit.row(on_roll, recall_id, account_id) is None:
        raise Forbidden("not-on-roll", "You could not vote yet when this vote was opened.")
    if not await _add_voice(unit, recall_id, account_id, "voted"):
        raise Refusal("voted", "You have voted already. A hidden ballot cannot be changed.")
    await unit.execute(
        "INSERT INTO recall_ballot (id, recall_id, choice) VALUES (?, ?, ?)",
        secrets.token_hex(13),
        recall_id,
        choice,
    )


async def close_recall(unit: Unit, recall_id: str) -> None:
    """A petition without enough supporters has failed; a vote is counted, and its result stands at once."""
    recall = await unit.row(f"{_SELECT} WHERE recall.id = ?", recall_id)
    if recall is None or recall["state"] not in ("asked", "voting"):
        return
    passed = False
    if recall["state"] == "voting":
        passed = await _count(unit, recall)
    state = "passed" if passed else "failed"
    await unit.execute("UPDATE recall SET state = ? WHERE id = ?", state, recall_id)
    for table in ("recall_voice", "recall_ballot"):
        await unit.execute(f"DELETE FROM {table} WHERE recall_id = ?", recall_id)
    unit.record(RecallMoved(recall_id, recall["account_id"], Role(recall["role"]), state))
    if passed:
        await _carry_out(unit, recall)


async def _count(unit: Unit, recall: Row) -> bool:
    rows = await unit.rows(
        "SELECT choice, count(*) AS total FROM recall_ballot WHERE recall_id = ? GROUP BY choice",
        recall["id"],
    )
    counts = Counts(**{row["choice"]: row["total"] for row in rows})
    await unit.execute(
        "UPDATE recall SET yes = ?, no = ?, abstain = ? WHERE id = ?",
        counts.yes,
        counts.no,
        counts.abstain,
        recall["id"],
    )
    return tally(RULES, counts, recall["roll"]).passed


async def _carry_out(unit: Unit, recall: Row) -> None:
    await _make_admin(unit, recall, recall["successor_id"])
    if await _is_only_admin(unit, recall):
        # Since the vote was asked for, the other admin resigned or the successor left: nobody is saved by that.
        await _make_admin(unit, recall, recall["asked_by"])
    if await _is_only_admin(unit, recall):
        # There is nobody to follow. As after a term: it goes on until there is another admin, and ends that moment.
        await unit.execute("UPDATE office SET ends_at = ? WHERE id = ?", unit.now, recall["office_id"])
        return
    await end_office(unit, recall["office_id"], why="recall")


async def _make_admin(unit: Unit, recall: Row, account_id: str) -> None:
    account = await find_account(unit, account_id)
    if account is None or account.id == recall["account_id"]:
        return
    if Role.ADMIN not in await find_roles(unit, account.id, unit.now):
        await give_role(unit, account.id, Role.ADMIN, given_by=recall["asked_by"])


async def _is_only_admin(unit: Unit, recall: Row) -> bool:
    """Whether the recalled office is the one that nobody can end."""
    held = "SELECT 1 AS yes FROM office WHERE id = ? AND role = 'admin' AND ended_at IS NULL"
    return await count_admins(unit, unit.now) == 1 and await unit.row(held, recall["office_id"]) is not None


_SELECT = (
    "SELECT recall.id, recall.office_id, recall.account_id, successor_id, reason, asked_by, asked_at, state, needed, "
    "opens_at, closes_at, roll, yes, no, abstain, office.role FROM recall JOIN office ON office.id = recall.office_id"
)


async def _get(unit: Unit, recall_id: str, state: str) -> Row:
    lock = " FOR UPDATE OF recall" if unit.postgres else ""
    row = await unit.row(f"{_SELECT} WHERE recall.id = ?{lock}", recall_id)
    if row is None:
        raise NotFound
    if row["state"] != state:
        raise Refusal("recall-moved", "This recall is not at that stage any more. Look at its page again.")
    return row


async def find_recalls(reads: Reads) -> list[Row]:
    """Every recall, newest first, at most 50: what `get_recall` gives."""
    return await reads.rows(f"{_SELECT} ORDER BY asked_at DESC LIMIT 50")


async def get_recall(reads: Reads, recall_id: str) -> Row:
    """One recall with the role it is about; raises NotFound."""
    row = await reads.row(f"{_SELECT} WHERE recall.id = ?", recall_id)
    if row is None:
        raise NotFound
    return row


async def find_parts(reads: Reads, recall_id: str, account_id: str) -> frozenset[str]:
    """What the member did in it, while it runs: support, roll (may vote), voted."""
    rows = await reads.rows(
        "SELECT part FROM recall_voice WHERE recall_id = ? AND account_id = ?", recall_id, account_id
    )
    return frozenset(row["part"] for row in rows)


async def count_voices(reads: Reads, recall_id: str, part: str) -> int:
    """How many took that part in it so far."""
    row = await reads.row(
        "SELECT count(*) AS total FROM recall_voice WHERE recall_id = ? AND part = ?", recall_id, part
    )
    return int(row["total"]) if row else 0
