"""Who holds which role, since when and until when; what is over stays as the record of it."""

from tortoise import fields
from tortoise.models import Model


class Office(Model):
    """One person in one role for one term. group_id is set for a role inside a group of the chapter."""

    id = fields.CharField(max_length=26, primary_key=True)
    account_id = fields.CharField(max_length=26)
    role = fields.CharField(max_length=9)
    group_id = fields.CharField(max_length=26, default="")
    begins_at = fields.DatetimeField()
    ends_at = fields.DatetimeField(null=True, description="when the term is over, empty is without end")
    ended_at = fields.DatetimeField(null=True)
    given_by = fields.CharField(max_length=26, default="", description="empty is the shell of the server")
    ended_by = fields.CharField(max_length=26, default="")
    why_ended = fields.CharField(max_length=40, default="")

    class Meta:
        table = "office"
        indexes = (("account_id", "ended_at"), ("role", "ended_at"))
