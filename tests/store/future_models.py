"""The models that tests/store/future_migrations lead to."""

from tortoise import fields
from tortoise.models import Model


class Parent(Model):
    """Has children."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=40)
    place = fields.CharField(max_length=20, default="")
    since = fields.CharField(max_length=20, db_default="always")

    class Meta:
        table = "parent"
        indexes = (("name", "place"),)


class Child(Model):
    """Goes with its parent."""

    id = fields.IntField(primary_key=True)
    parent: fields.ForeignKeyRelation[Parent] = fields.ForeignKeyField(
        "fedchapter.Parent", related_name="children", on_delete=fields.CASCADE
    )

    class Meta:
        table = "child"
