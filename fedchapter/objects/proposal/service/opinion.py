"""Answering the poll of another chapter as a person of ours: public opinion there, no vote.

wire.md §2.4 (the first answer counts; options match by exact name); DESIGN §1 (what was answered is not kept).
"""

from datetime import datetime

import msgspec

from ....errors import NotFound, Refusal
from ....store import Row, Unit
from ....store.kinds import Reads
from ....tally import OPTIONS
from ..draft import OpinionGiven
from .remote import find_remote_by_id
from .rows import VOTING
from .voting import new_place
from .words import OPTION_WORDS


def is_open(remote: Row, now: datetime) -> bool:
    """Whether another chapter's poll takes answers, as far as it told us."""
    until_at = remote["deadline_at"]
    return bool(remote["stage"] == VOTING and remote["poll_uri"] and (until_at is None or now < until_at))


def names_of(remote: Row) -> dict[str, str]:
    """What that chapter calls each answer; in English where it did not say."""
    totals = msgspec.json.decode(remote["totals"]) if remote["totals"] else {}
    return {option: totals.get("names", {}).get(option) or OPTION_WORDS[option] for option in OPTIONS}


async def has_given(reads: Reads, remote: Row, person_uri: str) -> bool:
    """Whether the person answered that poll."""
    row = await reads.row(
        "SELECT 1 AS yes FROM poll_voter WHERE proposal_id = ? AND actor_uri = ?", remote["id"], person_uri
    )
    return row is not None


async def give(unit: Unit, proposal_id: str, person_uri: str, choice: str) -> None:
    """The person's answer is on its way to that chapter; raises NotFound, and Refusal when it is too late or given."""
    remote = await find_remote_by_id(unit, proposal_id)
    if remote is None:
        raise NotFound
    if not is_open(remote, unit.now):
        raise Refusal("vote-closed", "The vote is not open (any more), so this was not sent.")
    if choice not in OPTIONS:
        raise Refusal("choice", "Choose yes, no or abstain.")
    first = await unit.execute(
        "INSERT INTO poll_voter (id, proposal_id, actor_uri) VALUES (?, ?, ?) "
        "ON CONFLICT (proposal_id, actor_uri) DO NOTHING",
        new_place(),
        proposal_id,
        person_uri,
    )
    if not first:
        raise Refusal("opinion-given", "You have answered this poll already: the first answer counts there.")
    note_uri = f"{person_uri}#votes/{new_place()}"
    name = names_of(remote)[choice]
    unit.record(OpinionGiven(note_uri, remote["poll_uri"], remote["owner_uri"], person_uri, name))


async def forget_given(unit: Unit, actor_uri: str) -> None:
    """It is not kept that this actor answered any poll."""
    await unit.execute("DELETE FROM poll_voter WHERE actor_uri = ?", actor_uri)
