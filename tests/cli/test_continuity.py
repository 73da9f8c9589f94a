"""Backup, restore, drill, kit and doctor as an admin runs them: real processes, and both engines across."""

import json
import os
import shutil
from pathlib import Path

import httpx
import pytest

from fedchapter.app.checks import NETWORK_FILE_SYSTEMS
from tests.cli.conftest import Command, Made
from tests.support.processes import FEDCHAPTER, Ended, command, free_ports, running

# Each makes the whole schema, some down and up again: many seconds on a busy machine.
pytestmark = pytest.mark.timeout(300)
ACTIVITY = "application/activity+json"


async def ask(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> Ended:
    done = await command(*arguments, cwd=cwd, env=env)
    assert done.status == 0, (arguments, done.err)
    return done


def newest(folder: Path) -> Path:
    return max(folder.glob("*.fcbackup"))


async def served_actor(config: Path, origin: str, env: dict[str, str]) -> dict[str, object]:
    """The chapter's document as its server gives it, from a process of its own."""
    async with running("serve", "--config", str(config), cwd=config.parent, env=env) as server:
        await server.ready()
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{origin}/@rivertown", headers={"Accept": ACTIVITY})
        assert await server.stop() == 0
        return dict(answer.json())


@pytest.mark.long
async def test_a_chapter_moves_to_postgresql_and_back_and_is_the_same(
    made: Made, tmp_path: Path, postgres_url: str
) -> None:
    posted = await command("post", "--config", made.config, cwd=tmp_path, text="From before.")
    assert posted.status == 0, posted.err
    before = await served_actor(Path(made.config), made.origin, {})
    await ask("backup", "--config", made.config, cwd=tmp_path)
    passphrase = made.folder / "backup.passphrase"
    options = ("--passphrase-file", str(passphrase))
    there, database = tmp_path / "there", {"FEDCHAPTER_DATABASE": postgres_url}
    restored = await ask(
        "restore",
        str(newest(made.folder / "backups")),
        "--data",
        str(there),
        *options,
        cwd=tmp_path,
        env=database,
    )
    assert "is back" in restored.out
    assert "is lost here" in restored.out
    # It reaches the database by what the settings file says now, without the variable.
    assert await served_actor(there / "fedchapter.toml", made.origin, {}) == before
    await ask("backup", "--moving", "--config", str(there / "fedchapter.toml"), cwd=tmp_path)
    refused = await command("serve", "--config", str(there / "fedchapter.toml"), cwd=tmp_path)
    assert refused.status == 1
    assert "was moved to another machine" in refused.err
    back = tmp_path / "back"
    again = await ask("restore", str(newest(there / "backups")), "--data", str(back), *options, cwd=tmp_path)
    assert "is lost here" not in again.out
    assert await served_actor(back / "fedchapter.toml", made.origin, {}) == before
    drilled = await ask(
        "drill",
        "--file",
        str(newest(there / "backups")),
        "--config",
        str(back / "fedchapter.toml"),
        cwd=tmp_path,
    )
    assert "came back whole" in drilled.out


async def test_a_drill_of_a_chapter_on_postgresql_is_written_down_there(
    tmp_path: Path, postgres_url: str
) -> None:
    env, config = {"FEDCHAPTER_DATABASE": postgres_url}, str(tmp_path / "fedchapter.toml")
    port = free_ports(1)[0]
    made = ("init", "--domain", f"localhost:{port}", "--name", "Rivertown", "--data", str(tmp_path))
    await ask(*made, cwd=tmp_path, env=env)
    await ask("backup", "--config", config, cwd=tmp_path, env=env)
    drilled = await ask("drill", "--config", config, cwd=tmp_path, env=env)
    assert "The copy is deleted" in drilled.out
    assert list(tmp_path.glob("fedchapter-drill-*")) == []
    looked = await command("doctor", "--json", "--config", config, cwd=tmp_path, env=env)
    found = {one["name"]: one for one in json.loads(looked.out)}
    assert (found["backup"]["state"], found["drill"]["state"]) == ("ok", "ok")
    assert found["webfinger"]["state"] == "fail"
    assert looked.status == 2
    async with running("serve", "--config", config, cwd=tmp_path, env=env) as server:
        await server.ready()
        up = await command("doctor", "--json", "--config", config, cwd=tmp_path, env=env)
        states = {one["name"]: one["state"] for one in json.loads(up.out)}
    assert {states[name] for name in ("webfinger", "inbox", "proxy", "database", "migrations")} == {"ok"}
    assert up.status == 1


async def test_a_full_disk_leaves_no_half_backup_and_the_old_ones(made: Made, tmp_path: Path) -> None:
    await ask("backup", "--config", made.config, cwd=tmp_path)
    picture = made.folder / "media" / "01" / "23" / "0123456789abcdef0123456789abcdef.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(os.urandom(3_000_000))
    before = sorted((made.folder / "backups").iterdir())
    program = ("prlimit", "--fsize=1000000", *FEDCHAPTER)
    failed = await command("backup", "--config", made.config, cwd=tmp_path, program=program)
    assert failed.status == 1
    assert "could not be written" in failed.err
    assert "Traceback" not in failed.err
    assert sorted((made.folder / "backups").iterdir()) == before


async def test_the_server_must_be_stopped_for_the_last_backup(made: Made, tmp_path: Path) -> None:
    async with running("serve", "--config", made.config, cwd=tmp_path) as server:
        await server.ready()
        refused = await command("backup", "--moving", "--config", made.config, cwd=tmp_path)
        assert refused.status == 1
        assert "still runs" in refused.err
        running_backup = await command("backup", "--config", made.config, cwd=tmp_path)
        assert running_backup.status == 0, running_backup.err


def test_init_makes_a_kit_for_two_officers(made: Made) -> None:
    assert "recovery-kit" in made.said
    papers = sorted((made.folder / "recovery-kit").iterdir())
    assert [path.name for path in papers] == [
        "officer-1.html",
        "officer-1.txt",
        "officer-2.html",
        "officer-2.txt",
    ]
    passphrase = (made.folder / "backup.passphrase").read_text(encoding="utf-8").strip()
    for path in papers:
        assert path.stat().st_mode & 0o077 == 0
        text = path.read_text(encoding="utf-8")
        assert passphrase in text
        assert "fedchapter restore" in text
    assert passphrase not in made.said


def test_a_kit_comes_in_the_officers_language_and_place(
    made: Made, fedchapter: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "stick"
    done = fedchapter("kit", "--config", made.config, "--to", str(folder), "--language", "es")
    assert done.exit_code == 0, done.stderr
    assert 'lang="es"' in (folder / "officer-2.html").read_text(encoding="utf-8")


def test_without_a_passphrase_a_backup_says_how_to_get_one(made: Made, fedchapter: Command) -> None:
    (made.folder / "backup.passphrase").unlink()
    refused = fedchapter("backup", "--config", made.config)
    assert refused.exit_code == 1
    assert "fedchapter kit" in refused.stderr
    drilled = fedchapter("drill", "--config", made.config)
    assert "fedchapter backup" in drilled.stderr


def test_a_chapter_is_never_restored_over_another(made: Made, fedchapter: Command, tmp_path: Path) -> None:
    assert fedchapter("backup", "--config", made.config).exit_code == 0
    file = str(newest(made.folder / "backups"))
    passphrase = str(made.folder / "backup.passphrase")
    refused = fedchapter("restore", file, "--data", str(made.folder), "--passphrase-file", passphrase)
    assert refused.exit_code == 1
    assert "already" in refused.stderr
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not this one")
    other = fedchapter("restore", file, "--data", str(tmp_path / "new"), "--passphrase-file", str(wrong))
    assert "does not open" in other.stderr
    assert not (tmp_path / "new").exists()


def test_the_command_of_the_settings_gets_the_file(made: Made, fedchapter: Command, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    env = {"FEDCHAPTER_BACKUP_AFTER": f"cp -t '{copies}'"}
    assert fedchapter("backup", "--config", made.config, env=env).exit_code == 0
    assert len(list(copies.iterdir())) == 1
    failed = fedchapter(
        "backup", "--config", made.config, env={"FEDCHAPTER_BACKUP_AFTER": "cp -t /no/such/place"}
    )
    assert failed.exit_code == 1
    assert "on this machine only" in failed.stderr


def test_upgrade_of_what_is_up_to_date_does_nothing(made: Made, fedchapter: Command) -> None:
    assert "Nothing to do" in fedchapter("upgrade", "--config", made.config).stdout
    assert "Nothing to do" in fedchapter("upgrade", "--config", made.config, "--dry-run").stdout


def test_a_restore_refuses_a_network_file_system(
    made: Made, fedchapter: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fedchapter("backup", "--config", made.config).exit_code == 0
    mounts = tmp_path / "mounts"
    mounts.write_text("server:/x / nfs4 rw 0 0\n")
    assert "nfs4" in NETWORK_FILE_SYSTEMS
    monkeypatch.setattr("fedchapter.app.checks.MOUNTS", mounts)
    for arguments in (
        ("restore", str(newest(made.folder / "backups")), "--data", str(tmp_path / "new")),
        ("backup", "--config", made.config),
        ("serve", "--config", made.config),
        ("upgrade", "--config", made.config),
    ):
        refused = fedchapter(*arguments)
        assert refused.exit_code == 2
        assert "network file system (nfs4)" in refused.stderr


def test_a_doctor_says_what_keeps_a_chapter_from_opening(made: Made, fedchapter: Command) -> None:
    shutil.move(made.folder / "fedchapter.sqlite3", made.folder / "elsewhere")
    looked = fedchapter("doctor", "--config", made.config)
    assert looked.exit_code == 2
    assert "is not there" in looked.stdout


def test_an_older_chapter_is_upgraded_and_tried(made: Made, fedchapter: Command) -> None:
    config = ("--config", made.config)
    assert fedchapter("migrate", "--to", "0001_initial", *config).exit_code == 0
    assert "not at this version's schema" in fedchapter("serve", *config).stderr
    assert "would do: + 0002" in fedchapter("upgrade", "--dry-run", *config).stdout
    done = fedchapter("upgrade", *config)
    assert "The chapter works" in done.stdout, done.stderr
    assert newest(made.folder / "backups").stat().st_size > 0


async def test_a_server_upgrades_an_older_chapter_before_it_starts(made: Made, tmp_path: Path) -> None:
    await ask("migrate", "--to", "0001_initial", "--config", made.config, cwd=tmp_path)
    async with running("serve", "--migrate", "--config", made.config, cwd=tmp_path) as server:
        await server.ready()
        assert "Migrated: + 0002" in server.output
        refused = await command("upgrade", "--config", made.config, cwd=tmp_path)
        assert "Stop it first" in refused.err
        assert await server.stop() == 0


def test_a_backup_of_an_older_version_is_restored_into_this_one(
    made: Made, fedchapter: Command, tmp_path: Path
) -> None:
    assert fedchapter("migrate", "--to", "0001_initial", "--config", made.config).exit_code == 0
    assert fedchapter("backup", "--config", made.config).exit_code == 0
    file, passphrase = str(newest(made.folder / "backups")), str(made.folder / "backup.passphrase")
    new = tmp_path / "new"
    done = fedchapter("restore", file, "--data", str(new), "--passphrase-file", passphrase)
    assert "is back" in done.stdout, done.stderr
    assert "Nothing to do" in fedchapter("upgrade", "--config", str(new / "fedchapter.toml")).stdout
    assert "follows 0" in fedchapter("peers", "--config", str(new / "fedchapter.toml")).stdout
