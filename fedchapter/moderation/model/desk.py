"""What waits for a moderator: held posts, reports and appeals in one table, so that one queue pages through all."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class DeskItem(Model):
    """One thing to decide. Items of one group_key are decided together.

    evidence is the text as it was when it came, kept though its origin edits or deletes it.
    """

    id = fields.CharField(max_length=26, primary_key=True)
    sort = fields.CharField(max_length=6, description="held report appeal")
    subject_uri = fields.CharField(
        max_length=URI_LENGTH, description="the post, or the id of the report or appeal"
    )
    actor_uri = fields.CharField(max_length=URI_LENGTH, default="", description="who wrote it or is reported")
    host = fields.CharField(max_length=255, default="")
    gravity = fields.IntField(description="0 to 100, gravest first")
    group_key = fields.CharField(max_length=128, description="wave:, text:, actor: or own id")
    rule = fields.CharField(max_length=64, default="", description="the rule that held it")
    reason = fields.TextField(default="", description="why it waits, in words of the catalogs")
    evidence = fields.TextField(default="", description="JSON: title, note, html, pictures, links")
    state = fields.CharField(max_length=7, default="open", description="open closed expired")
    outcome = fields.CharField(
        max_length=16, default="", description="what was decided, a name of audit.WORDS"
    )
    claimed_by = fields.CharField(max_length=26, default="", description="account id")
    claimed_at = fields.DatetimeField(null=True)
    opened_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True, description="unseen after that it is gone")
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "desk_item"
        unique_together = (("sort", "subject_uri"),)
        indexes = (
            ("state", "gravity", "group_key"),
            ("state", "group_key", "opened_at"),
            ("state", "expires_at"),
            ("actor_uri", "state"),
            ("host", "state"),
        )
