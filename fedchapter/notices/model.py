"""What was told and to whom, what has still to be brought to them, and how each of them wants to be told.

Decision: a row of `told` is what keeps anybody from being told twice; a row of `errand` lives only until it is run.
"""

from tortoise import fields
from tortoise.models import Model


class NoticeRow(Model):
    """One notice. everybody means all members at the time it was told. Erased after half a year."""

    id = fields.CharField(max_length=26, primary_key=True)
    kind = fields.CharField(max_length=16)
    key = fields.CharField(max_length=160, unique=True)
    text = fields.TextField()
    details = fields.TextField(default="{}", description="JSON, what stands in the places of the text")
    detail_words = fields.TextField(
        default="[]", description="JSON, names of details that are texts of the catalogs"
    )
    path = fields.CharField(max_length=255)
    made_by = fields.CharField(max_length=26, default="")
    everybody = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta:
        table = "notice"


class Told(Model):
    """One notice for one reader, seen_at is when it was on a page they opened."""

    id = fields.CharField(max_length=26, primary_key=True)
    notice_id = fields.CharField(max_length=26)
    account_id = fields.CharField(max_length=26)
    on_page = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField(null=True)

    class Meta:
        table = "told"
        unique_together = (("account_id", "notice_id"),)
        indexes = (("account_id", "seen_at"), ("notice_id",))


class Errand(Model):
    """A notice on its way to one reader by one channel, deleted once it is there."""

    id = fields.CharField(max_length=26, primary_key=True)
    notice_id = fields.CharField(max_length=26)
    account_id = fields.CharField(max_length=26)
    channel = fields.CharField(max_length=7, description="mail digest message")
    attempts = fields.IntField(default=0, description="-1 is a message that was sent, kept until it was seen")
    due_at = fields.DatetimeField()

    class Meta:
        table = "errand"
        unique_together = (("account_id", "notice_id", "channel"),)
        indexes = (("channel", "due_at"), ("notice_id",))


class NoticeWish(Model):
    """By which channels a member wants one kind, where they chose otherwise than the default."""

    id = fields.CharField(max_length=26, primary_key=True)
    account_id = fields.CharField(max_length=26)
    kind = fields.CharField(max_length=16)
    page = fields.BooleanField()
    mail = fields.CharField(max_length=6, description="once digest none")
    message = fields.BooleanField()

    class Meta:
        table = "notice_wish"
        unique_together = (("account_id", "kind"),)


class NoticeManner(Model):
    """When a member wants to be told. Hours are theirs, in the zone (empty is the chapter's)."""

    account_id = fields.CharField(max_length=26, primary_key=True)
    zone = fields.CharField(max_length=64, default="")
    quiet_from = fields.CharField(max_length=5, default="", description="HH:MM, empty is no quiet hours")
    quiet_to = fields.CharField(max_length=5, default="")
    paused_until = fields.DateField(null=True, description="no letters before that day")
    digest_every = fields.CharField(max_length=4, description="day or week")
    digest_hour = fields.IntField()
    digest_weekday = fields.IntField(description="0 is Monday")

    class Meta:
        table = "notice_manner"
