"""A field is altered and one removed, which rebuilds the table on SQLite; the index is made again by hand."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

INDEX = "CREATE INDEX IF NOT EXISTS idx_parent_name_place ON parent (name, place)"


class Migration(migrations.Migration):
    """Names may be longer, `old` is gone, and `since` has a default that the database knows."""

    dependencies = [("fedchapter", "0001_two_tables")]  # noqa: RUF012
    operations = [  # noqa: RUF012
        ops.AlterField(model_name="Parent", name="name", field=fields.CharField(max_length=40)),
        ops.RemoveField(model_name="Parent", name="old"),
        ops.AddField(
            model_name="Parent", name="since", field=fields.CharField(max_length=20, db_default="always")
        ),
        ops.RunSQL(INDEX, reverse_sql=INDEX),
    ]
