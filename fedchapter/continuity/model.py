"""Rows of continuity: what was backed up, tried and restored, what was lost, and who holds what."""

from tortoise import fields
from tortoise.models import Model


class CareEvent(Model):
    """One backup, drill, upgrade or restore, and how it ended. words is for people, never a traceback."""

    id = fields.CharField(max_length=26, primary_key=True)
    kind = fields.CharField(max_length=8, description="backup drill upgrade or restore")
    ok = fields.BooleanField()
    words = fields.TextField(default="", description="what failed, or what was done")
    file_name = fields.CharField(max_length=200, default="")
    size_bytes = fields.BigIntField(default=0)
    began_at = fields.DatetimeField()
    ended_at = fields.DatetimeField()

    class Meta:
        table = "care_event"
        indexes = (("kind", "ended_at"),)


class Gap(Model):
    """A time of which this chapter knows nothing any more: from the backup to the restore."""

    id = fields.CharField(max_length=26, primary_key=True)
    lost_from_at = fields.DatetimeField()
    restored_at = fields.DatetimeField()
    letters_dropped = fields.IntField(default=0)
    told_at = fields.DatetimeField(null=True, description="when members were told of it")

    class Meta:
        table = "gap"
        indexes = (("restored_at",),)


class Holder(Model):
    """Who holds a thing that the chapter cannot do without, in the words of an admin."""

    id = fields.CharField(max_length=26, primary_key=True)
    thing = fields.CharField(
        max_length=20, unique=True, description="domain server backups kit-1 kit-2 or mail"
    )
    about = fields.CharField(max_length=200, default="", description="which one, where")
    who = fields.CharField(max_length=200)
    since_on = fields.CharField(max_length=10, default="", description="YYYY-MM-DD")
    changed_at = fields.DatetimeField()
    changed_by = fields.CharField(max_length=26, default="")

    class Meta:
        table = "holder"
