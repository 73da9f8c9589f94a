"""Reading proposals, their versions, ballots and figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from ....errors import NotFound
from ....store import Row, Unit
from ....store.kinds import Reads
from ....tally import OPTIONS, Counts, Quorum, Ratio, Report, Rules, tally

DRAFT, DISCUSSION, VOTING, CLOSED, WITHDRAWN = "draft", "discussion", "voting", "closed", "withdrawn"


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A row of `proposal`."""

    id: str
    uri: str
    stage: str
    outcome: str
    title: str
    source: str
    html: str
    version: int
    version_hash: str
    made_by: str
    created_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    changed_at: datetime
    opened_at: datetime | None
    closes_at: datetime | None
    roll_count: int
    opening: str
    result: str
    poll_language: str

    @property
    def poll_uri(self) -> str:
        """The id of the Question."""
        return f"{self.uri}/poll"

    @property
    def opening_uri(self) -> str:
        """The id of the signed opening."""
        return f"{self.uri}/opening"

    @property
    def result_uri(self) -> str:
        """The id of the signed result."""
        return f"{self.uri}/result"

    @property
    def outcome_uri(self) -> str:
        """The id of the Note that says how it ended."""
        return f"{self.uri}/outcome"

    @property
    def opening_document(self) -> dict[str, Any]:
        """The signed opening; only after the opening."""
        return dict(msgspec.json.decode(self.opening))

    @property
    def result_document(self) -> dict[str, Any]:
        """The signed result; only after the close."""
        return dict(msgspec.json.decode(self.result))


@dataclass(frozen=True, slots=True)
class Totals:
    """What members chose, and apart from them what accounts elsewhere answered."""

    members: Counts
    others: Counts

    def together(self, option: str) -> int:
        """Both, as a poll on Mastodon shows them."""
        return int(getattr(self.members, option)) + int(getattr(self.others, option))

    @property
    def voters(self) -> int:
        """Everybody who answered, here or elsewhere."""
        return self.members.cast + self.others.cast


COLUMNS = tuple(ProposalRow.__slots__)
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM proposal"


async def find_proposal(reads: Reads, proposal_id: str) -> ProposalRow | None:
    """The proposal of ours with that id, or None."""
    row = await reads.row(f"{_SELECT} WHERE id = ?", proposal_id)
    return ProposalRow(**row) if row else None


async def get_proposal(reads: Reads, proposal_id: str) -> ProposalRow:
    """The proposal of ours with that id; raises NotFound."""
    found = await find_proposal(reads, proposal_id)
    if found is None:
        raise NotFound
    return found


async def find_drafts(reads: Reads) -> list[ProposalRow]:
    """What is not published yet, newest first."""
    rows = await reads.rows(f"{_SELECT} WHERE stage = 'draft' ORDER BY changed_at DESC")
    return [ProposalRow(**row) for row in rows]


async def get_locked(unit: Unit, proposal_id: str, *, shared: bool = False) -> ProposalRow:
    """The proposal as nobody else can change it until this unit ends; raises NotFound.

    SQLite has one writer anyway. With `shared`, others may lock it so too, but nobody can change its stage.
    """
    lock = ("FOR SHARE" if shared else "FOR UPDATE") if unit.postgres else ""
    row = await unit.row(f"{_SELECT} WHERE id = ? {lock}", proposal_id)
    if row is None:
        raise NotFound
    return ProposalRow(**row)


async def find_totals(reads: Reads, proposal_id: str) -> Totals:
    """The figures as they stand."""
    cast = await reads.rows(
        "SELECT choice, count(*) AS votes FROM ballot WHERE proposal_id = ? AND choice <> '' GROUP BY choice",
        proposal_id,
    )
    said = await reads.rows("SELECT choice, votes FROM public_opinion WHERE proposal_id = ?", proposal_id)
    return Totals(_counts(cast), _counts(said))


def _counts(rows: list[Row]) -> Counts:
    votes = {row["choice"]: int(row["votes"]) for row in rows}
    return Counts(**{option: votes.get(option, 0) for option in OPTIONS})


async def find_choice_of(reads: Reads, proposal_id: str, account_id: str) -> str | None:
    """What the member chose: an empty string before voting, None for somebody who is not on the roll."""
    row = await reads.row(
        "SELECT choice FROM ballot WHERE proposal_id = ? AND account_id = ?", proposal_id, account_id
    )
    return str(row["choice"]) if row else None


async def find_named_ballots(reads: Reads, proposal_id: str) -> list[Row]:
    """How each member voted (display_name, choice), by name: for signed-in members only.

    Whoever is no member any more has no name; what they voted stays.
    """
    return await reads.rows(
        "SELECT COALESCE(account.display_name, '') AS display_name, ballot.choice FROM ballot LEFT JOIN account "
        "ON account.id = ballot.account_id AND account.state = 'active' "
        "WHERE ballot.proposal_id = ? AND ballot.choice <> '' ORDER BY account.sort_name IS NULL, account.sort_name",
        proposal_id,
    )


async def find_versions(reads: Reads, proposal_id: str) -> list[Row]:
    """The versions (number, hash, document, created_at), newest first."""
    return await reads.rows(
        "SELECT number, hash, document, created_at FROM proposal_version WHERE proposal_id = ? ORDER BY number DESC",
        proposal_id,
    )


def rules_of(opening: dict[str, Any]) -> Rules:
    """The rules that an opening of ours declares."""
    declared = opening["fc:rules"]
    threshold, quorum = declared["fc:threshold"], declared["fc:quorum"]
    share = quorum["fc:share"]
    return Rules(
        threshold=Ratio(threshold["num"], threshold["den"]),
        strict=declared["fc:strict"],
        base=declared["fc:base"],
        quorum=Quorum(Ratio(share["num"], share["den"]), quorum["fc:strict"], quorum["fc:minimum"]),
        method=opening["fc:method"],
    )


def report_of(row: ProposalRow, totals: Totals) -> Report:
    """The count as it would come out now; only after the opening."""
    return tally(rules_of(row.opening_document), totals.members, row.roll_count)
