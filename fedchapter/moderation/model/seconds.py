"""What one moderator asked for and a second one has to agree to."""

from tortoise import fields
from tortoise.models import Model

from .decisions import URI_LENGTH


class AskedAction(Model):
    """An action that waits for a second moderator. Nothing of it has happened yet."""

    id = fields.CharField(max_length=26, primary_key=True)
    action = fields.CharField(max_length=32, description="a name of moderation.actions.ACTIONS")
    target = fields.CharField(max_length=URI_LENGTH)
    account_id = fields.CharField(max_length=26, default="", description="the member whom it is about")
    options = fields.TextField(description="JSON, as the form gave them")
    reason = fields.TextField()
    why = fields.CharField(max_length=6, description="ballot sister")
    ballots = fields.TextField(description="JSON: URIs of the proposals whose vote is open")
    asked_by = fields.CharField(max_length=26)
    asked_at = fields.DatetimeField()
    state = fields.CharField(
        max_length=9, default="waiting", description="waiting agreed withdrawn refused over"
    )
    decided_by = fields.CharField(max_length=26, default="")
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "asked_action"
        indexes = (("state", "asked_at"), ("target",), ("account_id",))
