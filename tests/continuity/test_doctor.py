"""What the doctor sees: chapters that are well, and each way of not being well, from inside and from outside."""

import asyncio
import shutil
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from fedchapter.continuity.doctor import Finding, Health, examine, inside, outside, run, worst
from fedchapter.continuity.doctor.echo import Tokens, new_token
from fedchapter.continuity.doctor.post import check_mail
from fedchapter.continuity.kit import write_kits
from fedchapter.continuity.nightly import keep_backup
from fedchapter.continuity.passphrase import keep_passphrase
from fedchapter.continuity.rows import note_event
from fedchapter.house import House
from fedchapter.members import Role
from fedchapter.words import speaking
from tests.continuity.conftest import PASSPHRASE
from tests.mail.conftest import MailServer, check_login
from tests.net.conftest import Authority, Serve
from tests.support.chapter import Chapter
from tests.support.network import Site, World

Check = Callable[[House], Awaitable[Finding]]
NOBODY_ANSWERS = "Nobody answers at"


async def look(chapter: Chapter, check: Check) -> Finding:
    return await chapter.run(check(chapter.house))


class Proxy:
    """Stands before a chapter and changes headers, as proxies do."""

    def __init__(self, app: Any, **headers: str) -> None:
        self.app, self.headers = app, {name.replace("_", "-"): value for name, value in headers.items()}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        names = {name.encode() for name in self.headers}
        kept = [(name, value) for name, value in scope["headers"] if name not in names]
        added = [(name.encode(), value.encode()) for name, value in self.headers.items() if value]
        await self.app(scope | {"headers": kept + added}, receive, send)


def behind(world: World, chapter: Chapter, **headers: str) -> None:
    world.network.apps[chapter.host] = Proxy(chapter.instance, **headers)


async def test_a_chapter_behind_a_good_proxy_is_well_from_outside(world: World) -> None:
    chapter = await world.chapter()
    behind(world, chapter, x_forwarded_for="198.51.100.9", x_forwarded_proto="https")
    for check in (outside.check_proxy, outside.check_finger, outside.check_inbox, outside.check_clock):
        found = await look(chapter, check)
        assert found.health is Health.OK, found


@pytest.mark.parametrize(
    ("headers", "health", "words"),
    [
        ({"host": "127.0.0.1:8000", "x_forwarded_for": "198.51.100.9"}, Health.FAIL, "changes the Host"),
        ({}, Health.FAIL, "claim any address"),
        ({"x_forwarded_for": ""}, Health.WARN, "does not say who asks"),
        ({"x_forwarded_for": "198.51.100.9", "x_forwarded_proto": "http"}, Health.WARN, "instead of https"),
    ],
)
async def test_each_mistake_of_a_proxy_is_named(
    headers: dict[str, str], health: Health, words: str, world: World
) -> None:
    chapter = await world.chapter()
    behind(world, chapter, **headers)
    found = await look(chapter, outside.check_proxy)
    assert found.health is health
    assert words in found.words
    assert found.todo


async def test_a_chapter_that_is_down_is_said_to_be_down(world: World) -> None:
    chapter = await world.chapter()
    world.network.cut(chapter.host)
    for check in (outside.check_proxy, outside.check_finger, outside.check_inbox):
        found = await look(chapter, check)
        assert found.health is Health.FAIL
        assert NOBODY_ANSWERS in found.words
        assert ".." not in found.words


