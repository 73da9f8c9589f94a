"""Lists of servers: where they come from, what each says, and whom we and our sister chapters vouch for."""

from tortoise import fields
from tortoise.models import Model

from .decisions import URI_LENGTH


class HostList(Model):
    """One list: a file somebody brought, an address that is asked daily, or what a sister chapter decided."""

    id = fields.CharField(max_length=26, primary_key=True)
    sort = fields.CharField(max_length=6, description="blocks allows sister")
    name = fields.CharField(max_length=100)
    url = fields.CharField(max_length=URI_LENGTH, default="", description="empty for a file")
    sister_uri = fields.CharField(max_length=URI_LENGTH, default="", description="whose decisions these are")
    etag = fields.CharField(max_length=255, default="")
    wrong = fields.TextField(default="", description="JSON: rows that make no sense, with their numbers")
    wrong_count = fields.IntField(default=0)
    error = fields.TextField(
        default="", description="why the last fetch gave nothing, in words of the catalogs"
    )
    failures = fields.IntField(default=0)
    shrunk_to = fields.IntField(
        null=True, description="how many rows it had when it was suddenly much shorter"
    )
    made_by = fields.CharField(max_length=26, default="", description="account id")
    made_at = fields.DatetimeField()
    fetched_at = fields.DatetimeField(null=True, description="last asked")
    ok_at = fields.DatetimeField(null=True, description="last understood")

    class Meta:
        table = "host_list"
        indexes = (("sort", "made_at"), ("sister_uri",), ("url",))


class ListEntry(Model):
    """What one list says about one host. host is empty while only the hash of its name is known.

    A row that the list does not have any more stays, with the moment at which it was gone.
    """

    id = fields.CharField(max_length=26, primary_key=True)
    list_id = fields.CharField(max_length=26)
    name = fields.CharField(max_length=255, description="the host, or the hash of a masked name")
    host = fields.CharField(max_length=255, default="")
    severity = fields.CharField(max_length=7, description="noop silence suspend allow")
    reject_media = fields.BooleanField(default=False)
    reject_reports = fields.BooleanField(default=False)
    obfuscate = fields.BooleanField(default=False)
    comment = fields.TextField(default="")
    first_seen_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    retracted_at = fields.DatetimeField(null=True)
    left_out_at = fields.DatetimeField(
        null=True, description="a moderator does not want it, until it changes"
    )

    class Meta:
        table = "list_entry"
        unique_together = (("list_id", "name"),)
        indexes = (("list_id", "host"), ("host",))


class CircleEntry(Model):
    """One host that a chapter vouches for: ours, or a sister chapter of ours."""

    id = fields.CharField(max_length=26, primary_key=True)
    by_uri = fields.CharField(max_length=URI_LENGTH, description="the chapter that vouches")
    host = fields.CharField(max_length=255)
    made_at = fields.DatetimeField()

    class Meta:
        table = "circle_entry"
        unique_together = (("by_uri", "host"),)
        indexes = (("host",),)


class QuarterCount(Model):
    """What the moderators did in one quarter, in numbers, so that they outlive the rows they were counted from."""

    quarter = fields.CharField(max_length=7, primary_key=True, description="like 2026-Q4")
    counts = fields.TextField(description="JSON")
    counted_at = fields.DatetimeField()

    class Meta:
        table = "quarter_count"
