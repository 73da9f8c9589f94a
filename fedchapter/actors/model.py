"""Actors, their keys, the servers they live on, and who follows whom.

Sources: ActivityPub §4; FEP-521a (keys); wire.md §1.2 (key lookup), §1.6 (availability of hosts).
"""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Actor(Model):
    """Anybody or anything with an inbox, local or not."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    type = fields.CharField(max_length=16)
    username = fields.CharField(max_length=255)
    host = fields.CharField(max_length=255)
    name = fields.CharField(max_length=255, default="")
    summary = fields.TextField(default="")
    url = fields.CharField(max_length=URI_LENGTH, default="")
    icon = fields.CharField(max_length=URI_LENGTH, default="")
    inbox = fields.CharField(max_length=URI_LENGTH)
    shared_inbox = fields.CharField(max_length=URI_LENGTH, default="")
    outbox = fields.CharField(max_length=URI_LENGTH, default="")
    followers = fields.CharField(max_length=URI_LENGTH, default="")
    featured = fields.CharField(max_length=URI_LENGTH, default="")
    local = fields.BooleanField(default=False)
    approves_followers = fields.BooleanField(default=False)
    discoverable = fields.BooleanField(
        default=False, db_default=False, description="of a person of ours, who chose it"
    )
    indexable = fields.BooleanField(default=False, db_default=False)
    state = fields.CharField(max_length=9, default="active", description="active gone suspended")
    moved_to = fields.CharField(max_length=URI_LENGTH, default="")
    also_known_as = fields.TextField(default="", description="other ids of this actor, one a line")
    published_at = fields.DatetimeField(null=True)
    first_seen_at = fields.DatetimeField()
    fetched_at = fields.DatetimeField()

    class Meta:
        table = "actor"
        indexes = (("host", "username"),)


class ActorKey(Model):
    """A key an actor signs with, the private half only for our own actors."""

    uri = fields.CharField(max_length=URI_LENGTH, primary_key=True)
    actor_uri = fields.CharField(max_length=URI_LENGTH)
    kind = fields.CharField(max_length=7, description="rsa or ed25519")
    public = fields.TextField(description="PEM (SPKI)")
    private = fields.TextField(default="", description="PEM (PKCS #8)")
    fetched_at = fields.DatetimeField()

    class Meta:
        table = "actor_key"
        indexes = (("actor_uri", "kind"),)


class Peer(Model):
    """Another server, as we have seen it behave."""

    host = fields.CharField(max_length=255, primary_key=True)
    software = fields.CharField(max_length=64, default="")
    scheme = fields.CharField(
        max_length=7, default="cavage", description="cavage or rfc9421: which one worked"
    )
    failures = fields.IntField(default=0, description="failed deliveries in a row")
    failing_days = fields.IntField(default=0, description="UTC days with failures and no success in between")
    failed_on = fields.CharField(max_length=10, default="", description="the last such day, YYYY-MM-DD")
    resting_until_at = fields.DatetimeField(null=True)
    last_in_at = fields.DatetimeField(null=True)
    last_out_at = fields.DatetimeField(null=True)
    last_error = fields.TextField(default="")
    first_seen_at = fields.DatetimeField()

    class Meta:
        table = "peer"


class Follow(Model):
    """Who follows whom, uri is the Follow activity's id. Read by everybody, written by objects/follow/service."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH)
    follower_uri = fields.CharField(max_length=URI_LENGTH)
    followed_uri = fields.CharField(max_length=URI_LENGTH)
    state = fields.CharField(max_length=9, description="requested accepted rejected")
    created_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "follow"
        unique_together = (("follower_uri", "followed_uri"),)
        indexes = (("followed_uri", "state", "id"), ("follower_uri", "state", "id"), ("uri",))
