"""The fixtures `world` (chapters on SQLite) and `each_world` (once on SQLite, once on PostgreSQL).

Both give a `World`: `chapter = await world.chapter("riverside")`, `ada = world.stranger("ada")`.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.databases import NAMES, forget_sql
from tests.support.network import World, open_world
from tests.support.postgres import Cluster


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Chapters on SQLite."""
    forget_sql()

    async def new_database(name: str) -> str:
        return f"sqlite://{tmp_path / name}.sqlite3"

    async with open_world(tmp_path, new_database) as opened:
        yield opened


@pytest.fixture(params=NAMES)
async def each_world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """Chapters on the kind of database whose turn it is."""
    cluster: Cluster | None = (
        request.getfixturevalue("postgres_cluster") if request.param == "postgres" else None
    )
    made: list[str] = []
    forget_sql()

    async def new_database(name: str) -> str:
        if cluster is None:
            return f"sqlite://{tmp_path / name}.sqlite3"
        made.append(cluster.create())
        return made[-1]

    async with open_world(tmp_path, new_database) as opened:
        yield opened
    for url in made:
        if cluster is not None:
            cluster.drop(url)
