"""A parent with a composite index, and a child whose rows go when their parent goes."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """The tables."""

    initial = True
    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="Parent",
            fields=[
                ("id", fields.IntField(primary_key=True, generated=True, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=20)),
                ("place", fields.CharField(max_length=20, default="")),
                ("old", fields.CharField(max_length=20, default="")),
            ],
            options={
                "table": "parent",
                "app": "fedchapter",
                "indexes": [Index(fields=["name", "place"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Child",
            fields=[
                ("id", fields.IntField(primary_key=True, generated=True, unique=True, db_index=True)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "fedchapter.Parent",
                        source_field="parent_id",
                        to_field="id",
                        related_name="children",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={"table": "child", "app": "fedchapter", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
