"""What moderators decided: rows that are written once."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Decision(Model):
    """One decision about an object or an actor, undo_of names the decision that this one takes back."""

    id = fields.CharField(max_length=26, primary_key=True)
    what = fields.CharField(max_length=16, description="approve refuse approve-actor hold-actor refuse-actor")
    target_uri = fields.CharField(max_length=URI_LENGTH)
    actor_uri = fields.CharField(max_length=URI_LENGTH, description="whose post it was, or the actor itself")
    reason = fields.TextField(default="")
    made_by = fields.CharField(max_length=26, description="account id")
    made_at = fields.DatetimeField()
    undo_of = fields.CharField(max_length=26, default="")

    class Meta:
        table = "decision"
        indexes = (("target_uri",), ("undo_of",))
