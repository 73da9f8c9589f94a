"""Events and who answered them.

DESIGN §1 (privacy: who answered is nobody's business but the organizers').
"""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class EventRow(Model):
    """An event, ours or of another server, going counts those who come (for another's, what its server says)."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    owner_uri = fields.CharField(max_length=URI_LENGTH)
    local = fields.BooleanField(default=False)
    uuid = fields.CharField(max_length=36)
    url = fields.CharField(max_length=URI_LENGTH, default="")
    title = fields.CharField(max_length=300)
    text = fields.TextField(default="", description="Markdown, ours only")
    html = fields.TextField(default="")
    start_at = fields.DatetimeField()
    end_at = fields.DatetimeField(null=True)
    zone = fields.CharField(max_length=64, default="", description="IANA name")
    status = fields.CharField(max_length=9, description="CONFIRMED TENTATIVE CANCELLED")
    place_name = fields.CharField(max_length=200, default="")
    street = fields.CharField(max_length=300, default="")
    town = fields.CharField(max_length=200, default="")
    online_url = fields.CharField(max_length=URI_LENGTH, default="")
    category = fields.CharField(max_length=40, default="")
    language = fields.CharField(max_length=16, default="")
    join_mode = fields.CharField(max_length=10, description="free restricted invite external none")
    join_url = fields.CharField(max_length=URI_LENGTH, default="")
    capacity = fields.IntField(null=True)
    going = fields.IntField(default=0)
    sequence = fields.IntField(default=0, description="edits so far, iCalendar SEQUENCE")
    picture = fields.TextField(
        default="", description="JSON of id, url, full_url, alt, media_type, width, height"
    )
    published_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "event"
        indexes = (("start_at",), ("local", "start_at"))


class Answer(Model):
    """What one person said to an event of ours, either an actor elsewhere or an account here."""

    id = fields.CharField(max_length=26, primary_key=True)
    event_id = fields.CharField(max_length=26)
    actor_uri = fields.CharField(max_length=URI_LENGTH, default="")
    account_id = fields.CharField(max_length=26, default="")
    activity_uri = fields.CharField(max_length=URI_LENGTH, default="", description="the Join or Accept")
    joined = fields.BooleanField(default=False, description="came as a Join, so that it is answered")
    state = fields.CharField(max_length=8, description="going pending maybe rejected declined left")
    reason = fields.CharField(max_length=40, default="")
    message = fields.CharField(max_length=500, default="")
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "answer"
        unique_together = (("event_id", "actor_uri", "account_id"),)
        indexes = (("event_id", "state"), ("account_id",), ("actor_uri",))
