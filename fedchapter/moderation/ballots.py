"""Which votes are open just now, and who of those whom moderators decide about stands on the roll of one.

Issue of moderation: while a ballot is open, whoever may vote in it is sanctioned by two moderators, and every member
reads why. Decision: the rolls are read here (tables of objects/proposal), as sister chapters and follows are, because
this room may not import a type; nothing here ever touches a ballot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..store import Known
from ..store.kinds import Reads

_OPEN = "proposal.stage = 'voting' AND proposal.closes_at > ?"
_ON_ROLL = f"""
SELECT DISTINCT proposal.uri, proposal.title FROM proposal JOIN ballot ON ballot.proposal_id = proposal.id
WHERE {_OPEN} AND ballot.account_id IN (%s) ORDER BY proposal.uri
"""
# Accounts of ours behind actors: by the handle of our own, by the identities of others.
_BEHIND = """
SELECT account.id AS account_id FROM account JOIN actor ON actor.username = account.handle
    WHERE actor.uri = ? AND actor.local = true AND actor.type = 'Person' AND account.state = 'active'
UNION SELECT account_id FROM identity WHERE actor_uri = ?
"""


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """A proposal whose vote is open: its URI and title."""

    uri: str
    title: str


async def find_ballots_of_account(reads: Reads, account_id: str, now: datetime) -> list[OpenBallot]:
    """The open votes on whose roll that member is."""
    return _to_ballots(await reads.rows(_ON_ROLL % "?", now, account_id))


async def find_ballots_of_actor(reads: Reads, uri: str, now: datetime) -> list[OpenBallot]:
    """The open votes on whose roll the member behind that actor is; none for whoever is no member."""
    return _to_ballots(await reads.rows(_ON_ROLL % _BEHIND, now, uri, uri))


async def find_ballots_of_host(reads: Reads, host: str, now: datetime) -> list[OpenBallot]:
    """The open votes on whose roll somebody is who signs in from that host or a sub-domain of it."""
    there = "SELECT account_id FROM identity WHERE host = ? OR host LIKE ?"
    return _to_ballots(await reads.rows(_ON_ROLL % there, now, host, f"%.{host}"))


async def find_ballots_about(reads: Reads, posts: Sequence[Known], now: datetime) -> list[OpenBallot]:
    """The open votes under whose proposal one of these comments stands, written by somebody on its roll."""
    comments = [one for one in posts if one.kind == "comment" and one.root_uri]
    if not comments:
        return []
    found = _to_ballots(await reads.rows(f"SELECT uri, title FROM proposal WHERE {_OPEN}", now))
    open_ = {one.uri: one for one in found}
    touched: dict[str, OpenBallot] = {}
    for one in comments:
        ballot = open_.get(one.root_uri)
        if ballot is not None and ballot.uri not in touched and await _is_on_roll(reads, one, ballot, now):
            touched[ballot.uri] = ballot
    return list(touched.values())


async def find_open(reads: Reads, root_uri: str, now: datetime) -> list[OpenBallot]:
    """The open vote on the proposal with that URI, if there is one."""
    return _to_ballots(
        await reads.rows(f"SELECT uri, title FROM proposal WHERE {_OPEN} AND uri = ?", now, root_uri)
    )


async def find_account_of(reads: Reads, known: Known) -> str:
    """The member who wrote that here, under a handle or in the chapter's name; empty for others."""
    if not known.local:
        return ""
    if known.kind == "comment":
        row = await reads.row("SELECT account_id FROM comment WHERE id = ?", known.ref)
        if row is not None and row["account_id"]:
            return str(row["account_id"])
    row = await reads.row(_BEHIND, known.owner_uri, known.owner_uri)
    return str(row["account_id"]) if row else ""


async def _is_on_roll(reads: Reads, one: Known, ballot: OpenBallot, now: datetime) -> bool:
    account_id = await find_account_of(reads, one)
    theirs = (
        await find_ballots_of_account(reads, account_id, now)
        if account_id
        else await find_ballots_of_actor(reads, one.owner_uri, now)
    )
    return ballot in theirs


def _to_ballots(rows: Sequence[dict[str, str]]) -> list[OpenBallot]:
    return [OpenBallot(row["uri"], row["title"]) for row in rows]
