"""What was judged by which rule, for a month, and the waves that were found in it."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Judged(Model):
    """One decision of the rules about something that came in, without its text.

    facts is what the rules saw, comparable says that it counts when the like comes from others.
    """

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, description="of the object, or of the activity")
    actor_uri = fields.CharField(max_length=URI_LENGTH, description="who wrote it")
    host = fields.CharField(max_length=255)
    what = fields.CharField(max_length=8, description="reply post share event proposal message …")
    decision = fields.CharField(max_length=6, description="show hold refuse")
    rule = fields.CharField(max_length=64)
    rule_name = fields.CharField(max_length=200, default="")
    wave_id = fields.CharField(max_length=26, default="")
    digest = fields.CharField(max_length=32, default="", description="of the words alone")
    sketch = fields.CharField(max_length=80, default="", description="eight numbers that variations share")
    hosts = fields.TextField(default="", description="of its links, one a line")
    facts = fields.TextField(description="JSON")
    comparable = fields.BooleanField(default=False)
    judged_at = fields.DatetimeField()

    class Meta:
        table = "judged"
        indexes = (("judged_at",), ("comparable", "id"), ("uri",), ("wave_id",))


class Wave(Model):
    """The like of one another from several unknown actors, one that became part of another names it."""

    id = fields.CharField(max_length=26, primary_key=True)
    merged_into = fields.CharField(max_length=26, default="")
    posts = fields.IntField(default=0)
    opened_at = fields.DatetimeField()
    last_at = fields.DatetimeField()

    class Meta:
        table = "wave"
        indexes = (("last_at",), ("merged_into",))
