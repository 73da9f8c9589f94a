"""The vote: a signed opening, a frozen roll, ballots of members on the page, and answers of others to the poll.

Sources: DESIGN §4.2; wire.md §2.4 (no change of vote on Mastodon; options match by exact name); operations.md §3
row E1.
"""

import secrets
from datetime import datetime, timedelta

import msgspec

from ....actors import Keyring
from ....errors import Forbidden, Refusal
from ....evidence import Roll, opening, sign
from ....jobs import schedule
from ....members import find_eligible
from ....store import Known, Unit, know
from ....store.choices import find_choice
from ....store.kinds import change
from ....tally import OPTIONS
from ....words import speaking
from ..draft import VoteDraft, VoteOpened
from .rows import DISCUSSION, VOTING, ProposalRow, get_locked
from .words import options_by_word, stage_line

CLOSE_JOB, TALLY_JOB = "close-vote", "send-tally"
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=366)
# wire.md §2.4: Mastodon sends new figures three minutes after a vote. Windows of that length, each sent once.
TALLY_EVERY = timedelta(minutes=3)
# So that a vote that began just before a window's end is committed before its figures are read.
TALLY_GRACE = timedelta(seconds=15)
COUNTED, LATE, DUPLICATE, UNKNOWN_OPTION = "counted", "late", "duplicate", "unknown-option"
_OPEN = """
UPDATE proposal SET stage = 'voting', opened_at = ?, closes_at = ?, changed_at = ?, roll_count = ?, opening = ?,
poll_language = ? WHERE id = ?
"""


def new_place() -> str:
    """A random id: ballots must not be orderable, so not one that sorts by time."""
    return secrets.token_hex(13)


async def open_vote(unit: Unit, proposal_id: str, draft: VoteDraft) -> None:
    """Every member with the right to vote now may vote until the closing time, under these rules; it is announced.

    Raises Refusal when it is not under discussion, or the closing time is too near or too far.
    """
    row = await get_locked(unit, proposal_id)
    if row.stage != DISCUSSION:
        raise Refusal("not-in-discussion", "A vote can be opened on a proposal under discussion only.")
    closes_at = draft.closes_at.replace(microsecond=0)
    if not SHORTEST <= closes_at - unit.now <= LONGEST:
        raise Refusal("closes", "The vote must be open for at least five minutes and at most a year.")
    roll = await _make_roll(unit, proposal_id)
    statement = opening(
        uri=row.opening_uri,
        chapter=unit.settings.chapter_uri,
        proposal=row.uri,
        version=row.version_hash,
        rules=draft.rules,
        opens_at=unit.now,
        closes_at=closes_at,
        roll=Roll(roll, unit.now),
    )
    keys = await Keyring(unit).get(unit.settings.chapter_uri)
    signed = msgspec.json.encode(sign(statement, keys.ed25519, keys.ed25519_id, unit.now)).decode()
    await unit.execute(_OPEN, unit.now, closes_at, unit.now, roll, signed, unit.language, proposal_id)
    await _announce(unit, proposal_id)
    due = {"proposal": proposal_id}
    await schedule(unit, CLOSE_JOB, due, due_at=closes_at, key=f"{CLOSE_JOB}:{proposal_id}")
    unit.record(VoteOpened(proposal_id))


async def _make_roll(unit: Unit, proposal_id: str) -> int:
    """A place for every member who has the right to vote at this moment; returns how many."""
    accounts = await find_eligible(unit, unit.now)
    # SQLite numbers rows as they are written; shuffled, that says nothing either.
    secrets.SystemRandom().shuffle(accounts)
    await unit.execute_many(
        "INSERT INTO ballot (id, proposal_id, account_id, choice) VALUES (?, ?, ?, '')",
        [(new_place(), proposal_id, account) for account in accounts],
    )
    await unit.execute_many(
        "INSERT INTO public_opinion (id, proposal_id, choice, votes) VALUES (?, ?, ?, 0)",
        [(new_place(), proposal_id, option) for option in OPTIONS],
    )
    return len(accounts)


