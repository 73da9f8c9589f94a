"""A chapter on PostgreSQL: several servers and workers of one chapter, as real processes."""

from pathlib import Path

import httpx
import pytest

from tests.support.processes import command, free_ports, running


@pytest.mark.long
async def test_two_servers_and_two_workers_share_one_chapter(postgres_url: str, tmp_path: Path) -> None:
    ports = free_ports(2)
    env = {"FEDCHAPTER_DATABASE": postgres_url, "FEDCHAPTER_WORK_IN_SERVE": "no"}
    config = str(tmp_path / "fedchapter.toml")
    options = ("--domain", f"localhost:{ports[0]}", "--name", "Rivertown", "--data", str(tmp_path))
    made = await command("init", *options, cwd=tmp_path, env=env)
    assert made.status == 0, made.err
    assert postgres_url not in Path(config).read_text(encoding="utf-8")
    second = {**env, "FEDCHAPTER_LISTEN_PORT": str(ports[1])}
    serve, worker = ("serve", "--migrate", "--config", config), ("worker", "--config", config)
    async with (
        running(*serve, cwd=tmp_path, env=env) as one,
        running(*serve, cwd=tmp_path, env=second) as two,
        running(*worker, cwd=tmp_path, env=env) as three,
        running(*worker, cwd=tmp_path, env=env) as four,
    ):
        for process in (one, two, three, four):
            await process.ready()
        posted = await command("post", "--config", config, cwd=tmp_path, env=env, text="Both doors say this.")
        assert posted.status == 0, posted.err
        async with httpx.AsyncClient(
            headers={"Accept": "text/html", "Host": f"localhost:{ports[0]}"}
        ) as client:
            for port in ports:
                page = await client.get(f"http://localhost:{port}/")
                assert "Both doors say this." in page.text
        assert [await process.stop() for process in (one, two, three, four)] == [0, 0, 0, 0]
        assert "Traceback" not in one.output + two.output + three.output + four.output


async def test_init_does_not_put_a_second_chapter_into_a_database(postgres_url: str, tmp_path: Path) -> None:
    env = {"FEDCHAPTER_DATABASE": postgres_url}
    first = await command(
        "init",
        "--domain",
        "one.example",
        "--name",
        "One",
        "--data",
        str(tmp_path / "one"),
        cwd=tmp_path,
        env=env,
    )
    assert first.status == 0, first.err
    again = await command(
        "init",
        "--domain",
        "two.example",
        "--name",
        "Two",
        "--data",
        str(tmp_path / "two"),
        cwd=tmp_path,
        env=env,
    )
    assert again.status == 1
    assert "has a chapter in it already: https://one.example/@one" in again.err
    assert not (tmp_path / "two" / "fedchapter.toml").exists()


async def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    env = {"FEDCHAPTER_DATABASE": f"postgres://nobody:secret@127.0.0.1:{port}/nothing"}
    failed = await command(
        "init",
        "--domain",
        "one.example",
        "--name",
        "One",
        "--data",
        str(tmp_path / "one"),
        cwd=tmp_path,
        env=env,
    )
    assert failed.status == 2
    assert "cannot be reached" in failed.err
    assert "Traceback" not in failed.err
    assert "secret" not in failed.err
