"""A chapter made with `init` and run with `serve` and `worker`, as real processes over TCP."""

import stat
from pathlib import Path

import httpx

from fedchapter.settings import SETTINGS, load
from fedchapter.store import migrations
from tests.cli.conftest import Command, Made
from tests.support.processes import command, running

NAMES = sorted(path.stem for path in Path(str(migrations.__file__)).parent.glob("0*.py"))

ACTIVITY = {"Accept": "application/activity+json"}


async def test_a_chapter_made_with_init_answers_other_servers_and_ends_on_sigterm(made: Made) -> None:
    async with running("serve", "--config", made.config, cwd=made.folder) as server:
        await server.ready()
        async with httpx.AsyncClient(base_url=made.origin) as client:
            query = {"resource": f"acct:rivertown@localhost:{made.port}"}
            found = (await client.get("/.well-known/webfinger", params=query)).json()
            uri = next(link["href"] for link in found["links"] if link["rel"] == "self")
            actor = await client.get(uri, headers=ACTIVITY)
            page = await client.get("/", headers={"Accept": "text/html"})
            alive = await client.get("/readyz", headers={"Host": "10.0.0.1:8000"})
        assert actor.json()["preferredUsername"] == "rivertown"
        assert "Rivertown" in page.text
        assert "server" not in page.headers
        assert "date" in page.headers
        assert alive.status_code == 200
        assert await server.stop() == 0
        assert "Traceback" not in server.output
        assert "STOPPING=1" in server.told


async def test_the_link_that_init_prints_makes_the_first_admin(made: Made) -> None:
    link = next(line.strip() for line in made.said.splitlines() if "/join/" in line)
    async with running("serve", "--config", made.config, cwd=made.folder) as server:
        await server.ready()
        async with httpx.AsyncClient(headers={"Accept": "text/html"}) as client:
            assert (await client.get(link)).status_code == 200
        assert link.rpartition("/")[2] not in server.output


def test_what_init_wrote_is_readable_by_its_owner_alone(made: Made) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in made.folder.iterdir() if path.is_file()}
    assert modes["fedchapter.toml"] == modes["secret.key"] == modes["fedchapter.sqlite3"] == 0o600
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700


def test_a_second_init_changes_nothing(made: Made, fedchapter: Command) -> None:
    before = {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}
    again = fedchapter("init", "--domain", "other.example", "--name", "Other", "--data", str(made.folder))
    assert again.exit_code == 1
    assert "there is a chapter in this folder already" in again.stderr
    assert {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()} == before


def test_init_says_that_the_domain_is_permanent(made: Made) -> None:
    assert "can never be changed" in made.said
    assert "a domain that the movement owns" in made.said


def test_the_settings_file_explains_every_setting_and_reads_back(made: Made) -> None:
    text = Path(made.config).read_text(encoding="utf-8")
    assert [setting.name for setting in SETTINGS if setting.about not in text] == []
    # Every line that is commented out is a valid one, at its default.
    whole = Path(made.config).with_name("whole.toml")
    whole.write_text(
        "\n".join(line.removeprefix("#") if " = " in line[:30] else line for line in text.splitlines()),
        encoding="utf-8",
    )
    assert load(whole, {}) == load(Path(made.config), {})


async def test_a_server_on_a_taken_port_says_so_in_one_line(made: Made) -> None:
    async with running("serve", "--config", made.config, cwd=made.folder) as server:
        await server.ready()
        second = await command("serve", "--config", made.config, cwd=made.folder)
    assert second.status == 2
    assert "Is another server running there?" in second.err
    assert "Traceback" not in second.err


async def test_the_watchdog_of_serve_and_worker_is_fed(made: Made) -> None:
    env = {"WATCHDOG_USEC": "200000"}
    async with running("serve", "--config", made.config, cwd=made.folder, env=env) as server:
        await server.tells("WATCHDOG=1")
        # A second process on the same SQLite file: they take turns.
        async with running("worker", "--config", made.config, cwd=made.folder, env=env) as worker:
            await worker.ready()
            await worker.tells("WATCHDOG=1")
            assert await worker.stop() == 0
        await server.tells("WATCHDOG=1")


def test_serve_refuses_an_old_schema_and_names_the_command(made: Made, fedchapter: Command) -> None:
    here = ("--config", made.config)
    back = fedchapter("migrate", "--to", "__first__", *here)
    assert (back.exit_code, back.stdout) == (
        0,
        "".join(f"- {name}\n" for name in reversed(NAMES)) + "Done.\n",
    )
    refused = fedchapter("serve", *here)
    assert refused.exit_code == 1
    assert "fedchapter migrate" in refused.stderr
    planned = fedchapter("migrate", "--dry-run", *here).stdout
    assert planned == "".join(f"would do: + {name}\n" for name in NAMES)
    assert fedchapter("migrate", *here).stdout == "".join(f"+ {name}\n" for name in NAMES) + "Done.\n"
    # The rows went with the schema, and an empty database is not taken for a chapter.
    empty = fedchapter("serve", *here)
    assert empty.exit_code == 2
    assert "there is no chapter in it" in empty.stderr
    assert "no migration called nonsense" in fedchapter("migrate", "--to", "nonsense", *here).stderr