async def _announce(unit: Unit, proposal_id: str) -> None:
    """The poll is known by its id, and the proposal's card says until when to vote, on top of the home page."""
    row = await get_locked(unit, proposal_id)
    zone = await find_choice(unit, "timezone")
    with speaking(unit.language):
        line = stage_line(row, zone)
    await change(unit, row.uri, note=line, sort_at=unit.now)
    poll = Known(
        row.poll_uri,
        "poll",
        row.id,
        unit.settings.chapter_uri,
        unit.now,
        local=True,
        url=row.uri,
        title=row.title,
        note=line,
        root_uri=row.uri,
    )
    await know(unit, poll)


def is_open(row: ProposalRow, at: datetime) -> bool:
    """Whether a vote counts at that moment: the closing time itself is too late, whenever the job runs."""
    return row.stage == VOTING and row.closes_at is not None and at < row.closes_at


async def cast(unit: Unit, proposal_id: str, account_id: str, choice: str) -> None:
    """The member's ballot says this, whatever it said before; raises Refusal after the close or off the roll."""
    row = await get_locked(unit, proposal_id, shared=True)
    if not is_open(row, unit.now):
        raise Refusal("vote-closed", "The vote is not open (any more), so this was not counted.")
    if choice not in OPTIONS:
        raise Refusal("choice", "Choose yes, no or abstain.")
    placed = await unit.execute(
        "UPDATE ballot SET choice = ? WHERE proposal_id = ? AND account_id = ?",
        choice,
        proposal_id,
        account_id,
    )
    if not placed:
        raise Forbidden(
            "not-on-roll",
            "Only those who had the right to vote when this vote opened can vote in it.",
        )
    await _schedule_tally(unit, proposal_id)


async def receive_vote(unit: Unit, proposal_id: str, actor_uri: str, name: str) -> str:
    """An account elsewhere answered the poll; returns counted, late, duplicate or unknown-option.

    The first answer of an account counts, since Mastodon offers no change. It is public opinion, never a ballot.
    """
    row = await get_locked(unit, proposal_id, shared=True)
    if not is_open(row, unit.now):
        return LATE
    option = options_by_word().get(name)
    if option is None:
        return UNKNOWN_OPTION
    first = await unit.execute(
        "INSERT INTO poll_voter (id, proposal_id, actor_uri) VALUES (?, ?, ?) "
        "ON CONFLICT (proposal_id, actor_uri) DO NOTHING",
        new_place(),
        proposal_id,
        actor_uri,
    )
    if not first:
        return DUPLICATE
    await unit.execute(
        "UPDATE public_opinion SET votes = votes + 1 WHERE proposal_id = ? AND choice = ?",
        proposal_id,
        option,
    )
    await _schedule_tally(unit, proposal_id)
    return COUNTED


async def _schedule_tally(unit: Unit, proposal_id: str) -> None:
    """New figures go out at the end of this window, once for all its votes."""
    seconds = int(TALLY_EVERY.total_seconds())
    window = int(unit.now.timestamp()) // seconds
    due_at = datetime.fromtimestamp((window + 1) * seconds, unit.now.tzinfo) + TALLY_GRACE
    key = f"{TALLY_JOB}:{proposal_id}:{window}"
    await schedule(unit, TALLY_JOB, {"proposal": proposal_id}, due_at=due_at, key=key)


async def find_voters(unit: Unit, proposal_id: str) -> list[str]:
    """One voter for each inbox that voters elsewhere are reached by: their servers want the new figures."""
    rows = await unit.rows(
        "SELECT min(actor.uri) AS uri FROM poll_voter JOIN actor ON actor.uri = poll_voter.actor_uri "
        "WHERE poll_voter.proposal_id = ? "
        "GROUP BY CASE WHEN actor.shared_inbox <> '' THEN actor.shared_inbox ELSE actor.inbox END",
        proposal_id,
    )
    return sorted(row["uri"] for row in rows)


async def forget_voters(unit: Unit, proposal_id: str) -> None:
    """Who answered from elsewhere is not kept: the vote is over, and they have been told."""
    await unit.execute("DELETE FROM poll_voter WHERE proposal_id = ?", proposal_id)
