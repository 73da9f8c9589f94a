"""Every page a person can reach, in Chromium, at a chapter that has lived through the demo's two weeks.

Which pages there are is asked of the doors: a new one that is not opened here fails the test. Each page is looked at
twice, on a phone in the dark and on a desktop by day, with axe.
"""

import asyncio
import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize
from starlette.routing import compile_path

from fedchapter.app.routes import all_doors
from fedchapter.app.types import find_types
from fedchapter.cli.demo.people import PASSWORD
from tests.support.browser import find_violations
from tests.support.town import Paths, open_town

LOOKS: dict[str, tuple[ViewportSize, str]] = {
    "phone, dark": ({"width": 390, "height": 844}, "dark"),
    "desktop, light": ({"width": 1280, "height": 900}, "light"),
}
# For programs, or only a step on the way to one of the pages below.
NOT_PAGES = re.compile(
    r"/(livez|readyz|doctor/.*|metrics|actor.*|\.well-known/.*|nodeinfo/.*|media/.*|activities/.*|robots\.txt|favicon\.ico"
    r"|manifest\.webmanifest|sw\.js|feed\.xml|.*\.ics|@\{username\}/\{collection\}|\{place\}/.*|messages/\{id\}"
    r"|sign-in/(link|new|moved|second|fediverse/\{key\})"  # steps on the way, walked in test_ways_in_browser
    r"|admin/held|admin/decisions/export/.*"  # moved, and files
    r"|admin/lists/export/.*|circle|circle/decisions|api/v1/.*"  # files, and what servers ask
    r"|pictures/remote/.*|admin/pictures/\{id\}.*"  # what one button leads to, walked in tests/pictures/test_in_browser
    r"|me/data\.json|board/(entries|answers|replies)/\{id\}|(quotes|comments)/\{id\}|events/\{id\}/notices/.*|proposals/\{id\}/(versions/.*|poll|opening|result|outcome))"
)
NOT_THERE = {
    "/no-such-page": 404,
    "/unsubscribe/half-of-it": 404,
    "/join/used-up": 404,
    "/sign-in/link/used-up": 404,
    "/join/confirm/used-up": 404,
    "/subscribe/stop/half-of-it": 404,
}
FACTS = """async () => {
  const look = async one => { one.loading = "eager"; try { await one.decode() } catch { return one.src } };
  return {
    headings: document.querySelectorAll("h1").length,
    title: document.title.trim(),
    excess: document.documentElement.scrollWidth - innerWidth,
    broken: (await Promise.all([...document.images].map(look))).filter(Boolean),
  };
}"""


@dataclass(slots=True)
class Tour:
    """A window that goes from page to page, and what it found wrong."""

    page: Page
    origin: str
    who: str = "a visitor"
    opened: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", partial(Tour._hear, self))
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        said = message.text
        if message.type == "error" and "the server responded with a status of 40" not in said:
            self.wrong.append(f"{self.page.url}: {said}")

    async def sign_in(self, name: str) -> None:
        """They are signed in from here on."""
        await self.page.goto(f"{self.origin}/sign-in")
        await self.page.get_by_label("Name or e-mail").fill(name)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("main").get_by_role("button", name="Sign in").click()
        await self.page.wait_for_url(f"{self.origin}/")
        self.who = name

    async def older(self) -> str:
        """The path of what is older than the front page shows."""
        await self.page.goto(f"{self.origin}/")
        return await self.page.locator(".pager-older").get_attribute("href") or ""

    async def visit(self, paths: list[str]) -> None:
        """Each page was opened once and looked at in every way."""
        for path in paths:
            answer = await self.page.goto(self.origin + path)
            expected = 400 if path.endswith("no+handle") else NOT_THERE.get(path, 200)
            if answer is None or answer.status != expected or answer.request.redirected_from:
                self.wrong.append(f"{path} for {self.who}: {answer and answer.status} at {self.page.url}")
                continue
            self.opened.append(path.partition("?")[0])
            for name, (size, scheme) in LOOKS.items():
                await self.page.set_viewport_size(size)
                await self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                self.wrong += [f"{path} for {self.who} ({name}): {words}" for words in await self._look()]

    async def _look(self) -> list[str]:
        facts = await self.page.evaluate(FACTS)
        found = await find_violations(self.page)
        if facts["headings"] != 1:
            found.append(f"has {facts['headings']} main headings")
        if len(facts["title"]) < 4:
            found.append(f"is called {facts['title']!r}")
        if facts["excess"] > 0:
            found.append(f"is {facts['excess']} pixels wider than the window")
        return found + [f"does not show {picture}" for picture in facts["broken"]]


async def take(browser: Browser, origin: str, name: str, paths: list[str]) -> Tour:
    """The tour of whoever has that name through these pages; without a name, of a visitor."""
    context = await browser.new_context(reduced_motion="reduce")
    tour = Tour(await context.new_page(), origin)
    if name:
        await tour.sign_in(name)
        await tour.visit(paths)
    else:
        await tour.visit([*paths, await tour.older()])
    await context.close()
    return tour


def pages_never_opened(opened: list[str]) -> list[str]:
    """The doors that answer people and were not opened."""
    paths = {door.path for door in all_doors(find_types()) if "GET" in (door.methods or ())}
    patterns = {path: compile_path(path)[0] for path in paths if not NOT_PAGES.fullmatch(path)}
    return sorted(
        path for path, regex in patterns.items() if not any(map(regex.match, opened)) and path not in opened
    )


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_nothing_is_wrong_with_any_page(tmp_path: Path, browser: Browser) -> None:
    async with open_town(tmp_path) as stage:
        paths = Paths(stage)
        visits = {
            "": [*await paths.public(), *await paths.by_link()],
            "Lena Fischer": [*await paths.members(), *await paths.nameless()],
            "Greta Holm": await paths.persons(),
            "Ines Moreau": await paths.staff(),
        }
        # At once, because most of the time one window waits for the browser, and the browser for the window.
        tours = await asyncio.gather(*(take(browser, paths.origin, *visit) for visit in visits.items()))
    assert [words for tour in tours for words in tour.wrong] == []
    assert pages_never_opened([path for tour in tours for path in tour.opened]) == []
