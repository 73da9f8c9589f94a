"""Reports: what somebody complained about, with the words as they were, and what became of it."""

from tortoise import fields
from tortoise.models import Model

from .decisions import URI_LENGTH


class Report(Model):
    """One report that came in, or one that our moderators sent to another server.

    Of a reporter on another server only the host is shown, of a visitor there is no name. reporter_uri is kept so that
    a sister chapter can be told what became of it. email is stored once its owner confirmed it, and erased when they
    are told.
    """

    id = fields.CharField(max_length=26, primary_key=True)
    way = fields.CharField(max_length=3, description="in out")
    source = fields.CharField(max_length=7, description="flag member visitor staff")
    uri = fields.CharField(
        max_length=URI_LENGTH, default="", description="id of the Flag, where there is one"
    )
    reporter_uri = fields.CharField(max_length=URI_LENGTH, default="", description="actor that sent the Flag")
    account_id = fields.CharField(max_length=26, default="", description="the member who reports or sends")
    email = fields.TextField(default="", description="of a visitor who confirmed it, until told")
    language = fields.CharField(max_length=16, default="")
    host = fields.CharField(max_length=255, default="", description="where it came from or went")
    domain = fields.CharField(
        max_length=255, default="", description="registrable domain of host, for limits"
    )
    target_uri = fields.CharField(max_length=URI_LENGTH, description="who is reported, or what was named")
    about = fields.CharField(
        max_length=64, default="", description="hash of who reported what: same ones merge"
    )
    category = fields.CharField(
        max_length=8, default="other", description="spam abuse rule private illegal other"
    )
    rule = fields.TextField(default="", description="which rule of the chapter")
    text = fields.TextField(default="", description="plain words of the reporter")
    times = fields.IntField(default=1, description="how many reports were merged into it")
    state = fields.CharField(max_length=6, default="open", description="open closed sent")
    outcome = fields.CharField(max_length=9, default="", description="acted none duplicate fine")
    answer = fields.CharField(max_length=9, default="", description="what the other side says became of it")
    for_id = fields.CharField(
        max_length=26, default="", description="the report that was passed on by this one"
    )
    made_at = fields.DatetimeField()
    last_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "report"
        indexes = (
            ("uri",),
            ("about", "state", "made_at"),
            ("domain", "made_at"),
            ("target_uri", "made_at"),
            ("account_id", "made_at"),
            ("way", "made_at"),
            ("way", "closed_at"),
            ("state", "closed_at"),
        )


class ReportItem(Model):
    """One thing that a report names, as it was when the report came."""

    id = fields.CharField(max_length=26, primary_key=True)
    report_id = fields.CharField(max_length=26)
    uri = fields.CharField(max_length=URI_LENGTH)
    is_known = fields.BooleanField()
    owner_uri = fields.CharField(max_length=URI_LENGTH, default="")
    exact_hash = fields.CharField(max_length=64, default="", description="of all that its author can change")
    evidence = fields.TextField(default="", description="JSON: title, note, html, pictures, links")

    class Meta:
        table = "report_item"
        unique_together = (("report_id", "uri"),)
        indexes = (("uri",),)


class ReportEvent(Model):
    """What happened with a report: it came again, a note, closed, reopened, answered."""

    id = fields.CharField(max_length=26, primary_key=True)
    report_id = fields.CharField(max_length=26)
    what = fields.CharField(max_length=8, description="again note closed reopened sent answered")
    uri = fields.CharField(max_length=URI_LENGTH, default="", description="id of a Flag that was merged")
    account_id = fields.CharField(max_length=26, default="")
    text = fields.TextField(default="")
    made_at = fields.DatetimeField()

    class Meta:
        table = "report_event"
        indexes = (("report_id", "id"), ("uri",), ("account_id",))
