"""What was told, to whom, and what they have seen of it."""

from tortoise import fields
from tortoise.models import Model


class NoticeRow(Model):
    """One notice. everybody means all members at the time it was told, others have a row in told."""

    id = fields.CharField(max_length=26, primary_key=True)
    kind = fields.CharField(max_length=16)
    key = fields.CharField(max_length=160, unique=True)
    text = fields.TextField()
    details = fields.TextField(default="{}", description="JSON, what stands in the places of the text")
    detail_words = fields.TextField(default="[]", description="JSON, names of details that are texts of the catalogs")
    path = fields.CharField(max_length=255)
    made_by = fields.CharField(max_length=26, default="")
    everybody = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta:
        table = "notice"
        indexes = (("everybody", "created_at"),)


class Told(Model):
    """One notice for one reader, seen_at is when it was on a page they opened."""

    id = fields.CharField(max_length=26, primary_key=True)
    notice_id = fields.CharField(max_length=26)
    account_id = fields.CharField(max_length=26)
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField(null=True)

    class Meta:
        table = "told"
        unique_together = (("account_id", "notice_id"),)
