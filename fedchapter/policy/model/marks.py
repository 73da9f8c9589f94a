"""Marks that were set on an actor or a host: what is decided about them, until when and why.

operations.md §1.7 (actor_mark, domain_rule); wire.md §3.3 (severities, reject_media, reject_reports, obfuscate). The
decision is approved, hold, limit, refuse, or empty where only the flags beside it speak (on SQLite, changing a column's
description rebuilds the table: it stays as it was written first).
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
    reject_media = fields.BooleanField(default=False, db_default=False)
    reject_reports = fields.BooleanField(default=False, db_default=False)
    sensitive = fields.BooleanField(
        default=False, db_default=False, description="what comes is behind a warning"
    )
    expires_at = fields.DatetimeField(null=True)
    public_reason = fields.TextField(default="", db_default="", description="for everybody")
    obfuscate = fields.BooleanField(
        default=False, db_default=False, description="the public page masks the name"
    )
    source = fields.CharField(
        max_length=255, default="", db_default="", description="empty: by hand, else list:ID or file:NAME"
    )

    class Meta:
        table = "mark"
        unique_together = (("scope", "subject"),)
        indexes = (("expires_at",),)