async def test_another_program_under_our_name_is_found_out(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    site = Site()
    site.webfinger[f"acct:{chapter.settings.username}@{chapter.host}"] = ada.uri
    world.network.apps[chapter.host] = site
    assert "leads to another actor" in (await look(chapter, outside.check_finger)).words
    assert "answers 202" in (await look(chapter, outside.check_inbox)).words
    assert "Another program" in (await look(chapter, outside.check_proxy)).words


async def test_the_doctors_door_opens_once_for_a_fresh_token_and_never_else(world: World) -> None:
    chapter = await world.chapter()
    client = chapter.client()
    token = new_token(chapter.house.secret, world.clock.now())
    assert (await client.get(f"/doctor/{token}")).json()["host"] == chapter.host
    for wrong in (token, token[:-1], new_token(b"another secret", world.clock.now()), "1.2.3", "x"):
        assert (await client.get(f"/doctor/{wrong}")).status_code == 404
    late = new_token(chapter.house.secret, world.clock.now())
    world.move(minutes=2)
    assert (await client.get(f"/doctor/{late}")).status_code == 404


def test_tokens_that_are_over_are_forgotten() -> None:
    tokens, now = Tokens(), datetime(2027, 5, 1, tzinfo=UTC)
    for minute in range(0, 60, 5):
        moment = now + timedelta(minutes=minute)
        assert tokens.use(b"s", new_token(b"s", moment), moment)
    assert len(tokens._seen) == 1


async def test_a_clock_that_is_off_is_noticed_by_other_servers_clocks(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    assert (await ada.tell(chapter, ada.activity("Follow", chapter.uri)))[0] == "done"

    async def dated(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"date", b"Sat, 01 May 2027 12:00:00 GMT")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    world.network.apps[ada.host] = dated
    found = await look(chapter, outside.check_clock)
    assert found.health is Health.FAIL
    assert "seconds off" in found.words


async def test_certificates_are_judged_by_name_chain_and_time(
    tmp_path: Path, serve: Serve, world: World
) -> None:
    authority, now = Authority(tmp_path), world.clock.now()
    trusting = ssl.create_default_context(cafile=authority.file)

    async def nothing(_request: bytes, _writer: asyncio.StreamWriter) -> None:
        return

    good = await serve(nothing, authority.context_for("localhost"))
    other = await serve(nothing, authority.context_for("elsewhere.test"))
    found = await outside.look_at_certificate("localhost", good, trusting, now)
    # The authority of the tests signs for a day.
    assert found.health is Health.FAIL
    world.move(days=-30)
    assert (
        await outside.look_at_certificate("localhost", good, trusting, world.clock.now())
    ).health is Health.OK
    wrong_name = await outside.look_at_certificate("localhost", other, trusting, now)
    assert "do not accept" in wrong_name.words
    unknown = await outside.look_at_certificate("localhost", good, ssl.create_default_context(), now)
    assert "do not accept" in unknown.words


async def test_a_name_that_leads_nowhere_or_home_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await world.chapter()
    loop = asyncio.get_running_loop()

    async def leads_to(*addresses: str) -> Finding:
        async def answer(*_: Any, **__: Any) -> list[Any]:
            if not addresses:
                raise OSError
            return [(0, 0, 0, "", (address, 443)) for address in addresses]

        monkeypatch.setattr(loop, "getaddrinfo", answer)
        return await outside.check_name(chapter.house)

    assert (await leads_to("93.184.215.14")).health is Health.OK
    assert (await leads_to()).health is Health.FAIL
    assert (await leads_to("93.184.215.14", "10.0.0.5")).health is Health.WARN


async def test_backups_are_wanted_made_and_recent(world: World) -> None:
    chapter = await world.chapter()
    assert "no passphrase" in (await look(chapter, inside.check_backup)).words
    keep_passphrase(chapter.settings, PASSPHRASE)
    assert (await look(chapter, inside.check_backup)).health is Health.WARN
    made = await chapter.run(keep_backup(chapter.house))
    assert made is not None
    assert (await look(chapter, inside.check_backup)).health is Health.OK
    world.move(hours=31)
    assert (await look(chapter, inside.check_backup)).health is Health.WARN
    world.move(days=3)
    assert (await look(chapter, inside.check_backup)).health is Health.FAIL
    assert await chapter.run(keep_backup(chapter.house)) is not None
    assert (await look(chapter, inside.check_backup)).health is Health.OK
    shutil.rmtree(made.path.parent)
    assert "no backup left" in (await look(chapter, inside.check_backup)).words


async def test_a_backup_that_fails_is_told_with_its_reason(world: World) -> None:
    chapter = await world.chapter()
    keep_passphrase(chapter.settings, PASSPHRASE)
    (chapter.settings.data / "backups").write_text("a file where the folder should be")
    assert await chapter.run(keep_backup(chapter.house)) is None
    found = await look(chapter, inside.check_backup)
    assert found.health is Health.FAIL
    assert "could not be written" in found.words


async def test_drills_are_remembered(world: World) -> None:
    chapter = await world.chapter()
    assert (await look(chapter, inside.check_drill)).health is Health.WARN
    await chapter.unit(lambda unit: note_event(unit, "drill", ok=True, began_at=unit.now))
    assert (await look(chapter, inside.check_drill)).health is Health.OK
    world.move(days=101)
    assert (await look(chapter, inside.check_drill)).health is Health.WARN
    await chapter.unit(lambda unit: note_event(unit, "drill", ok=False, began_at=unit.now, words="damaged"))
    assert "damaged" in (await look(chapter, inside.check_drill)).words


async def test_work_that_nobody_does_is_noticed(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    assert (await look(chapter, inside.check_queue)).health is Health.OK
    await ada.send(chapter, ada.activity("Follow", chapter.uri))
    each_world.move(minutes=30)
    assert "30 minutes" in (await look(chapter, inside.check_queue)).words
    each_world.move(hours=3)
    assert (await look(chapter, inside.check_queue)).health is Health.FAIL
    await chapter.settle()
    assert (await look(chapter, inside.check_queue)).health is Health.OK


async def test_a_full_disk_is_noticed_before_it_is_full(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await world.chapter()
    usage = type(shutil.disk_usage("/"))
    states = []
    for free in (100 * 2**20, 700 * 2**20, 50 * 2**30):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: usage(100 * 2**30, 0, free))
        states.append((await look(chapter, inside.check_room)).health)
    assert states == [Health.FAIL, Health.WARN, Health.OK]


async def test_secrets_that_others_can_read_are_named(world: World) -> None:
    chapter = await world.chapter()
    assert (await look(chapter, inside.check_files)).health is Health.OK
    write_kits(chapter.settings, PASSPHRASE, world.clock.now())
    assert "recovery kit still lies" in (await look(chapter, inside.check_files)).words
    (chapter.settings.data / "secret.key").chmod(0o644)
    found = await look(chapter, inside.check_files)
    assert (found.health, found.values["names"]) == (Health.FAIL, "secret.key")


async def test_one_admin_is_too_few(world: World) -> None:
    chapter = await world.chapter()
    await chapter.signed_in(Role.ADMIN)
    assert (await look(chapter, inside.check_admins)).health is Health.WARN
    await chapter.signed_in(Role.ADMIN)
    assert (await look(chapter, inside.check_admins)).health is Health.OK


async def test_the_mail_server_is_greeted_and_no_letter_sent(world: World, mail_server: MailServer) -> None:
    def answers(*asked: Any) -> AuthResult:
        # `handled`: whether the refusal has been said already.
        return AuthResult(success=check_login(*asked).success, handled=False)

    await mail_server.start(authenticator=answers, auth_require_tls=False)
    right = await world.chapter("one", smtp=f"smtp://riverside:p%40ss%20word@127.0.0.1:{mail_server.port}")
    assert (await look(right, check_mail)).health is Health.OK
    wrong = await world.chapter("two", smtp=f"smtp://riverside:wrong@127.0.0.1:{mail_server.port}")
    found = await look(wrong, check_mail)
    assert found.health is Health.FAIL
    assert "535" in found.words
    assert mail_server.letters == []
    assert (await look(await world.chapter("three"), check_mail)).health is Health.WARN


async def test_a_check_that_breaks_or_hangs_hides_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await world.chapter()

    async def breaks(_house: House) -> Finding:
        raise RuntimeError("no such thing")

    async def hangs(_house: House) -> Finding:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(run, "OUTSIDE", (("broken", "Broken", breaks), ("slow", "Slow", hangs)))
    found = await chapter.run(examine(chapter.house, chapter.instance.types.models, each_s=0.5))
    assert {one.name for one in found} >= {
        "database",
        "migrations",
        "queue",
        "disk",
        "backup",
        "broken",
        "slow",
    }
    said = {one.name: one.words for one in found}
    assert "no such thing" in said["broken"]
    assert "longer than" in said["slow"]
    assert worst(found) is Health.FAIL


async def test_findings_are_said_in_the_language_of_the_reader(world: World) -> None:
    chapter = await world.chapter()
    found = await look(chapter, outside.check_inbox)
    with speaking("en-XA"):
        assert found.words.startswith("⟦")
