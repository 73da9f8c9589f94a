"""A chapter that is lost comes back on either engine: same keys, ids and followers, and nothing happens twice."""

import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fedchapter.app import create_instance
from fedchapter.app.founding import found
from fedchapter.app.types import model_modules
from fedchapter.continuity.backup import Made, make_backup
from fedchapter.continuity.marks import RESTORING, check_marks, find_mark
from fedchapter.continuity.restore import Place, restore
from fedchapter.continuity.rows import find_gaps
from fedchapter.continuity.tables import snapshot
from fedchapter.errors import Refusal
from fedchapter.house.letters import send_letter
from fedchapter.mail import Letter
from fedchapter.settings import Settings, settings_from
from fedchapter.signatures import HttpMessage, public_from_pem
from fedchapter.signatures.request import read_signature, verify
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from fedchapter.store.kinds import forget
from tests.continuity.conftest import PASSPHRASE, NewUrl
from tests.objects.announcement.support import announce, followed_by
from tests.store.schema import ROWS, inside
from tests.store.schema import fill as fill_tables
from tests.support.chapter import Chapter
from tests.support.databases import forget_sql
from tests.support.network import World, open_world
from tests.support.stranger import Stranger

ACROSS = pytest.mark.parametrize(("before", "after"), [("sqlite", "postgres"), ("postgres", "sqlite")])
# What a restore itself writes, or leaves out on purpose.
TOUCHED = {"care_event", "gap", "job", "letter", "invitation"}
MODELS = model_modules()
# Each restore makes the whole schema: many seconds on a busy machine.
pytestmark = pytest.mark.timeout(300)
PICTURE = "0123456789abcdef0123456789abcdef.png"


@dataclass
class Ear:
    """Stands before a stranger's server and keeps whole requests, signatures included."""

    behind: Any
    heard: list[HttpMessage] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""

        async def listening() -> Any:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        await self.behind(scope, listening, send)
        headers = tuple((name.decode(), value.decode()) for name, value in scope["headers"])
        host = dict(headers)["host"]
        self.heard.append(HttpMessage(scope["method"], f"https://{host}{scope['path']}", headers, body))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Wires and strangers; chapters are made by hand, each on the engine that a test wants."""

    async def none(name: str) -> str:
        raise AssertionError(name)

    async with open_world(tmp_path, none) as opened:
        yield opened


async def chapter_on(world: World, data: Path, database: str) -> Chapter:
    """A founded chapter on a database with tables and no rows."""
    chapter = await open_chapter(world, settings_of(data, database))
    await found(chapter.instance)
    return chapter


def settings_of(data: Path, database: str, **changes: str) -> Settings:
    values = {"domain": "riverside.test", "name": "Riverside", "data": str(data)}
    return settings_from(values | ({"database": database} if database else {}) | changes)


async def open_chapter(world: World, settings: Settings) -> Chapter:
    forget_sql()
    instance = create_instance(settings, clock=world.clock, transport=world.network, limits_scale=1000)
    await instance.open()
    world.network.apps[settings.domain] = instance
    return Chapter(instance, world.clock)


async def live(chapter: Chapter, ada: Stranger) -> None:
    """The chapter has a follower, posts in both directions, a picture, a member who is signed in, a letter waiting."""
    await followed_by(chapter, ada)
    await announce(chapter, "We meet at the **weir**. Ünïcödé, \u2028 and 🌊.")
    assert (await ada.tell(chapter, ada.create(ada.note("<p>See you there</p>"))))[0] in ("done", "ignored")
    await chapter.signed_in()
    path = chapter.house.shelf.path(PICTURE)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x89PNG picture")
    await chapter.unit(lambda unit: send_letter(unit, Letter("ana@mail.example", "Hello", "Text")))


async def all_rows(settings: Settings) -> dict[str, list[Any]]:
    """Every row of every table, columns by name, in the archive's spelling, sorted."""
    async with snapshot(settings) as source:
        found: dict[str, list[Any]] = {}
        for table in await source.tables():
            rows = [
                sorted(zip(table.columns, row, strict=True))
                async for batch in source.rows(table)
                for row in batch
            ]
            found[table.name] = sorted(rows, key=str)
        return found


async def lose(chapter: Chapter, tmp_path: Path) -> Made:
    """A backup is made, and the chapter is gone."""
    made = await make_backup(chapter.settings, PASSPHRASE, chapter.clock.now(), folder=tmp_path / "elsewhere")
    await chapter.close()
    return made


