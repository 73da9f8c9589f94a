"""Rules that admins changed or made, and the one row that says what all processes must have in memory."""

from tortoise import fields
from tortoise.models import Model


class PolicyRule(Model):
    """One rule, a row with the key of a built-in rule stands in its place."""

    key = fields.CharField(max_length=64, primary_key=True)
    position = fields.IntField(description="smallest first")
    name = fields.CharField(max_length=200, description="what it does, empty: the built-in rule's own words")
    words = fields.CharField(max_length=200, default="", description="why, as the log says it")
    decision = fields.CharField(max_length=6, description="show hold refuse")
    conditions = fields.TextField(description="JSON list of fact, operator, values")
    enabled = fields.BooleanField(default=True)
    expiring = fields.BooleanField(default=False, description="what it holds goes by itself when unseen")
    score = fields.IntField(default=0, description="0 to 100, how grave")
    changed_at = fields.DatetimeField()

    class Meta:
        table = "policy_rule"


class PolicyState(Model):
    """One row with id 1, version grows with every change of what is held in memory."""

    id = fields.IntField(primary_key=True)
    version = fields.BigIntField(default=0)
    storm_from_at = fields.DatetimeField(null=True)
    storm_until_at = fields.DatetimeField(null=True)
    storm_by = fields.CharField(max_length=26, default="", description="account id")

    class Meta:
        table = "policy_state"
