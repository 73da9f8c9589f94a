"""`fedchapter demo` as a visitor sees it: three real servers, two weeks of story, the same again at the next start."""

import asyncio
import signal
from pathlib import Path
from urllib.parse import urljoin

import pytest
from httpx import AsyncClient

from fedchapter.cli.demo.people import PASSWORD
from tests.support.processes import Running, command, free_ports, running

HTML = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
ACTIVITY = {"Accept": "application/activity+json"}
# A story of many steps on a busy machine.
LAST_WORDS = "Ctrl-C ends all three"


def arguments(folder: Path, ports: list[int], *more: str) -> list[str]:
    return ["demo", "--data", str(folder), "--ports", *map(str, ports), *more]


async def sign_in(client: AsyncClient) -> None:
    answer = await client.post("/sign-in", data={"name": "Ines Moreau", "password": PASSWORD})
    assert answer.status_code == 303, answer.text


async def appears(client: AsyncClient, words: str) -> None:
    """The home page says it; asked again and again, since it arrives over the wire."""
    async with asyncio.timeout(20):
        while words not in (await client.get("/")).text:
            pass


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_the_demo_is_a_network_of_chapters_that_keeps_its_data(tmp_path: Path) -> None:
    folder, ports = tmp_path / "demo-data", free_ports(3)
    origins = [f"http://localhost:{port}" for port in ports]
    async with running(*arguments(folder, ports), cwd=tmp_path) as demo:
        await demo.says(LAST_WORDS)
        assert [origin for origin in origins if f"{origin}/sign-in" not in demo.output] == []
        async with (
            AsyncClient(base_url=origins[0], headers=HTML) as here,
            AsyncClient(base_url=origins[1], headers=HTML) as there,
        ):
            await sign_in(here)
            url = await post(here, "The bridge is open again, everybody.")
            await appears(there, "The bridge is open again")
            object_ = (await here.get(url, headers=ACTIVITY)).json()
            assert (object_["id"], object_["type"]) == (url, "Note")
            home = (await here.get("/")).text
            assert [words for words in STORY if words not in home] == []
            assert "Who we are and how to find us" in (await here.get("/@riverside")).text
        await check_commands(folder, origins, tmp_path)
        assert await demo.stop(signal.SIGINT) == 0
        check_quiet(demo)
    await check_next_start(folder, ports, origins[1])
    await check_other_ports(folder, tmp_path)


STORY = (
    "What is in our river",
    "Soldering for beginners",
    "energy cooperative of the three chapters",
    "Accident at work",
)


async def post(client: AsyncClient, text: str) -> str:
    answer = await client.post("/write", data={"text": text, "visibility": "public", "do": "publish"})
    assert answer.status_code == 303, answer.text
    return urljoin(str(client.base_url), answer.headers["location"])


def check_quiet(demo: Running) -> None:
    assert "Traceback" not in demo.output
    assert "[error" not in demo.output


async def check_commands(folder: Path, origins: list[str], cwd: Path) -> None:
    config = ("--config", str(folder / "hillside" / "fedchapter.toml"))
    peers = await command("peers", *config, cwd=cwd)
    assert f"@riverside@{origins[0].removeprefix('http://')}" in peers.out
    actor = await command("fetch", f"{origins[0]}/@riverside", *config, cwd=cwd)
    assert "The decision about a post from it: show" in actor.out, actor.err
    async with AsyncClient(headers=ACTIVITY) as client:
        outbox = (await client.get(f"{origins[0]}/@riverside/outbox?page=1")).json()
    uris = [one["object"]["id"] for one in outbox["orderedItems"] if one["type"] == "Create"]
    known = await command("fetch", uris[0], *config, cwd=cwd)
    assert "If it were sent to us now: ignored: it is known already" in known.out, known.err


async def check_next_start(folder: Path, ports: list[int], hillside: str) -> None:
    async with running(*arguments(folder, ports), cwd=folder.parent) as demo:
        await demo.says(LAST_WORDS)
        assert "two weeks" not in demo.output
        async with AsyncClient(headers=HTML) as client:
            assert "The bridge is open again" in (await client.get(hillside)).text
        assert await demo.stop(signal.SIGINT) == 0
    async with running(*arguments(folder, ports, "--fresh"), cwd=folder.parent) as demo:
        await demo.says("two weeks")
        # Broken off in the middle of the story: no harm, and the next start begins again.
        assert await demo.stop(signal.SIGINT) == 0
        check_quiet(demo)


async def check_other_ports(folder: Path, cwd: Path) -> None:
    other = await command(*arguments(cwd, free_ports(3)), cwd=cwd)
    assert other.status == 1
    assert "has other things in it" in other.err
