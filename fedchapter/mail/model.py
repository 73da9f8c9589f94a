"""Letters that wait, and addresses that want no more of a list."""

from tortoise import fields
from tortoise.models import Model


class Waiting(Model):
    """A letter that has not left yet, deleted when it has."""

    id = fields.CharField(max_length=26, primary_key=True)
    letter = fields.TextField(description="the letter as JSON")
    created_at = fields.DatetimeField()

    class Meta:
        table = "letter"
        indexes = (("created_at",),)


class Unsubscribed(Model):
    """An address, as SHA-256, that wants no more mail of one list."""

    id = fields.CharField(max_length=26, primary_key=True)
    address_hash = fields.CharField(max_length=64)
    list_id = fields.CharField(max_length=64)
    unsubscribed_at = fields.DatetimeField()

    class Meta:
        table = "unsubscribed"
        unique_together = (("address_hash", "list_id"),)
