"""What a suspension put out of sight, with the state that each thing had, so that lifting it restores exactly that."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Pause(Model):
    """One object that is hidden, or one follow that rests, because its actor or that actor's host is suspended."""

    id = fields.CharField(max_length=26, primary_key=True)
    sort = fields.CharField(max_length=6, description="object follow")
    subject = fields.CharField(max_length=URI_LENGTH, description="URI of the object, or id of the follow")
    actor_uri = fields.CharField(max_length=URI_LENGTH, description="the suspended actor, or one of the host")
    host = fields.CharField(max_length=255)
    before = fields.CharField(max_length=9, description="the state that comes back")
    made_at = fields.DatetimeField()

    class Meta:
        table = "pause"
        unique_together = (("sort", "subject"),)
        indexes = (("actor_uri", "id"), ("host", "id"))
