"""The fixtures `world` (chapters on SQLite) and `each_world` (once on SQLite, once on PostgreSQL).

Both give a `World`: `chapter = await world.chapter("riverside")`, `ada = world.stranger("ada")`.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.databases import NAMES, forget_sql
from tests.support.network import World, open_world
from tests.support.postgres import Cluster
from tests.support.schema import copy_sqlite, postgres_schema, sqlite_schema


@pytest.fixture(scope="session")
def migrated_sqlite() -> Path:
    """A SQLite file with all tables and no rows."""
    return sqlite_schema()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_cluster: Cluster) -> str:
    """The name of a PostgreSQL database with all tables and no rows."""
    return postgres_schema(postgres_cluster)


@pytest.fixture
async def world(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[World]:
    """Chapters on SQLite."""
    forget_sql()

    async def new_database(name: str) -> str:
        return copy_sqlite(migrated_sqlite, tmp_path / f"{name}.sqlite3")

    async with open_world(tmp_path, new_database) as opened:
        yield opened


@pytest.fixture
def which_database(request: pytest.FixtureRequest) -> tuple[Path | None, Cluster | None, str]:
    """What a world is copied from: a SQLite file, or a server and the name of a database on it."""
    if request.param == "sqlite":
        return request.getfixturevalue("migrated_sqlite"), None, ""
    return None, request.getfixturevalue("postgres_cluster"), request.getfixturevalue("migrated_postgres")


@pytest.fixture
async def each_world(
    which_database: tuple[Path | None, Cluster | None, str], tmp_path: Path
) -> AsyncIterator[World]:
    """Chapters on the kind of database whose turn it is."""
    file, cluster, template = which_database
    made: list[str] = []
    forget_sql()

    async def new_database(name: str) -> str:
        if cluster is None or file is not None:
            assert file is not None
            return copy_sqlite(file, tmp_path / f"{name}.sqlite3")
        made.append(cluster.create(template))
        return made[-1]

    async with open_world(tmp_path, new_database) as opened:
        yield opened
    for url in made:
        if cluster is not None:
            cluster.drop(url)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that takes `each_world` runs once for each database."""
    if "each_world" in metafunc.fixturenames:
        metafunc.parametrize("which_database", NAMES, indirect=True)
