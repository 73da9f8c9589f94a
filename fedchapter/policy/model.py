"""Marks that an admin set on an actor or a host, and the strangers whose first post was approved.

operations.md §1.7 (actor_mark, domain_rule); the moderation desk grows from these rows.
"""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Mark(Model):
    """What was decided about an actor (subject is a URI) or a host (subject is a host name)."""

    id = fields.CharField(max_length=26, primary_key=True)
    scope = fields.CharField(max_length=5, description="actor or host")
    subject = fields.CharField(max_length=URI_LENGTH)
    decision = fields.CharField(max_length=8, description="approved hold refuse")
    reason = fields.TextField(default="")
    made_by = fields.CharField(max_length=26, default="", description="account id, or empty for a rule")
    created_at = fields.DatetimeField()

    class Meta:
        table = "mark"
        unique_together = (("scope", "subject"),)
