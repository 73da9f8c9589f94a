"""How an admin loses the role against their will: by two officers, or by a vote of the members."""

from tortoise import fields
from tortoise.models import Model


class Removal(Model):
    """One officer asks that an office ends, another must agree within a week."""

    id = fields.CharField(max_length=26, primary_key=True)
    office_id = fields.CharField(max_length=26)
    account_id = fields.CharField(max_length=26, description="whose office it is")
    reason = fields.CharField(max_length=500)
    asked_by = fields.CharField(max_length=26)
    asked_at = fields.DatetimeField()
    state = fields.CharField(max_length=9, description="waiting confirmed withdrawn expired")
    decided_by = fields.CharField(max_length=26, default="")
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "removal"
        indexes = (("state", "asked_at"),)


class Recall(Model):
    """Members ask for a vote on ending an office, then vote. The counts are written when it closes."""

    id = fields.CharField(max_length=26, primary_key=True)
    office_id = fields.CharField(max_length=26)
    account_id = fields.CharField(max_length=26, description="whose office it is")
    successor_id = fields.CharField(
        max_length=26, default="", description="who becomes admin if nobody else is"
    )
    reason = fields.TextField()
    asked_by = fields.CharField(max_length=26)
    asked_at = fields.DatetimeField()
    state = fields.CharField(max_length=8, description="asked voting passed failed")
    needed = fields.IntField(description="supporters that open the vote")
    opens_at = fields.DatetimeField(null=True)
    closes_at = fields.DatetimeField()
    roll = fields.IntField(default=0)
    yes = fields.IntField(default=0)
    no = fields.IntField(default=0)
    abstain = fields.IntField(default=0)

    class Meta:
        table = "recall"
        indexes = (("state", "closes_at"),)


class RecallVoice(Model):
    """Somebody who supports the vote, or who has voted: who, never how. Erased when the recall is over."""

    id = fields.CharField(max_length=26, primary_key=True)
    recall_id = fields.CharField(max_length=26)
    account_id = fields.CharField(max_length=26)
    part = fields.CharField(max_length=7, description="support, roll or voted")

    class Meta:
        table = "recall_voice"
        unique_together = (("recall_id", "account_id", "part"),)


class RecallBallot(Model):
    """One ballot: how, never who. The id is random, so that no order leads back to a voter."""

    id = fields.CharField(max_length=26, primary_key=True)
    recall_id = fields.CharField(max_length=26)
    choice = fields.CharField(max_length=7)

    class Meta:
        table = "recall_ballot"
        indexes = (("recall_id",),)
