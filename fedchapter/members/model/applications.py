"""People who asked to join: what they wrote, until somebody decided, and for a month after.

DESIGN §1 (what need not be kept is erased). What waits for its sender to confirm an address is no row here but a sealed
ticket, which only the link in the letter opens.
"""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Application(Model):
    """Somebody who wants to join, reached at email or at the fediverse account actor_uri, which their server proved."""

    id = fields.CharField(max_length=26, primary_key=True)
    display_name = fields.CharField(max_length=100)
    email = fields.CharField(max_length=254, default="")
    actor_uri = fields.CharField(max_length=URI_LENGTH, default="")
    handle = fields.CharField(max_length=300, default="")
    host = fields.CharField(max_length=255, default="")
    answers = fields.TextField(default="[]", description="JSON, pairs of question and answer")
    language = fields.CharField(max_length=16, default="")
    state = fields.CharField(max_length=8, default="waiting", description="waiting approved refused")
    message = fields.TextField(default="", description="what the organizer wrote to them")
    account_id = fields.CharField(max_length=26, default="", description="whom it became")
    decided_by = fields.CharField(max_length=26, default="")
    created_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "application"
        indexes = (("state", "created_at"), ("email",), ("actor_uri",))
