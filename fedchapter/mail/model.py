"""Letters that wait, addresses that want no more of a list, and people outside who asked for news."""

from tortoise import fields
from tortoise.models import Model


class Waiting(Model):
    """A letter that has not left yet, deleted when it has."""

    id = fields.CharField(max_length=26, primary_key=True)
    letter = fields.TextField(description="the letter as JSON")
    subscriber_id = fields.CharField(max_length=26, db_default="", default="", description="whose it is")
    created_at = fields.DatetimeField()

    class Meta:
        table = "letter"
        indexes = (("created_at",), ("subscriber_id",))


class Unsubscribed(Model):
    """An address, as SHA-256, that wants no more mail of one list."""

    id = fields.CharField(max_length=26, primary_key=True)
    address_hash = fields.CharField(max_length=64)
    list_id = fields.CharField(max_length=64)
    unsubscribed_at = fields.DatetimeField()

    class Meta:
        table = "unsubscribed"
        unique_together = (("address_hash", "list_id"),)


class Subscriber(Model):
    """Somebody who is no member and gets news by mail, erased when they want no more. No row before they confirmed."""

    id = fields.CharField(max_length=26, primary_key=True)
    email = fields.CharField(max_length=254, unique=True)
    announcements = fields.BooleanField(default=True)
    events = fields.BooleanField(default=True)
    how = fields.CharField(max_length=6, description="once daily weekly")
    language = fields.CharField(max_length=16, default="")
    confirmed_at = fields.DatetimeField()
    until_at = fields.DatetimeField(
        description="what was offered up to then was sent, or is older than their wish"
    )
    due_at = fields.DatetimeField(
        null=True, description="when the next letter is written, if anything is new"
    )
    refusals = fields.IntField(default=0, db_default=0, description="letters refused since one was taken")
    refused_at = fields.DatetimeField(null=True, description="the first of those")

    class Meta:
        table = "subscriber"
        indexes = (("due_at",),)


class News(Model):
    """Something public that subscribers are told. Its words are those of known_object with the same uri."""

    uri = fields.CharField(max_length=1024, primary_key=True)
    kind = fields.CharField(max_length=12, description="announcement event")
    change = fields.CharField(max_length=9, default="", description="changed cancelled, empty is new")
    start_at = fields.DatetimeField(null=True)
    end_at = fields.DatetimeField(null=True)
    zone = fields.CharField(max_length=64, default="")
    place = fields.CharField(max_length=600, default="")
    calendar = fields.TextField(default="", description="of an event, as iCalendar")
    offered_at = fields.DatetimeField()

    class Meta:
        table = "news"
        indexes = (("offered_at",),)
