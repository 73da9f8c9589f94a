"""Figures for monitoring: on loopback only, and right."""

import httpx
import pytest

from tests.support.network import Chapter, World


async def ask(chapter: Chapter, address: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=chapter.instance, client=(address, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        return await client.get(
            "/metrics", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )


async def test_the_figures_tell_what_came_and_what_goes(world: World) -> None:
    chapter, ada = await world.chapter("riverside"), world.stranger("ada")
    assert (await ada.tell(chapter, ada.activity("Follow", chapter.uri)))[0] == "done"
    lines = (await ask(chapter, "127.0.0.1")).text.splitlines()
    assert 'fedchapter_inbox_activities{state="done"} 1.0' in lines
    assert 'fedchapter_deliveries{state="done"} 1.0' in lines
    assert 'fedchapter_oldest_due_seconds{queue="delivery"} 0.0' in lines
    assert "fedchapter_resting_peers 0.0" in lines
    assert [line for line in lines if line.startswith("process_resident_memory_bytes ")] != []


async def test_a_queue_that_stands_still_shows(world: World) -> None:
    chapter, ada = await world.chapter("riverside"), world.stranger("ada")
    answer = await ada.send(chapter, ada.activity("Follow", chapter.uri))
    assert answer.status_code == 202
    world.move(minutes=10)
    text = (await ask(chapter, "::1")).text
    waiting = next(
        line for line in text.splitlines() if line.startswith('fedchapter_oldest_due_seconds{queue="inbox')
    )
    assert float(waiting.rpartition(" ")[2]) >= 600


@pytest.mark.parametrize("address", ["203.0.113.7", "10.0.0.2", "2001:db8::1", "testclient"])
async def test_nobody_else_gets_them(world: World, address: str) -> None:
    assert (await ask(await world.chapter("riverside"), address)).status_code == 404


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "via"])
async def test_nobody_gets_them_through_a_proxy(world: World, header: str) -> None:
    answer = await ask(await world.chapter("riverside"), "127.0.0.1", **{header: "127.0.0.1"})
    assert answer.status_code == 404
