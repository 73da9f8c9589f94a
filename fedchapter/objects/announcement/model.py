"""Rows of announcements, ours and theirs, their earlier versions, their hashtags, who shared what, quote stamps."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Announcement(Model):
    """One post. Of a remote one source is empty and pictures are addresses on its own server."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    author_uri = fields.CharField(max_length=URI_LENGTH)
    local = fields.BooleanField(default=False)
    type = fields.CharField(max_length=16, description="Note, Article or what the author called it")
    state = fields.CharField(max_length=9, description="scheduled published gone")
    visibility = fields.CharField(max_length=9, description="public unlisted followers")
    title = fields.CharField(max_length=300, default="")
    source = fields.TextField(default="", description="Markdown as written")
    html = fields.TextField(default="", description="clean")
    warning = fields.CharField(max_length=500, default="")
    language = fields.CharField(max_length=16, default="")
    pictures = fields.TextField(default="[]", description="JSON list of draft.Picture")
    mentions = fields.TextField(default="[]", description="JSON list of draft.Mentioned")
    hashtags = fields.TextField(default="[]", description="JSON list of words without the hash sign")
    url = fields.CharField(max_length=URI_LENGTH, default="")
    pinned = fields.BooleanField(default=False, description="pin it when it is published")
    shared = fields.BooleanField(
        default=False, db_default=False, description="the chapter passes on what a group says"
    )
    account_id = fields.CharField(max_length=26, default="")
    publish_at = fields.DatetimeField(null=True)
    published_at = fields.DatetimeField(null=True)
    edited_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "announcement"
        indexes = (("local", "state", "publish_at"),)


class AnnouncementVersion(Model):
    """What an announcement said before an edit."""

    id = fields.CharField(max_length=26, primary_key=True)
    announcement_id = fields.CharField(max_length=26)
    title = fields.CharField(max_length=300, default="")
    html = fields.TextField(default="")
    warning = fields.CharField(max_length=500, default="")
    pictures = fields.TextField(default="[]")
    language = fields.CharField(max_length=16, default="")
    written_at = fields.DatetimeField(description="when this version began to stand")
    replaced_at = fields.DatetimeField()

    class Meta:
        table = "announcement_version"
        indexes = (("announcement_id", "id"),)


class AnnouncementTag(Model):
    """A hashtag of a public announcement of ours, folded for comparison."""

    id = fields.BigIntField(primary_key=True)
    tag = fields.CharField(max_length=100)
    announcement_id = fields.CharField(max_length=26)

    class Meta:
        table = "announcement_tag"
        unique_together = (("tag", "announcement_id"),)


class Share(Model):
    """Somebody followed here, or the chapter itself, shares a post. uri is the Announce activity."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    actor_uri = fields.CharField(max_length=URI_LENGTH)
    object_uri = fields.CharField(max_length=URI_LENGTH)
    created_at = fields.DatetimeField()

    class Meta:
        table = "share"
        unique_together = (("actor_uri", "object_uri"),)
        indexes = (("object_uri", "id"),)


class QuoteStamp(Model):
    """We allowed somebody to quote a post of ours (FEP-044f)."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    object_uri = fields.CharField(max_length=URI_LENGTH)
    quote_uri = fields.CharField(max_length=URI_LENGTH)
    quoter_uri = fields.CharField(max_length=URI_LENGTH)
    request_uri = fields.CharField(max_length=URI_LENGTH)
    created_at = fields.DatetimeField()

    class Meta:
        table = "quote_stamp"
        unique_together = (("object_uri", "quote_uri"),)
