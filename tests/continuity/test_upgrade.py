"""Upgrades: to the new schema or back to the old one, also when the machine loses power at any step."""

import sys
from pathlib import Path

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext

from fedchapter.continuity.marks import UPGRADING, check_marks, find_mark
from fedchapter.continuity.upgrade import FOLDER, RolledBack, upgrade
from fedchapter.errors import Refusal
from fedchapter.settings import Settings
from fedchapter.store.migrate import migrate, plan_migrations
from tests.continuity.conftest import NewUrl
from tests.continuity.upgrading import FUTURE, MODELS, job_for, settings_for
from tests.store.schema import inside
from tests.support.databases import forget_sql
from tests.support.processes import Ended, command

OLD = "0001_two_tables"
BOTH = pytest.mark.parametrize("engine", ["sqlite", "postgres"])
# The moments at which each engine is killed: before, in and after each step, and on the way back.
KILLED = [
    *[("sqlite", moment, "works") for moment in ("copied", "migrating", "migrated", "checking")],
    *[("sqlite", moment, "fails") for moment in ("back-begun", "back-put")],
    *[("postgres", moment, "works") for moment in ("migrated", "checking")],
    *[("postgres", moment, "fails") for moment in ("loading", "loaded")],
]


async def old_chapter(settings: Settings) -> None:
    """Two tables with three parents and four children, at the first of the migrations."""
    forget_sql()
    settings.data.mkdir(parents=True, exist_ok=True)
    await migrate(settings, MODELS, target=OLD, package=FUTURE)

    async def fill(_tortoise: TortoiseContext, connection: BaseDBAsyncClient) -> None:
        for name in ("ana", "bo", "cleo"):
            await connection.execute_script(
                f"INSERT INTO parent (name, place, old) VALUES ('{name}', 'weir', 'x')"
            )
        for parent in (1, 1, 2, 3):
            await connection.execute_script(f"INSERT INTO child (parent_id) VALUES ({parent})")

    await inside(settings.database, MODELS, fill)
    forget_sql()


async def look(settings: Settings) -> tuple[list[str], int, bool]:
    """The parents' names, how many children there are, and whether the column that the upgrade drops is there."""

    async def read(_tortoise: TortoiseContext, connection: BaseDBAsyncClient) -> tuple[list[str], int, bool]:
        parents = await connection.execute_query_dict("SELECT * FROM parent ORDER BY name")
        children = await connection.execute_query_dict("SELECT count(*) AS total FROM child")
        return [row["name"] for row in parents], children[0]["total"], "old" in parents[0]

    return await inside(settings.database, MODELS, read)


AS_BEFORE = (["ana", "bo", "cleo"], 4, True)
AS_AFTER = (["ana", "bo", "cleo"], 4, False)


@BOTH
async def test_an_upgrade_that_works_loses_no_row_and_leaves_nothing(
    engine: str, tmp_path: Path, new_url: NewUrl
) -> None:
    settings = settings_for(tmp_path / "data", new_url(engine))
    await old_chapter(settings)
    assert len(await upgrade(job_for(settings, works=True))) == 1
    assert await look(settings) == AS_AFTER
    assert find_mark(settings.data, UPGRADING) is None
    assert not (settings.data / FOLDER).exists()
    assert await upgrade(job_for(settings, works=True)) == []


@BOTH
async def test_an_upgrade_after_which_nothing_works_is_undone(
    engine: str, tmp_path: Path, new_url: NewUrl
) -> None:
    settings = settings_for(tmp_path / "data", new_url(engine))
    await old_chapter(settings)
    with pytest.raises(RolledBack) as failed:
        await upgrade(job_for(settings, works=False))
    assert "a page does not open" in str(failed.value)
    assert await look(settings) == AS_BEFORE
    forget_sql()
    assert len(await plan_migrations(settings, MODELS, package=FUTURE)) == 1
    check_marks(settings)
    forget_sql()
    assert len(await upgrade(job_for(settings, works=True))) == 1
    assert await look(settings) == AS_AFTER


@pytest.mark.parametrize(("engine", "moment", "how"), KILLED)
async def test_an_upgrade_that_is_killed_is_put_right_by_the_next(
    engine: str, moment: str, how: str, tmp_path: Path, new_url: NewUrl
) -> None:
    url = new_url(engine)
    settings = settings_for(tmp_path / "data", url)
    await old_chapter(settings)
    killed = await in_process(settings, url, moment, how)
    assert killed.status == -9, killed.err
    with pytest.raises(Refusal) as refused:
        check_marks(settings)
    assert refused.value.code == "upgrade-unfinished"
    again = await in_process(settings, url, "none", "fails")
    assert "rolled back: " in again.out, again.err
    assert await look(settings) == AS_BEFORE
    done = await in_process(settings, url, "none", "works")
    assert "done: " in done.out, done.err
    assert await look(settings) == AS_AFTER
    check_marks(settings)


async def in_process(settings: Settings, url: str, moment: str, how: str) -> Ended:
    root = Path(__file__).parents[2]
    program = (sys.executable, "-m", "tests.continuity.upgrading")
    return await command(str(settings.data), url, moment, how, cwd=root, program=program)
