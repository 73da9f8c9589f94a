"""The fixtures `street` (chapters on TCP beside the Fedify server) and `chapter` (one of them)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.on_tcp import OpenChapter, Street, make_schema, open_street


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables."""
    return asyncio.run(make_schema(tmp_path_factory.mktemp("schema")))


@pytest.fixture
async def street(tmp_path: Path, schema: Path, fedify_port: int) -> AsyncIterator[Street]:
    """Chapters that the Fedify server reaches, and they it."""
    async with open_street(tmp_path, schema, fedify_port) as opened:
        yield opened


@pytest.fixture
async def chapter(street: Street) -> OpenChapter:
    """A chapter with settings as they come."""
    return await street.chapter()
