"""The fixtures `world` (chapters on SQLite) and `each_world` (once on SQLite, once on PostgreSQL).

Both give a `World`: `chapter = await world.chapter("riverside")`, `ada = world.stranger("ada")`.
"""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.databases import NAMES, forget_sql
from tests.support.lending import Lending
from tests.support.network import World, open_world
from tests.support.postgres import Cluster
from tests.support.schema import copy_sqlite, postgres_schema, sqlite_schema


@pytest.fixture(scope="session")
def migrated_sqlite() -> Path:
    """A SQLite file with all tables and no rows."""
    return sqlite_schema()


@pytest.fixture(scope="session")
def lending(postgres_cluster: Cluster, migrated_postgres: str) -> Lending:
    """Lends PostgreSQL databases with all tables and no rows."""
    return Lending(postgres_cluster, migrated_postgres)


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
def which_database(request: pytest.FixtureRequest) -> Path | Lending:
    """Where a world's databases come from: a SQLite file that is copied, or who lends PostgreSQL's."""
    source: Path | Lending = request.getfixturevalue(
        "migrated_sqlite" if request.param == "sqlite" else "lending"
    )
    return source


@pytest.fixture
async def each_world(which_database: Path | Lending, tmp_path: Path) -> AsyncIterator[World]:
    """Chapters on the kind of database whose turn it is."""
    source = which_database
    forget_sql()
    with ExitStack() as stack:

        async def new_database(name: str) -> str:
            if isinstance(source, Path):
                return copy_sqlite(source, tmp_path / f"{name}.sqlite3")
            return stack.enter_context(source.lent())

        async with open_world(tmp_path, new_database) as opened:
            yield opened


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that takes `each_world` runs once for each database."""
    if "each_world" in metafunc.fixturenames:
        metafunc.parametrize("which_database", NAMES, indirect=True)
