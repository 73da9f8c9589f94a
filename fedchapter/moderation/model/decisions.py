"""What was decided, by people and by rules: rows that are written once, the chapter's audit log.

Exactly one of made_by (an account) and rule (what decided by itself) says who, both empty for the shell; target_uri may
be a URI, a host, or an id of ours; `what` is a name of moderation.audit.VERBS. The descriptions of the first columns
are of an older day: on SQLite, changing one rebuilds the table.
"""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Decision(Model):
    """One decision about an object or an actor, undo_of names the decision that this one takes back."""

    id = fields.CharField(max_length=26, primary_key=True)
    what = fields.CharField(max_length=16, description="approve refuse approve-actor hold-actor refuse-actor")
    target_uri = fields.CharField(max_length=URI_LENGTH)
    actor_uri = fields.CharField(max_length=URI_LENGTH, description="whose post it was, or the actor itself")
    reason = fields.TextField(default="")
    made_by = fields.CharField(max_length=26, description="account id")
    made_at = fields.DatetimeField()
    undo_of = fields.CharField(max_length=26, default="")
    rule = fields.CharField(
        max_length=64, default="", db_default="", description="what decided without a person"
    )
    before = fields.TextField(null=True, description="JSON: what undoing needs to put back")
    evidence = fields.CharField(
        max_length=URI_LENGTH, default="", db_default="", description="path of ours where the evidence is"
    )
    public = fields.BooleanField(
        default=False, db_default=False, description="every member sees it, with its reason"
    )
    agreed_by = fields.CharField(
        max_length=26, default="", db_default="", description="the second moderator, where it took two"
    )
    batch = fields.CharField(
        max_length=26, default="", db_default="", description="decided in one go, and taken back in one go"
    )

    class Meta:
        table = "decision"
        indexes = (("target_uri",), ("undo_of",), ("batch", "id"), ("actor_uri", "id"), ("made_by", "id"))