@ACROSS
async def test_everything_comes_back_on_either_engine(
    before: str, after: str, world: World, tmp_path: Path, new_url: NewUrl, old_url: NewUrl
) -> None:
    chapter, ada = await chapter_on(world, tmp_path / "old", old_url(before)), world.stranger()
    await live(chapter, ada)
    rows, document = await all_rows(chapter.settings), await chapter.get_json(chapter.uri)
    made = await lose(chapter, tmp_path)
    shutil.rmtree(tmp_path / "old")
    world.move(hours=5)
    forget_sql()
    restored = await restore(
        made.path, PASSPHRASE, Place(tmp_path / "new", new_url(after)), MODELS, world.clock
    )
    back = await all_rows(restored.settings)
    assert {name for name in rows if rows[name] != back[name]} <= TOUCHED
    assert len(back["actor"]) == len(rows["actor"]) > 2
    assert (tmp_path / "new" / "media" / "01" / "23" / PICTURE).read_bytes() == b"\x89PNG picture"
    again = await open_chapter(world, restored.settings)
    assert await again.get_json(again.uri) == document
    await _still_speaks(again, ada, document["publicKey"]["publicKeyPem"])
    await again.close()


async def _still_speaks(chapter: Chapter, ada: Stranger, known_pem: str) -> None:
    """The follower is heard, hears, and finds the signature made with the key that it has known all along."""
    ear = Ear(ada.site)
    ada.network.apps[ada.host] = ear
    ada.received.clear()
    uri = await announce(chapter, "We are back.")
    assert [one["object"]["id"] for one in ada.received if one["type"] == "Create"] == [uri]
    posted = next(one for one in ear.heard if one.method == "POST")
    parsed = read_signature(posted, now=chapter.clock.now(), hosts={ada.host})
    assert parsed.key_id.startswith(f"{chapter.uri}#")
    assert verify(parsed, public_from_pem(known_pem))
    assert (await ada.tell(chapter, ada.activity("Undo", ada.activity("Follow", chapter.uri))))[0] in (
        "done",
        "ignored",
    )
    bert = Stranger(ada.network, ada.clock, "bert", "other.test")
    await followed_by(chapter, bert)


async def test_sessions_end_letters_are_not_sent_again_and_the_loss_is_declared(
    world: World, tmp_path: Path, old_sqlite: str
) -> None:
    chapter, ada = await chapter_on(world, tmp_path / "old", old_sqlite), world.stranger()
    await live(chapter, ada)
    began_at = world.clock.now()
    made = await lose(chapter, tmp_path)
    world.move(days=2)
    restored = await restore(made.path, PASSPHRASE, Place(tmp_path / "new"), MODELS, world.clock)
    assert restored.letters_dropped == 1
    again = await open_chapter(world, restored.settings)
    assert await again.count("session") == 0
    assert await again.count("letter") == 0
    await again.settle()
    assert not (tmp_path / "new" / "outbox").exists()
    [gap] = await again.run(find_gaps(again.house.database))
    assert abs((gap["lost_from_at"] - began_at).total_seconds()) < 60
    assert (gap["restored_at"] - gap["lost_from_at"]).days == 2
    member = await again.signed_in(name="Back again")
    assert "came back from a backup" in (await member.get("/")).text
    assert "came back from a backup" not in (await again.client().get("/")).text
    await again.close()


async def test_a_chapter_that_moves_loses_nothing_and_sends_what_waited(
    world: World, tmp_path: Path, old_sqlite: str
) -> None:
    chapter, ada = await chapter_on(world, tmp_path / "old", old_sqlite), world.stranger()
    await live(chapter, ada)
    made = await make_backup(chapter.settings, PASSPHRASE, world.clock.now(), moving=True)
    await chapter.close()
    restored = await restore(made.path, PASSPHRASE, Place(tmp_path / "new"), MODELS, world.clock)
    again = await open_chapter(world, restored.settings)
    assert await again.run(find_gaps(again.house.database)) == []
    await again.settle()
    assert len(list((tmp_path / "new" / "outbox").iterdir())) == 1
    await again.close()


