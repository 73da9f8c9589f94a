"""Who reacted to what: kept to count each once and to take it back, never shown."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Reaction(Model):
    """One actor's like, boost or dislike of one object, uri is the activity's id."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH)
    actor_uri = fields.CharField(max_length=URI_LENGTH)
    object_uri = fields.CharField(max_length=URI_LENGTH)
    sort = fields.CharField(max_length=7, description="like boost dislike")
    sign = fields.CharField(max_length=64, default="", description="the emoji, where one was sent")
    created_at = fields.DatetimeField()

    class Meta:
        table = "reaction"
        unique_together = (("object_uri", "actor_uri", "sort"),)
        indexes = (("uri",), ("actor_uri",))
