"""What a person wrote about themselves, as they wrote it; everything else of them is the row of their actor."""

from tortoise import fields
from tortoise.models import Model

from ...store.model import URI_LENGTH


class Person(Model):
    """A member's public side. Whose it is stands in account.handle only."""

    uri = fields.CharField(max_length=URI_LENGTH, primary_key=True)
    source = fields.TextField(default="", description="Markdown")

    class Meta:
        table = "person"
