"""The store's own rows: what came in, what goes out, what is known by its URI, and what is gone.

Long texts of other servers are kept as received; `state` columns hold the words of DESIGN §5. Index names are not
relied on, but their existence is tested (performance.md: a rebuilt SQLite table loses them).
"""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class InboxItem(Model):
    """One activity received: stored before we answer 202, and its own line in the federation log afterwards."""

    id = fields.BigIntField(primary_key=True)
    fingerprint = fields.CharField(
        max_length=64, unique=True, description="SHA-256 of actor, id, verb and body"
    )
    actor_uri = fields.CharField(max_length=URI_LENGTH)
    activity_uri = fields.CharField(max_length=URI_LENGTH)
    verb = fields.CharField(max_length=32)
    host = fields.CharField(max_length=255)
    object_uri = fields.CharField(max_length=URI_LENGTH, default="")
    kind = fields.CharField(max_length=24, default="")
    body = fields.TextField(description="the activity as received, empty once erased")
    has_body = fields.BooleanField(default=True, db_default=True, description="until the body is erased")
    body_bytes = fields.IntField(
        default=0, db_default=2048, description="of the body, a guess for rows from before this column"
    )
    signed_by = fields.CharField(max_length=URI_LENGTH, description="the key that signed, or proof:<key>")
    state = fields.CharField(max_length=8, default="new", description="new done held ignored refused failed")
    reason = fields.TextField(default="")
    attempts = fields.IntField(default=0)
    received_at = fields.DatetimeField()
    due_at = fields.DatetimeField(description="when a worker may take it, a claim moves it into the future")
    processed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "inbox_item"
        indexes = (
            ("state", "due_at"),
            ("host", "id"),
            ("activity_uri",),
            ("object_uri",),
            ("has_body", "id", "body_bytes"),
        )


class OutboxItem(Model):
    """One activity we made, with the exact bytes that are sent and served."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    actor_uri = fields.CharField(max_length=URI_LENGTH)
    verb = fields.CharField(max_length=32)
    object_uri = fields.CharField(max_length=URI_LENGTH, default="")
    kind = fields.CharField(max_length=24, default="")
    body = fields.TextField()
    access = fields.CharField(
        max_length=9, description="public, by-id (whoever was told the id) or addressed"
    )
    created_at = fields.DatetimeField()

    class Meta:
        table = "outbox_item"
        indexes = (("actor_uri", "access", "id"), ("object_uri",))


class Delivery(Model):
    """One activity on its way to one inbox."""

    id = fields.BigIntField(primary_key=True)
    outbox_id = fields.CharField(max_length=26)
    actor_uri = fields.CharField(max_length=URI_LENGTH)
    inbox = fields.CharField(max_length=URI_LENGTH)
    host = fields.CharField(max_length=255)
    state = fields.CharField(max_length=8, default="due", description="due done gone refused gave-up stopped")
    attempts = fields.IntField(default=0)
    status = fields.IntField(null=True, description="HTTP status of the last answer")
    reason = fields.TextField(default="")
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "delivery"
        unique_together = (("outbox_id", "inbox"),)
        indexes = (("state", "due_at"), ("host", "state", "due_at"))


class KnownObject(Model):
    """Anything that can be referred to by URI, whatever its type, with what a list of mixed things needs to show it.

    ref is the row's id in the table of its kind. html is sanitised at the door and again by the template.
    """

    uri = fields.CharField(max_length=URI_LENGTH, primary_key=True)
    kind = fields.CharField(max_length=24)
    ref = fields.CharField(max_length=26)
    owner_uri = fields.CharField(max_length=URI_LENGTH)
    local = fields.BooleanField(default=False)
    listed = fields.BooleanField(default=False, description="belongs on the home page")
    visibility = fields.CharField(
        max_length=9, default="public", description="public unlisted followers direct"
    )
    state = fields.CharField(max_length=7, default="shown", description="shown held hidden gone")
    url = fields.CharField(max_length=URI_LENGTH, default="")
    title = fields.CharField(max_length=300, default="")
    note = fields.CharField(max_length=500, default="", description="content warning, or when and where")
    html = fields.TextField(default="")
    pictures = fields.TextField(default="", description="JSON list of url, alt, width, height")
    language = fields.CharField(max_length=16, default="")
    reply_to_uri = fields.CharField(max_length=URI_LENGTH, default="")
    root_uri = fields.CharField(max_length=URI_LENGTH, default="")
    boosted_by_uri = fields.CharField(max_length=URI_LENGTH, default="")
    likes = fields.IntField(default=0)
    boosts = fields.IntField(default=0)
    replies = fields.IntField(default=0)
    pinned_at = fields.DatetimeField(null=True)
    published_at = fields.DatetimeField()
    updated_at = fields.DatetimeField(null=True)
    sort_at = fields.DatetimeField(description="place in a timeline: published, or boosted")
    sensitive = fields.BooleanField(
        default=False, db_default=False, description="moderators put it behind a warning"
    )
    locked = fields.BooleanField(default=False, db_default=False, description="takes no more comments")

    class Meta:
        table = "known_object"
        indexes = (
            ("listed", "state", "sort_at", "ref"),
            ("kind", "listed", "state", "sort_at"),
            ("root_uri", "state", "published_at"),
            ("owner_uri", "kind", "sort_at"),
            ("kind", "ref"),
        )


class Tombstone(Model):
    """Something that is gone for good, ours or another's: a late Create is ignored, our own id answers 410."""

    uri = fields.CharField(max_length=URI_LENGTH, primary_key=True)
    owner_uri = fields.CharField(max_length=URI_LENGTH)
    former_type = fields.CharField(max_length=32, default="")
    deleted_at = fields.DatetimeField()

    class Meta:
        table = "tombstone"


class Choice(Model):
    """A setting that admins change on a page, as text, what is not here has its default (store.choices)."""

    name = fields.CharField(max_length=64, primary_key=True)
    value = fields.TextField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "choice"


class SweepRow(Model):
    """How far the erasing of one thing that is kept for a while has come, and what it erased (jobs.sweep)."""

    name = fields.CharField(max_length=32, primary_key=True, description="of a store.retention.Kept")
    began_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    erased = fields.IntField(default=0, description="rows, since began_at")
    erased_ever = fields.BigIntField(default=0)

    class Meta:
        table = "sweep"
