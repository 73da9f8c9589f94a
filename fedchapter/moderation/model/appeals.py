"""What moderators decided about members, each told to the person, and what the person answered."""

from tortoise import fields
from tortoise.models import Model

from .decisions import URI_LENGTH


class Strike(Model):
    """One decision about a member or about what a member wrote. It counts until it expires or is taken back."""

    id = fields.CharField(max_length=26, primary_key=True)
    account_id = fields.CharField(max_length=26)
    sort = fields.CharField(max_length=7, description="warning limit post")
    reason = fields.TextField(description="as the person was told")
    about_uri = fields.CharField(max_length=URI_LENGTH, default="", description="the post, where it is one")
    decision_id = fields.CharField(max_length=26, unique=True)
    made_by = fields.CharField(max_length=26, default="")
    made_at = fields.DatetimeField()
    until_at = fields.DatetimeField(null=True, description="when a limit ends")
    expires_at = fields.DatetimeField(description="it counts no more from then on")
    undone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "strike"
        indexes = (("account_id", "made_at"), ("expires_at",))


class Appeal(Model):
    """The person asks that a strike is looked at again, once for each."""

    id = fields.CharField(max_length=26, primary_key=True)
    strike_id = fields.CharField(max_length=26, unique=True)
    account_id = fields.CharField(max_length=26)
    text = fields.TextField()
    state = fields.CharField(max_length=8, default="open", description="open upheld rejected")
    made_at = fields.DatetimeField()
    answer = fields.TextField(default="")
    decided_by = fields.CharField(max_length=26, default="")
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "appeal"
        indexes = (("account_id",), ("state", "decided_at"))
