"""Scheduled work as rows, so that a restart forgets nothing."""

from tortoise import fields
from tortoise.models import Model


class Job(Model):
    """One piece of work to be done once at due_at."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=40)
    key = fields.CharField(max_length=120, unique=True, description="the same key is scheduled once")
    payload = fields.TextField(default="{}")
    state = fields.CharField(max_length=6, default="due", description="due done failed")
    attempts = fields.IntField(default=0)
    error = fields.TextField(default="")
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "job"
        indexes = (("state", "due_at"),)
