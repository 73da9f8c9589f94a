"""Moves of remote actors, kept so that one actor cannot lead its followers around (wire.md §2.5)."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class ActorMove(Model):
    """The latest move of an actor that somebody here followed."""

    old_uri = fields.CharField(max_length=URI_LENGTH, primary_key=True)
    new_uri = fields.CharField(max_length=URI_LENGTH)
    moved_at = fields.DatetimeField()

    class Meta:
        table = "actor_move"
