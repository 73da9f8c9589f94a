"""Databases of both engines for backups and restores, and a chapter with something in it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.mail.conftest import mail_server
from tests.net.conftest import serve
from tests.support.databases import forget_sql
from tests.support.lending import Lending
from tests.support.postgres import Cluster
from tests.support.schema import copy_sqlite

__all__ = ["mail_server", "serve"]
NewUrl = Callable[[str], str]
PASSPHRASE = "seven quiet herons at the weir"


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """`new_url("sqlite")` is empty (SQLite in the data folder), `new_url("postgres")` the URL of an empty database."""

    def make(engine: str) -> str:
        forget_sql()
        if engine == "sqlite":
            return ""
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        url = cluster.create()
        request.addfinalizer(lambda: cluster.drop(url))
        return url

    return make


@pytest.fixture
def old_sqlite(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The URL of an SQLite database with all tables and no rows."""
    forget_sql()
    return copy_sqlite(migrated_sqlite, tmp_path / "old.sqlite3")


@pytest.fixture
def old_url(old_sqlite: str, lending: Lending) -> Iterator[NewUrl]:
    """`old_url("sqlite")` and `old_url("postgres")`: the URL of a database with all tables and no rows."""

    def make(engine: str) -> str:
        forget_sql()
        if engine == "sqlite":
            return old_sqlite
        return opened.enter_context(lending.lent())

    with ExitStack() as opened:
        yield make
