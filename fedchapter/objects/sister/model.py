"""Who is a sister chapter, or was asked to be."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Sister(Model):
    """One other chapter, the offers are ids of Offer activities or empty."""

    id = fields.CharField(max_length=26, primary_key=True)
    actor_uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    state = fields.CharField(max_length=7, description="offered asked sisters ended")
    our_offer_uri = fields.CharField(max_length=URI_LENGTH, default="")
    their_offer_uri = fields.CharField(max_length=URI_LENGTH, default="")
    changed_at = fields.DatetimeField()

    class Meta:
        table = "sister"
        indexes = (("state", "changed_at"),)
