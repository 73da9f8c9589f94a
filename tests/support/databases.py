"""The fixtures `database_url`, `sqlite_url` and `postgres_url`: one fresh database for each test.

A test that takes `database_url` runs on both databases, or on one with `@pytest.mark.database("sqlite")`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE

from tests.support.needs import need
from tests.support.postgres import Cluster, find_programs

NAMES = ("sqlite", "postgres")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that takes `database_url` runs once for each database, or for the one that its mark names."""
    if "database_url" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("database")
    metafunc.parametrize("database_url", mark.args if mark else NAMES, indirect=True)


def forget_sql() -> None:
    """Tortoise keeps each table's SQL for the whole process, and the two engines write it differently."""
    EXECUTOR_CACHE.clear()


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A server of this test process's own, started when the first test asks for it."""
    programs = need(find_programs(), "PostgreSQL's server programs (initdb, pg_ctl) are not installed")
    cluster = Cluster(programs)
    yield cluster
    cluster.stop()


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """An empty PostgreSQL database, dropped afterwards."""
    forget_sql()
    url = postgres_cluster.create()
    yield url
    postgres_cluster.drop(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    forget_sql()
    return f"sqlite://{tmp_path / 'chapter.sqlite3'}"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of the kind whose turn it is."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
