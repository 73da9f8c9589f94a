"""The throw-away databases are fresh, of the asked kind, and may change from one test to the next."""

import pytest
from tortoise import fields
from tortoise.context import TortoiseContext
from tortoise.models import Model

from tests.support.postgres import Cluster


class Pebble(Model):
    """A row of the smallest kind."""

    id = fields.IntField(primary_key=True)
    colour = fields.CharField(max_length=20)


@pytest.mark.parametrize("colour", ["grey", "white"])
async def test_every_test_gets_an_empty_database_of_either_kind(database_url: str, colour: str) -> None:
    async with TortoiseContext() as context:
        await context.init(db_url=database_url, modules={"models": [__name__]})
        await context.generate_schemas()
        await Pebble.create(colour=colour)
        assert await Pebble.all().values_list("colour", flat=True) == [colour]


@pytest.mark.database("postgres")
def test_a_mark_chooses_one_database(database_url: str) -> None:
    assert database_url.startswith("postgres://")


def test_a_database_is_copied_from_another_and_dropped(postgres_cluster: Cluster) -> None:
    first = postgres_cluster.create()
    second = postgres_cluster.create(template=first.rsplit("/", 1)[1])
    for url in (first, second):
        postgres_cluster.drop(url)
    assert postgres_cluster.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test%'") == ""
