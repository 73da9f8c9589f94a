"""What members are told of proposals and votes: discussed, open, closing while they have not voted, decided.

decisions.md §2 (reminders only to those who have not voted). Who has not voted is asked of the ballots at that moment;
the notice that says so is gone with the vote.
"""

from datetime import datetime, timedelta
from typing import Any

from ...jobs import job, schedule
from ...notices import Notice, tell, untell
from ...notices.draft import Value
from ...notices.readers import PORTION
from ...store import Unit, publishes
from ...words import mark
from .draft import ProposalDeleted, ProposalPublished, VoteClosed, VoteOpened
from .service import get_proposal
from .service.rows import CLOSED, VOTING, ProposalRow, find_proposal
from .service.words import OUTCOMES

OPENED, CLOSING, DECIDED = "vote-open", "vote-closing", "vote-decided"
JOB = "tell-vote"
LAST_DAY = timedelta(days=1)
# In which stage each is still true, and what it says.
TEXTS = {
    OPENED: (VOTING, mark("The vote on “%(title)s” is open until %(when)s.")),
    CLOSING: (VOTING, mark("You have not voted yet on “%(title)s”. The vote closes on %(when)s.")),
    DECIDED: (CLOSED, mark("The vote on “%(title)s” is over: %(outcome)s")),
}


@publishes(ProposalPublished)
async def discussed(unit: Unit, happening: ProposalPublished) -> None:
    """Every member hears that there is something to discuss."""
    row = await get_proposal(unit, happening.proposal_id)
    text = mark("A new proposal to discuss: %(title)s")
    notice = Notice("proposal", f"proposal:{row.id}", text, _path(row), {"title": row.title}, by=row.made_by)
    await tell(unit, notice)


@publishes(ProposalDeleted)
async def taken_back(unit: Unit, happening: ProposalDeleted) -> None:
    """Nobody is told any more."""
    await untell(unit, f"proposal:{happening.uri.rpartition('/')[2]}")


@publishes(VoteOpened)
async def opened(unit: Unit, happening: VoteOpened) -> None:
    """Whoever may vote hears it now, and once more before the end if they have not voted by then."""
    row = await get_proposal(unit, happening.proposal_id)
    assert row.opened_at is not None
    assert row.closes_at is not None
    await _plan(unit, row.id, OPENED, unit.now)
    # A short vote has no last day: a third of its time is left then.
    before = min(LAST_DAY, (row.closes_at - row.opened_at) / 3)
    await _plan(unit, row.id, CLOSING, row.closes_at - before)


@publishes(VoteClosed)
async def closed(unit: Unit, happening: VoteClosed) -> None:
    """Whoever could vote hears how it ended; that it was open is no news any more."""
    for what in (OPENED, CLOSING):
        await untell(unit, f"{what}:{happening.proposal_id}")
    await _plan(unit, happening.proposal_id, DECIDED, unit.now)


async def _plan(unit: Unit, proposal_id: str, what: str, due_at: datetime, after: str = "") -> None:
    payload = {"proposal": proposal_id, "what": what, "after": after}
    await schedule(unit, JOB, payload, due_at=due_at, key=f"{JOB}:{what}:{proposal_id}:{after}")


@job(JOB)
async def tell_vote(unit: Unit, payload: dict[str, Any]) -> None:
    """The next portion of the roll has heard it, if it is still true."""
    what, after = payload["what"], payload["after"]
    row = await find_proposal(unit, payload["proposal"])
    stage, text = TEXTS[what]
    if row is None or row.stage != stage:
        return
    undecided = "AND choice = ''" if what == CLOSING else ""
    rows = await unit.rows(
        f"SELECT account_id FROM ballot WHERE proposal_id = ? AND account_id > ? {undecided} "
        f"ORDER BY account_id LIMIT {PORTION}",
        row.id,
        after,
    )
    assert row.closes_at is not None
    values: dict[str, Value] = {
        "title": row.title,
        "when": row.closes_at,
        "outcome": OUTCOMES.get(row.outcome, ""),
    }
    notice = Notice("vote", f"{what}:{row.id}", text, _path(row), values, words=("outcome",))
    await tell(unit, notice, to=[one["account_id"] for one in rows])
    if len(rows) == PORTION:
        await _plan(unit, row.id, what, unit.now, rows[-1]["account_id"])


def _path(row: ProposalRow) -> str:
    return f"/proposals/{row.id}"


JOBS = (tell_vote,)
