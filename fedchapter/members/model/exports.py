"""Who asked for a copy of the roll, and who else agreed. It stays, as the record of who took it.

Issue of members: an export takes two officers, is encrypted and announced.
"""

from tortoise import fields
from tortoise.models import Model


class RollExport(Model):
    """One request for a copy of the roll."""

    id = fields.CharField(max_length=26, primary_key=True)
    reason = fields.CharField(max_length=300)
    state = fields.CharField(max_length=8, description="waiting approved refused taken")
    asked_by = fields.CharField(max_length=26)
    asked_at = fields.DatetimeField()
    decided_by = fields.CharField(max_length=26, default="")
    decided_at = fields.DatetimeField(null=True)
    taken_at = fields.DatetimeField(null=True)

    class Meta:
        table = "roll_export"
        indexes = (("state", "asked_at"),)
