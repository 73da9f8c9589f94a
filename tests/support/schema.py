"""Databases with the tables already in them: made once per test process by our own migrations, then copied.

Migrating takes a second, and a test wants three chapters. Each test still gets databases of its own.
"""

import asyncio
import shutil
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from fedchapter.app.founding import bring_up
from fedchapter.settings import settings_from
from tests.support.databases import forget_sql
from tests.support.postgres import Cluster

_FOLDER = tempfile.TemporaryDirectory(prefix="fedchapter-schema-")


def _migrate(database: str) -> None:
    forget_sql()
    values = {"domain": "schema.test", "name": "Schema", "data": _FOLDER.name, "database": database}
    asyncio.run(bring_up(settings_from(values)))
    forget_sql()


@cache
def sqlite_schema() -> Path:
    """A migrated SQLite file, to be copied. Call it outside a running loop."""
    path = Path(_FOLDER.name) / "schema.sqlite3"
    _migrate(f"sqlite://{path}")
    return path


@cache
def postgres_schema(cluster: Cluster) -> str:
    """The name of a migrated database of that server, for use as a template. Call it outside a running loop."""
    url = cluster.create()
    _migrate(url)
    cluster.execute(f"ALTER DATABASE {urlsplit(url).path.lstrip('/')} RENAME TO migrated")
    return "migrated"


def copy_sqlite(schema: Path, path: Path) -> str:
    """The URL of a fresh copy at `path`."""
    shutil.copy(schema, path)
    return f"sqlite://{path}"
