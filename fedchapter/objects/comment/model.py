"""The chapter's own comments, as they were written; all others are known_object rows only."""

from tortoise import fields
from tortoise.models import Model


class Comment(Model):
    """What known_object does not say of a comment of ours, mentions hold one line for each actor named."""

    id = fields.CharField(max_length=26, primary_key=True)
    source = fields.TextField(description="Markdown")
    mentions = fields.TextField(default="", description="uri and handle, one pair a line")
    account_id = fields.CharField(max_length=26, default="", description="who wrote it for the chapter")
    created_at = fields.DatetimeField()

    class Meta:
        table = "comment"
