"""Rows of pictures that something shown here lists; the files lie on a shelf of their own and are in no backup."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class RemotePicture(Model):
    """One picture of a post, or the face of an actor: owner_uri is the post or actor, author_uri always the actor.

    State wanted: is fetched at due_at. kept: the file is here. away: it was, and is fetched again when somebody looks.
    failed: it could not be had, and is not asked for again before due_at.
    """

    id = fields.CharField(max_length=26, primary_key=True)
    sort = fields.CharField(max_length=4, description="post or face")
    owner_uri = fields.CharField(max_length=URI_LENGTH)
    author_uri = fields.CharField(max_length=URI_LENGTH)
    url = fields.TextField(description="at its origin")
    url_hash = fields.CharField(max_length=64, description="SHA-256 of url")
    host = fields.CharField(max_length=255, description="of url")
    state = fields.CharField(max_length=6, default="wanted", description="wanted kept away failed")
    reason = fields.CharField(max_length=40, default="", description="code of the last failure")
    attempts = fields.IntField(default=0)
    file_name = fields.CharField(max_length=64, default="")
    size_bytes = fields.IntField(default=0)
    width = fields.IntField(default=0, description="pixels")
    height = fields.IntField(default=0, description="pixels")
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    fetched_at = fields.DatetimeField(null=True)
    used_at = fields.DatetimeField()

    class Meta:
        table = "remote_picture"
        unique_together = (("owner_uri", "url_hash"),)
        indexes = (("state", "due_at"), ("state", "used_at"), ("author_uri",))
