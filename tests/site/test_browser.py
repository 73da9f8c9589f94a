"""Chromium on a real server: sign in, post, follow; every page without scripts' help, and nothing that axe minds."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, Page, expect

from fedchapter.app import Instance, create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.members import Role, create_account
from fedchapter.members.accounts import hash_password, set_password
from fedchapter.settings import settings_from
from fedchapter.store import Unit
from tests.site.people import PASSWORD
from tests.support.browser import find_violations
from tests.support.processes import free_ports

VISITOR = ("/", "/@riverside", "/about", "/follow", "/sign-in", "/events", "/proposals", "/no-such-page")
ADMIN = (
    "/",
    "/me",
    "/admin",
    "/admin/queue",
    "/admin/decisions",
    "/admin/followers",
    "/admin/following",
    "/admin/members",
    "/admin/peers",
    "/admin/log",
    "/admin/settings",
    "/write",
)
WIDTHS = {"phone": 390, "desktop": 1280}


class Served:
    """A chapter on localhost that answers over TCP."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.origin = instance.settings.origin


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A running chapter with the admin Ana."""
    [port] = free_ports(1)
    settings = settings_from(
        {
            "domain": f"localhost:{port}",
            "name": "Riverside",
            "data": str(tmp_path),
            "database": f"sqlite://{tmp_path}/chapter.sqlite3",
            "localhost_ports": [port],
        }
    )
    await bring_up(settings)
    instance = create_instance(settings, limits_scale=1000)
    await instance.open()
    await found(instance)
    await instance.house.database.run(_add_admin(instance))
    server = uvicorn.Server(uvicorn.Config(instance, "127.0.0.1", port, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(20):
        while not server.started:
            await asyncio.sleep(0)
    yield Served(instance)
    server.should_exit = True
    await running
    await instance.close()


async def _add_admin(instance: Instance) -> None:
    hashed = await hash_password(PASSWORD)

    async def make(unit: Unit) -> None:
        account = await create_account(unit, display_name="Ana", role=Role.ADMIN)
        await set_password(unit, account.id, hashed)

    await instance.house.database.in_unit(make)


async def sign_in(page: Page, served: Served) -> None:
    """Ana signs in by the form."""
    await page.goto(f"{served.origin}/sign-in")
    await page.get_by_label("Name or e-mail").fill("Ana")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()


async def post(page: Page, served: Served) -> None:
    """An announcement is written and published."""
    await page.goto(f"{served.origin}/write")
    await page.locator("#field-text").fill("The *depot* vote is on Tuesday.")
    await page.get_by_role("button", name="Publish", exact=False).first.click()
    await page.wait_for_load_state()


async def test_ana_signs_in_posts_and_signs_out(page: Page, served: Served) -> None:
    await page.goto(f"{served.origin}/admin")
    assert "/sign-in?next=" in page.url
    await sign_in(page, served)
    await post(page, served)
    await page.goto(f"{served.origin}/")
    await expect(page.get_by_text("The depot vote is on Tuesday.")).to_be_visible()
    await expect(page.locator("em", has_text="depot")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    await expect(page.get_by_text("The depot vote is on Tuesday.")).to_be_visible()


async def test_a_wrong_password_is_told_in_words(page: Page, served: Served) -> None:
    await page.goto(f"{served.origin}/sign-in")
    await page.get_by_label("Name or e-mail").fill("Ana")
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    assert await page.get_by_label("Name or e-mail").input_value() == "Ana"
    assert await page.get_by_label("Password").input_value() == ""


async def test_the_follow_box_tells_where_it_leads_before_it_leads_there(page: Page, served: Served) -> None:
    await page.goto(f"{served.origin}/")
    await page.get_by_label("Your server or handle").fill("not a handle")
    await page.get_by_role("button", name="Follow").click()
    await expect(page.get_by_text("That does not look like a handle.").first).to_be_visible()
    assert page.url.startswith(f"{served.origin}/follow?")


async def test_it_all_works_without_scripts(browser: Browser, served: Served) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, served)
    await post(page, served)
    await page.goto(f"{served.origin}/")
    await expect(page.get_by_text("The depot vote is on Tuesday.")).to_be_visible()
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", list(WIDTHS))
async def test_axe_finds_nothing_and_nothing_is_too_wide(
    browser: Browser, served: Served, width: str, scheme: str
) -> None:
    size = {"width": WIDTHS[width], "height": 900}
    context = await browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    found = await look_at(page, served, VISITOR)
    await sign_in(page, served)
    await post(page, served)
    found += await look_at(page, served, ADMIN)
    await context.close()
    assert found == []
    assert [words for words in complaints if "404" not in words] == []


async def look_at(page: Page, served: Served, paths: tuple[str, ...]) -> list[str]:
    """What is wrong with these pages."""
    found: list[str] = []
    for path in paths:
        await page.goto(served.origin + path)
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} is wider than the window")
        found += [f"{path}: {words}" for words in await find_violations(page)]
    return found
