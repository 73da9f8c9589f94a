"""Chromium, phone and desktop: pictures of other servers come from our own, veiled ones open by keyboard."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.async_api import Browser, Page, expect

from fedchapter.members import Role
from fedchapter.store import Known, Unit, know
from fedchapter.web.guard import CSP
from tests.media.pictures import jpeg
from tests.pictures.conftest import Origin
from tests.support.browser import find_violations
from tests.support.databases import forget_sql
from tests.support.on_tcp import OpenChapter, make_schema, open_chapter
from tests.support.processes import free_ports

ADA = "https://elsewhere.test/users/ada"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}


@pytest.fixture
async def chapter(tmp_path: Path, origin: Origin) -> AsyncIterator[OpenChapter]:
    """A chapter that may connect to the server of pictures."""
    forget_sql()
    schema = await make_schema(tmp_path)
    port = free_ports(1)[0]
    async with open_chapter(tmp_path, schema, port, [origin.port], "riverside") as opened:
        yield opened


def listing(url: str, alt: str, *, sensitive: bool = False) -> str:
    facts = {"url": url, "alt": alt, "width": 1200, "height": 600, "sensitive": sensitive}
    return msgspec.json.encode([facts]).decode()


async def know_posts(chapter: OpenChapter, origin: Origin) -> None:
    """Three posts are shown: one plain, one called sensitive, one whose picture is nowhere; a fourth waits."""
    origin.put("/plain.jpg", jpeg((1200, 600)))
    origin.put("/grave.jpg", jpeg((1200, 600)))
    now = chapter.house.clock.now()

    async def write(unit: Unit) -> None:
        for number, (name, alt, sensitive, state) in enumerate(
            (
                ("plain", "A march over the bridge", False, "shown"),
                ("grave", "A wounded hand", True, "shown"),
                ("nowhere", "A picture that is gone", False, "shown"),
                ("held", "Nobody knows", False, "held"),
            )
        ):
            at = now - timedelta(minutes=number)
            pictures = listing(origin.url(f"/{name}.jpg"), alt, sensitive=sensitive)
            uri = f"https://elsewhere.test/notes/{name}"
            known = Known(uri, "announcement", f"{number}" * 26, ADA, at, listed=True, state=state)
            await know(unit, replace(known, html=f"<p>{name}</p>", pictures=pictures))

    await chapter.unit(write)
    chapter.clock.move(timedelta(minutes=2))
    await chapter.settle()


async def open_page(browser: Browser, size: str) -> tuple[Page, list[str], list[str]]:
    width, height = SIZES[size]
    context = await browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(10_000)
    page = await context.new_page()
    hosts: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: hosts.append(urlsplit(request.url).netloc))
    page.on("console", lambda message: said.append(message.text))
    return page, hosts, said


@pytest.mark.parametrize("size", list(SIZES))
async def test_pictures_are_ours_and_veils_open_by_keyboard(
    browser: Browser, chapter: OpenChapter, origin: Origin, size: str
) -> None:
    await know_posts(chapter, origin)
    assert sorted(origin.asked) == ["/grave.jpg", "/nowhere.jpg", "/plain.jpg"]
    page, hosts, said = await open_page(browser, size)
    answer = await page.goto(f"{chapter.settings.origin}/")
    assert answer is not None and (await answer.all_headers())["content-security-policy"] == CSP
    plain = page.get_by_alt_text("A march over the bridge")
    await plain.scroll_into_view_if_needed()
    await expect(plain).to_have_js_property("complete", True)
    assert await plain.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [640, 320]
    await expect(page.get_by_text("A picture that is gone")).to_be_visible()
    grave = page.get_by_alt_text("A wounded hand")
    await grave.scroll_into_view_if_needed()
    assert "blur" in await grave.evaluate("one => getComputedStyle(one).filter")
    await expect(page.locator("figcaption", has_text="A wounded hand")).to_be_visible()
    veil = page.get_by_role("checkbox", name=re.compile("Show this picture.*A wounded hand"))
    await veil.focus()
    await page.keyboard.press("Space")
    assert await grave.evaluate("one => getComputedStyle(one).filter") == "none"
    assert await find_violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert set(hosts) == {chapter.host} and said == []
    assert sorted(origin.asked) == ["/grave.jpg", "/nowhere.jpg", "/plain.jpg"]


async def test_a_moderator_sees_a_held_picture_only_after_two_steps(
    browser: Browser, chapter: OpenChapter, origin: Origin
) -> None:
    await know_posts(chapter, origin)
    client = await chapter.signed_in(Role.MODERATOR)
    form = {"uri": "https://elsewhere.test/notes/held", "number": "1", "next": "/admin"}
    path = (await client.post("/admin/pictures", data=form)).headers["location"]
    origin.put("/held.jpg", jpeg((900, 900)))
    page, hosts, _ = await open_page(browser, "phone")
    name, token = next(iter(client.cookies.items()))
    await page.context.add_cookies([{"name": name, "value": token, "url": chapter.settings.origin}])
    assert "/held.jpg" not in origin.asked
    await page.goto(f"{chapter.settings.origin}{path}")
    picture = page.get_by_alt_text("Nobody knows")
    await picture.scroll_into_view_if_needed()
    await picture.evaluate("one => one.decode()")
    assert "blur" in await picture.evaluate("one => getComputedStyle(one).filter")
    await page.get_by_role("checkbox", name="Show this picture").check()
    assert await picture.evaluate("one => getComputedStyle(one).filter") == "none"
    assert await find_violations(page) == [] and set(hosts) == {chapter.host}
    assert origin.asked.count("/held.jpg") == 1
