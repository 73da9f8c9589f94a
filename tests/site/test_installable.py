"""A phone keeps the chapter on its home screen; without a connection one page says so, and nothing private is kept."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from fedchapter.members import Role
from fedchapter.store.choices import ACCENTS, choose
from tests.support.databases import forget_sql
from tests.support.network import World
from tests.support.on_tcp import make_schema, open_chapter
from tests.support.processes import free_ports

KEPT = """async () => {
  const names = await caches.keys();
  const requests = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
  return requests.flat().map(request => new URL(request.url).pathname).sort();
}"""
GROUND = "getComputedStyle(document.querySelector('.foot')).backgroundColor"
PAGE_KEPT = "async () => (await (await caches.match('/offline')).text())"


@pytest.mark.parametrize("accent", ACCENTS)
async def test_the_manifest_names_icons_that_are_there(world: World, accent: str) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, "accent", accent))
    client = chapter.client()
    manifest = (await client.get("/manifest.webmanifest")).json()
    assert (manifest["name"], manifest["start_url"], manifest["scope"]) == ("Riverside", "/", "/")
    assert {icon.get("purpose") for icon in manifest["icons"]} == {None, "any", "maskable"}
    for icon in manifest["icons"]:
        answer = await client.get(icon["src"])
        assert answer.status_code == 200, icon
        if icon["type"] == "image/png":
            width, height = Image.open(BytesIO(answer.content)).size
            assert icon["sizes"] == f"{width}x{height}"


async def test_the_worker_lies_at_the_root_and_is_asked_for_anew_each_time(world: World) -> None:
    client = (await world.chapter()).client()
    worker = await client.get("/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
    assert "Content-Security-Policy" in worker.headers
    page = (await client.get("/")).text
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page


async def test_without_a_connection_one_page_says_so_and_nothing_private_was_kept(
    page: Page, tmp_path: Path
) -> None:
    forget_sql()
    [port] = free_ports(1)
    async with open_chapter(tmp_path, await make_schema(tmp_path), port, [port], "riverside") as chapter:
        client = await chapter.signed_in(Role.ADMIN, "Rosa Privata")
        [(name, token)] = client.cookies.items()
        await page.context.add_cookies([{"name": name, "value": token, "url": chapter.settings.origin}])
        await page.goto(f"{chapter.settings.origin}/me")
        await page.evaluate("navigator.serviceWorker.ready")
        await page.goto(f"{chapter.settings.origin}/admin")
        assert "Rosa Privata" in await page.content()
        assert await page.evaluate(KEPT) == ["/offline", "/static/style.css"]
        assert "Rosa Privata" not in await page.evaluate(PAGE_KEPT)
    await page.goto(f"http://localhost:{port}/events")
    await expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    assert "Rosa Privata" not in await page.content()
    assert await page.evaluate(GROUND) != "rgba(0, 0, 0, 0)", "it has its stylesheet"


async def test_the_page_for_no_connection_speaks_the_readers_language(page: Page, tmp_path: Path) -> None:
    forget_sql()
    [port] = free_ports(1)
    async with open_chapter(tmp_path, await make_schema(tmp_path), port, [port], "riverside") as chapter:
        await page.goto(f"{chapter.settings.origin}/about")
        await page.evaluate("navigator.serviceWorker.ready")
        await page.get_by_role("button", name="Español").click()
        await page.wait_for_function(
            "async () => (await caches.match('/offline').then(one => one.text())).includes('lang=\"es\"')"
        )
