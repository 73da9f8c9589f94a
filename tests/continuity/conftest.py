"""Databases of both engines for backups and restores, and a chapter with something in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fedchapter.app import Instance, create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.clock import MovedClock
from fedchapter.settings import Settings
from tests.mail.conftest import mail_server
from tests.net.conftest import serve
from tests.support.databases import forget_sql
from tests.support.postgres import Cluster

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


async def make_chapter(settings: Settings, clock: MovedClock) -> Instance:
    """A founded, open chapter; close it."""
    settings.data.mkdir(parents=True, exist_ok=True)
    await bring_up(settings)
    instance = create_instance(settings, clock=clock)
    await instance.open()
    await found(instance)
    return instance
