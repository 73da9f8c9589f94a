"""Every migration up and down on databases with rows, on both engines (performance.md: what the ORM loses)."""

import importlib
import inspect
from pathlib import Path

import pytest
from tortoise import Model
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext

from fedchapter.app.types import model_modules
from fedchapter.settings import Settings, settings_from
from fedchapter.store import migrations
from fedchapter.store.migrate import LATEST, NOTHING, migrate, plan_migrations
from tests.store.schema import (
    ROWS,
    Schema,
    count_rows,
    differences,
    fill,
    generate,
    inside,
    read_schema,
)
from tests.support.databases import forget_sql
from tests.support.postgres import Cluster
from tests.support.processes import command, running

NAMES = sorted(path.stem for path in Path(str(migrations.__file__)).parent.glob("0*.py"))
FUTURE, FUTURE_MODELS = "tests.store.future_migrations", ["tests.store.future_models"]
FIRST_FUTURE = "0001_two_tables"


def settings_for(url: str, folder: Path) -> Settings:
    return settings_from(
        {"domain": "riverside.test", "name": "Riverside", "data": str(folder), "database": url}
    )


async def fresh_schema(url: str, folder: Path, cluster: Cluster | None, models: list[str]) -> Schema:
    """What the models of today make on an empty database of the same kind."""
    empty = cluster.create() if cluster else f"sqlite://{folder / 'fresh.sqlite3'}"
    forget_sql()
    await inside(empty, models, generate)
    schema = await inside(empty, models, read_schema)
    if cluster:
        cluster.drop(empty)
    return schema


@pytest.fixture
def cluster(request: pytest.FixtureRequest, database_url: str) -> Cluster | None:
    """The server of the test's database, or None for SQLite."""
    if database_url.startswith("sqlite:"):
        return None
    found: Cluster = request.getfixturevalue("postgres_cluster")
    return found


async def test_migrating_gives_the_schema_of_the_models(
    database_url: str, tmp_path: Path, cluster: Cluster | None
) -> None:
    settings, models = settings_for(database_url, tmp_path), model_modules()
    assert await migrate(settings, models) == [f"+ {name}" for name in NAMES]
    migrated = await inside(database_url, models, read_schema)
    assert differences(migrated, await fresh_schema(database_url, tmp_path, cluster, models)) == []
    assert len(migrated) > 20


@pytest.mark.timeout(300)
async def test_every_migration_goes_down_and_up_again_on_full_tables(
    database_url: str, tmp_path: Path, cluster: Cluster | None
) -> None:
    settings, models = settings_for(database_url, tmp_path), model_modules()
    await migrate(settings, models)
    await inside(database_url, models, fill)
    full = await inside(database_url, models, count_rows)
    assert set(full.values()) == {ROWS}
    for name in reversed(NAMES[:-1]):
        await migrate(settings, models, target=name)
    oldest = await inside(database_url, models, read_schema)
    for name in NAMES[1:]:
        await migrate(settings, models, target=name)
    again = await inside(database_url, models, count_rows)
    assert {table: again[table] for table in oldest} == dict.fromkeys(oldest, ROWS), (
        "rows of tables that stayed"
    )
    assert await migrate(settings, models, target=NOTHING) == [f"- {name}" for name in reversed(NAMES)]
    assert await inside(database_url, models, read_schema) == {}
    await migrate(settings, models)
    migrated = await inside(database_url, models, read_schema)
    assert differences(migrated, await fresh_schema(database_url, tmp_path, cluster, models)) == []
    await inside(database_url, models, fill)


async def test_a_rebuilt_table_takes_no_children_with_it_and_keeps_its_indexes(
    database_url: str, tmp_path: Path, cluster: Cluster | None
) -> None:
    settings = settings_for(database_url, tmp_path)
    await migrate(settings, FUTURE_MODELS, target=FIRST_FUTURE, package=FUTURE)

    async def populate(_tortoise: TortoiseContext, connection: BaseDBAsyncClient) -> None:
        for number in range(5):
            await connection.execute_query(
                f"INSERT INTO parent (name, place, old) VALUES ('p{number}', 'here', 'x')"
            )
            await connection.execute_query(f"INSERT INTO child (parent_id) VALUES ({number + 1})")

    await inside(database_url, FUTURE_MODELS, populate)
    await migrate(settings, FUTURE_MODELS, target=LATEST, package=FUTURE)
    assert await inside(database_url, FUTURE_MODELS, count_rows) == {"parent": 5, "child": 5}
    migrated = await inside(database_url, FUTURE_MODELS, read_schema)
    assert differences(migrated, await fresh_schema(database_url, tmp_path, cluster, FUTURE_MODELS)) == []


async def test_the_comparison_notices_a_lost_index(database_url: str, tmp_path: Path) -> None:
    settings, models = settings_for(database_url, tmp_path), model_modules()
    await migrate(settings, models)
    before = await inside(database_url, models, read_schema)

    async def lose(_tortoise: TortoiseContext, connection: BaseDBAsyncClient) -> None:
        listed = "SELECT name FROM sqlite_master WHERE tbl_name = 'delivery' AND sql LIKE '%\"host\"%due_at%'"
        listed += " AND type = 'index'"
        if connection.capabilities.dialect == "postgres":
            listed = "SELECT indexname AS name FROM pg_indexes WHERE indexdef LIKE '%delivery%(host, state, due_at)'"
        [row] = await connection.execute_query_dict(listed)
        await connection.execute_query(f'DROP INDEX "{row["name"]}"')

    await inside(database_url, models, lose)
    [found] = differences(before, await inside(database_url, models, read_schema))
    assert found.startswith("delivery:")


async def test_two_processes_that_migrate_at_once_do_it_once(database_url: str, tmp_path: Path) -> None:
    env = {
        "FEDCHAPTER_DOMAIN": "riverside.test",
        "FEDCHAPTER_NAME": "Riverside",
        "FEDCHAPTER_DATA": str(tmp_path),
        "FEDCHAPTER_DATABASE": database_url,
    }
    settings, models = settings_for(database_url, tmp_path), model_modules()
    await migrate(settings, models)
    await migrate(settings, models, target=NOTHING)
    async with (
        running("migrate", cwd=tmp_path, env=env) as one,
        running("migrate", cwd=tmp_path, env=env) as two,
    ):
        await one.process.wait()
        await two.process.wait()
    # What they said may still be on its way when they are gone; the next one finds everything done.
    assert (one.process.returncode, two.process.returncode) == (0, 0), one.output + two.output
    assert await plan_migrations(settings, models) == []
    assert (await command("migrate", cwd=tmp_path, env=env)).status == 0


def test_no_word_of_a_model_breaks_the_sql_comment_it_becomes() -> None:
    broken = []
    for module in (importlib.import_module(name) for name in model_modules()):
        for name, model in inspect.getmembers(module, inspect.isclass):
            if not issubclass(model, Model) or model.__module__ != module.__name__:
                continue
            words = [
                model.__doc__ or "",
                *(field.description or "" for field in model._meta.fields_map.values()),
            ]
            broken += [f"{name}: {text}" for text in words if ";" in text or "`" in text]
    assert broken == []
