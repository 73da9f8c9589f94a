"""What a proposal is asked to become, and what can happen to one."""

from dataclasses import dataclass
from datetime import datetime

from ...tally import Rules


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """Title and text (Markdown) as somebody wrote them."""

    title: str
    source: str


@dataclass(frozen=True, slots=True)
class VoteDraft:
    """How a vote is to be decided, and until when it is open."""

    closes_at: datetime
    rules: Rules


@dataclass(frozen=True, slots=True)
class ProposalPublished:
    """A proposal was put up for discussion."""

    proposal_id: str


@dataclass(frozen=True, slots=True)
class ProposalChanged:
    """Its text has a new version, or it was withdrawn."""

    proposal_id: str


@dataclass(frozen=True, slots=True)
class ProposalDeleted:
    """It was deleted before any vote on it."""

    uri: str


@dataclass(frozen=True, slots=True)
class VoteOpened:
    """The vote on it has begun."""

    proposal_id: str


@dataclass(frozen=True, slots=True)
class TallyMoved:
    """There were votes since the figures were last sent out."""

    proposal_id: str


@dataclass(frozen=True, slots=True)
class VoteClosed:
    """The vote is over, the result signed."""

    proposal_id: str


@dataclass(frozen=True, slots=True)
class OpinionGiven:
    """A person of ours answered the poll of another chapter; `name` is the answer as that chapter writes it."""

    note_uri: str
    poll_uri: str
    owner_uri: str
    person_uri: str
    name: str
