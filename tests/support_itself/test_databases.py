"""The throw-away databases are fresh, of the asked kind, and may change from one test to the next."""

import pytest
from tortoise import fields
from tortoise.context import TortoiseContext
from tortoise.models import Model

from tests.support.lending import Lending
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


_LISTED = "SELECT datname FROM pg_database WHERE datname LIKE 'test%' ORDER BY datname"


def test_a_database_is_copied_from_another_and_dropped(postgres_cluster: Cluster) -> None:
    before = postgres_cluster.execute(_LISTED)
    first = postgres_cluster.create()
    second = postgres_cluster.create(template=first.rsplit("/", 1)[1])
    for url in (first, second):
        postgres_cluster.drop(url)
    assert postgres_cluster.execute(_LISTED) == before


def test_a_lent_database_comes_back_without_its_rows(postgres_cluster: Cluster, lending: Lending) -> None:
    with lending.lent() as url:
        name = url.rsplit("/", 1)[1]
        postgres_cluster.execute(
            "INSERT INTO choice (name, value, changed_at) VALUES ('a', 'b', now())", database=name
        )
    with lending.lent() as again:
        assert again == url
        assert postgres_cluster.execute("SELECT count(*) FROM choice", database=name) == "0"


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE choice ADD COLUMN more integer",
        "DROP TABLE choice",
        "CREATE INDEX more ON choice (value)",
        "DELETE FROM tortoise_migrations",
    ],
)
def test_a_lent_database_that_was_changed_is_not_lent_again(
    postgres_cluster: Cluster, lending: Lending, change: str
) -> None:
    with lending.lent() as url:
        postgres_cluster.execute(change, database=url.rsplit("/", 1)[1])
    assert url.rsplit("/", 1)[1] not in postgres_cluster.execute(_LISTED).split()
