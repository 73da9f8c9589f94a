"""Proposals, their versions, the roll with its ballots, what others said, and proposals of other chapters.

DESIGN §3 (ballots must not be orderable), §4.6 (no names leave); decisions.md §4.3 (row ids and times leak who voted).
"""

from tortoise import fields
from tortoise.models import Model

from ...store.model import URI_LENGTH


class Proposal(Model):
    """A proposal of this chapter. opening and result are the signed statements as JSON, empty before they exist."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    stage = fields.CharField(max_length=10, description="draft discussion voting closed withdrawn")
    outcome = fields.CharField(max_length=10, default="", description="passed not-passed no-quorum")
    title = fields.CharField(max_length=200)
    source = fields.TextField(description="Markdown")
    html = fields.TextField()
    version = fields.IntField(default=0, description="number of the current version, 0 in a draft")
    version_hash = fields.CharField(max_length=71, default="")
    made_by = fields.CharField(max_length=26)
    created_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)
    edited_at = fields.DatetimeField(
        null=True, description="the last change of title or text after publishing"
    )
    changed_at = fields.DatetimeField(description="the last change that readers elsewhere should notice")
    opened_at = fields.DatetimeField(null=True)
    closes_at = fields.DatetimeField(null=True)
    roll_count = fields.IntField(default=0)
    opening = fields.TextField(default="")
    result = fields.TextField(default="")
    poll_language = fields.CharField(
        max_length=16, default="", db_default="", description="of the poll, as it was opened"
    )

    class Meta:
        table = "proposal"
        indexes = (("stage", "changed_at"),)


class ProposalVersion(Model):
    """One version of the text as the document that is hashed, in its canonical JSON."""

    id = fields.CharField(max_length=26, primary_key=True)
    proposal_id = fields.CharField(max_length=26)
    number = fields.IntField()
    hash = fields.CharField(max_length=71)
    document = fields.TextField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "proposal_version"
        unique_together = (("proposal_id", "number"),)


class Ballot(Model):
    """A place on the roll and the ballot of whoever holds it: made for everybody at the opening, in a shuffled order.

    So neither an id nor a time nor the place of a row tells when somebody voted, and the roll cannot grow afterwards.
    """

    id = fields.CharField(max_length=26, primary_key=True, description="random, not sortable by time")
    proposal_id = fields.CharField(max_length=26)
    account_id = fields.CharField(max_length=26)
    choice = fields.CharField(max_length=7, default="", description="yes no abstain, empty until cast")

    class Meta:
        table = "ballot"
        unique_together = (("proposal_id", "account_id"),)


class PollVoter(Model):
    """An account that answered a poll from another server, kept until it closes. What it answered is not kept.

    Of a poll of ours these are accounts elsewhere, of another chapter's poll our people.
    """

    id = fields.CharField(max_length=26, primary_key=True, description="random, not sortable by time")
    proposal_id = fields.CharField(max_length=26)
    actor_uri = fields.CharField(max_length=URI_LENGTH)

    class Meta:
        table = "poll_voter"
        unique_together = (("proposal_id", "actor_uri"),)


class PublicOpinion(Model):
    """How many accounts elsewhere gave each answer."""

    id = fields.CharField(max_length=26, primary_key=True)
    proposal_id = fields.CharField(max_length=26)
    choice = fields.CharField(max_length=7)
    votes = fields.IntField(default=0)

    class Meta:
        table = "public_opinion"
        unique_together = (("proposal_id", "choice"),)


class RemoteProposal(Model):
    """A proposal of a chapter that we follow, as its own server told it."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    owner_uri = fields.CharField(max_length=URI_LENGTH)
    stage = fields.CharField(max_length=10)
    outcome = fields.CharField(max_length=10, default="")
    poll_uri = fields.CharField(max_length=URI_LENGTH, default="")
    result_uri = fields.CharField(max_length=URI_LENGTH, default="")
    version_hash = fields.CharField(max_length=71, default="")
    deadline_at = fields.DatetimeField(null=True)
    changed_at = fields.DatetimeField()
    totals = fields.TextField(default="", description="JSON, members and publicOpinion by option")

    class Meta:
        table = "remote_proposal"
        indexes = (("stage", "changed_at"),)