async def test_what_is_already_there_is_never_written_over(
    world: World, tmp_path: Path, new_url: NewUrl, old_sqlite: str
) -> None:
    chapter = await chapter_on(world, tmp_path / "old", old_sqlite)
    made = await lose(chapter, tmp_path)
    before = sorted((path, path.read_bytes()) for path in (tmp_path / "old").rglob("*") if path.is_file())
    with pytest.raises(Refusal) as refused:
        await restore(made.path, PASSPHRASE, Place(tmp_path / "old"), MODELS, world.clock)
    assert refused.value.code == "not-empty"
    assert (
        sorted((path, path.read_bytes()) for path in (tmp_path / "old").rglob("*") if path.is_file())
        == before
    )
    url = new_url("postgres")
    await restore(made.path, PASSPHRASE, Place(tmp_path / "new", url), MODELS, world.clock)
    with pytest.raises(Refusal) as refused:
        await restore(made.path, PASSPHRASE, Place(tmp_path / "third", url), MODELS, world.clock)
    assert refused.value.code == "not-empty"


Break = Callable[[Path], None]


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    file.write_bytes(data)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize("spoil", [flip, cut])
async def test_a_damaged_backup_touches_nothing(
    spoil: Break, world: World, tmp_path: Path, old_sqlite: str
) -> None:
    made = await lose(await chapter_on(world, tmp_path / "old", old_sqlite), tmp_path)
    spoil(made.path)
    with pytest.raises(Refusal) as refused:
        await restore(made.path, PASSPHRASE, Place(tmp_path / "new"), MODELS, world.clock)
    assert refused.value.code == "backup-damaged"
    assert not (tmp_path / "new").exists()


async def test_the_wrong_passphrase_touches_nothing(world: World, tmp_path: Path, old_sqlite: str) -> None:
    made = await lose(await chapter_on(world, tmp_path / "old", old_sqlite), tmp_path)
    with pytest.raises(Refusal) as refused:
        await restore(made.path, "not this one at all", Place(tmp_path / "new"), MODELS, world.clock)
    assert refused.value.code == "passphrase"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_a_restore_that_was_broken_off_begins_anew(
    engine: str, world: World, tmp_path: Path, new_url: NewUrl, old_sqlite: str
) -> None:
    made = await lose(await chapter_on(world, tmp_path / "old", old_sqlite), tmp_path)
    place = Place(tmp_path / "new", new_url(engine))

    def power_cut(_restored: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await restore(made.path, PASSPHRASE, place, MODELS, world.clock, finish=power_cut)
    assert find_mark(place.data, RESTORING) is not None
    with pytest.raises(Refusal) as refused:
        check_marks(settings_of(place.data, place.database))
    assert refused.value.code == "restore-unfinished"
    forget_sql()
    restored = await restore(made.path, PASSPHRASE, place, MODELS, world.clock)
    check_marks(restored.settings)
    again = await open_chapter(world, restored.settings)
    assert await again.count("actor", "local = true") == 2
    await again.close()


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_a_backup_shows_one_moment_however_much_is_written_meanwhile(
    engine: str, world: World, tmp_path: Path, new_url: NewUrl, old_url: NewUrl
) -> None:
    chapter = await chapter_on(world, tmp_path / "old", old_url(engine))
    await add_pair(chapter, 1)
    async with snapshot(chapter.settings) as source:
        seen = {table.name: await source.count(table) for table in await source.tables()}
        await add_pair(chapter, 2)
        again = {table.name: await source.count(table) for table in await source.tables()}
    assert seen["choice"] == seen["tombstone"] == 1
    assert again == seen
    assert await chapter.count("tombstone") == 2
    await chapter.close()


async def add_pair(chapter: Chapter, number: int) -> None:
    """One row in each of two tables, in one unit."""

    async def work(unit: Unit) -> None:
        await choose(unit, ["accent", "tagline"][number - 1], "x")
        await forget(unit, f"https://x.test/{number}", owner_uri="", former_type="Note")

    await chapter.unit(work)


@ACROSS
async def test_every_table_there_is_crosses_over(
    before: str, after: str, world: World, tmp_path: Path, new_url: NewUrl, old_url: NewUrl
) -> None:
    settings = settings_of(tmp_path / "old", old_url(before))
    await inside(settings.database, MODELS, fill_tables)
    forget_sql()
    rows = await all_rows(settings)
    assert {len(found) for found in rows.values()} == {ROWS}
    made = await make_backup(settings, PASSPHRASE, world.clock.now(), moving=True)
    forget_sql()
    restored = await restore(
        made.path, PASSPHRASE, Place(tmp_path / "new", new_url(after)), MODELS, world.clock
    )
    back = await all_rows(restored.settings)
    assert [name for name in rows if rows[name] != back[name]] == ["care_event"]
