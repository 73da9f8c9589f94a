"""Messages, and who opened which conversation when."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Message(Model):
    """One message, actor_uri is the other side, whoever wrote it."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    direction = fields.CharField(max_length=3, description="in or out")
    actor_uri = fields.CharField(max_length=URI_LENGTH)
    html = fields.TextField()
    warning = fields.CharField(max_length=500, default="")
    in_reply_to = fields.CharField(max_length=URI_LENGTH, default="")
    state = fields.CharField(max_length=5, description="shown or held")
    sent_by = fields.CharField(max_length=26, default="", description="account id, of those that we sent")
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField(null=True)
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "message"
        indexes = (("actor_uri", "id"), ("state", "direction", "read_at"))


class MessageOpened(Model):
    """Somebody read the conversation with that actor, never changed and never deleted."""

    id = fields.CharField(max_length=26, primary_key=True)
    actor_uri = fields.CharField(max_length=URI_LENGTH)
    account_id = fields.CharField(max_length=26)
    opened_at = fields.DatetimeField()

    class Meta:
        table = "message_opened"
        indexes = (("actor_uri", "id"),)
