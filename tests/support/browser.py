"""The fixtures `browser` and `page`: the machine's Chromium, kept to loopback; and axe.

`find_violations` runs axe-core, which checks a page for what shuts people out (WCAG 2.2 A and AA).
"""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.support.needs import need
from tests.support.npm import find_package

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page or the browser itself wants from outside, no name but these is ever looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async rules => (await axe.run({runOnly: rules, resultTypes: ["violations"]})).violations.map(
  one => `${one.id}: ${one.help} (${one.nodes.map(node => node.target.join(" ")).join(", ")})`)"""


def find_chromium() -> str | None:
    """The program of an installed Chromium or Chrome; Playwright's own download is never used."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium with an empty profile; `browser.new_context(color_scheme="dark", …)` makes other windows."""
    program = need(find_chromium(), "Chromium is not installed")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=program,
            # Chromium's sandbox does not work for root, which is what CI runs as.
            chromium_sandbox=os.geteuid() != 0,
            args=FLAGS,
        )
        yield running
        await running.close()


@pytest.fixture
async def page(browser: Browser) -> Page:
    """A desktop window without cookies. A step that does not succeed within ten seconds fails."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    return await context.new_page()


async def find_violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands: one sentence each, with the places."""
    if not await page.evaluate("'axe' in window"):
        script = axe_script().read_text(encoding="utf-8")
        # Evaluated, not added as a script element: the pages' Content-Security-Policy rightly forbids that.
        await page.evaluate(f"() => {{ {script}\n }}")
    found: list[str] = await page.evaluate(RUN_AXE, RULES)
    return found


def axe_script() -> Path:
    """The file of axe-core; skips where npm's packages are not installed."""
    return need(find_package("axe-core"), "axe-core is not installed (npm is missing)") / "axe.min.js"
