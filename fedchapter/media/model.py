"""Rows of what people uploaded, beside the files on the shelf."""

from tortoise import fields
from tortoise.models import Model


class Upload(Model):
    """One picture on the shelf, used_by_uri is empty until something was published with it."""

    id = fields.CharField(max_length=26, primary_key=True)
    file_name = fields.CharField(max_length=64, description="on the shelf, and in its address")
    thumbnail_name = fields.CharField(max_length=64)
    media_type = fields.CharField(max_length=32)
    width = fields.IntField(description="pixels")
    height = fields.IntField(description="pixels")
    alt = fields.TextField(default="", description="what the picture shows, empty for a decorative one")
    sha256 = fields.CharField(max_length=64)
    account_id = fields.CharField(max_length=26, default="")
    used_by_uri = fields.CharField(max_length=1024, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "upload"
        indexes = (("used_by_uri",),)
