"""Chromium, phone size: from the front page to being a member, with only an address, and with an account elsewhere."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from fedchapter.members import Role
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from tests.site.letters import letters, link_in
from tests.site.people import PASSWORD, member
from tests.support.doorstep import check, open_doorstep, phone_of
from tests.support.oauth_server import OAuthServer
from tests.support.on_tcp import OpenChapter

QUESTION, VALUES = "What brings you here?", "We decide **together**."


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[tuple[OpenChapter, OAuthServer]]:
    """A chapter with the organizer Olga that asks a question, and a server where Ada has an account."""
    async with open_doorstep(tmp_path) as (chapter, server):
        await member(chapter, "Olga", role=Role.ORGANIZER)
        await chapter.unit(say_how)
        yield chapter, server


async def say_how(unit: Unit) -> None:
    """The chapter says what it shares, and asks a question."""
    await choose(unit, "joining_questions", f"{QUESTION} *")
    await choose(unit, "shared_values", VALUES)


async def to_form(page: Page, chapter: OpenChapter) -> None:
    """From the front page to the form."""
    await page.goto(chapter.settings.origin)
    await check(page)
    await page.get_by_role("link", name="Join Riverside").click()
    await check(page)


async def fill(page: Page, name: str) -> None:
    """The form is filled in and sent."""
    await page.get_by_label("How shall we call you?").fill(name)
    await page.get_by_label(QUESTION).fill("Die Brücke, und das Ufer.")
    await page.get_by_label("I share what stands above").check()
    await page.get_by_role("button", name="Send").click()


async def approve(browser: Browser, chapter: OpenChapter, name: str) -> None:
    """Olga sees on her phone that somebody waits, reads and says yes."""
    page = await phone_of(browser)
    await page.goto(f"{chapter.settings.origin}/sign-in?next=/admin")
    await page.get_by_label("Name or e-mail").fill("Olga")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("1 person wants to join.")).to_be_visible()
    await page.get_by_role("link", name="Decide").click()
    await check(page)
    await page.get_by_role("link", name="Read and decide").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    await expect(page.get_by_text("Die Brücke, und das Ufer.")).to_be_visible()
    await check(page)
    await page.get_by_label("A word to them").fill("See you on Friday!")
    await page.get_by_role("button", name="Say yes").click()
    await expect(page.get_by_text(f"{name} is a member now")).to_be_visible()
    await check(page)


async def test_somebody_with_only_an_address_joins(
    browser: Browser, place: tuple[OpenChapter, OAuthServer]
) -> None:
    chapter, _ = place
    page = await phone_of(browser)
    await to_form(page, chapter)
    await page.get_by_label("E-mail").fill("joerg@mail.test")
    await page.get_by_label("How shall we call you?").fill("Jörg Müßig")
    await page.get_by_role("button", name="Send").click()
    # The browser itself asks for the answer first; what was typed stays.
    await fill(page, "Jörg Müßig")
    await expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    await check(page)
    await chapter.settle()
    await page.goto(link_in(letters(chapter, "joerg@mail.test")[0], "/join/confirm/"))
    await check(page)
    await page.get_by_role("button", name="Send it").click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    await check(page)
    await approve(browser, chapter, "Jörg Müßig")
    await chapter.settle()
    await page.goto(link_in(letters(chapter, "joerg@mail.test")[-1], "/sign-in/link/"))
    await check(page)
    await page.get_by_role("main").get_by_role("button").first.click()
    await page.wait_for_url(f"{chapter.settings.origin}/me")
    await expect(page.get_by_role("link", name="Jörg Müßig").first).to_be_visible()
    await check(page)


async def test_somebody_with_an_account_elsewhere_joins_without_address_and_password(
    browser: Browser, place: tuple[OpenChapter, OAuthServer]
) -> None:
    chapter, server = place
    page = await phone_of(browser)
    await to_form(page, chapter)
    await prove(page, server)
    await expect(page.get_by_role("heading", name=f"You are @ada@{server.host}")).to_be_visible()
    await check(page)
    await fill(page, "ليلى")
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    await check(page)
    await approve(browser, chapter, "ليلى")
    await page.goto(f"{chapter.settings.origin}/sign-in?next=/me")
    await page.get_by_label("Your handle or server").fill(f"@ada@{server.host}")
    await page.get_by_role("button", name="Go to your server").click()
    await page.get_by_role("link", name="Go to localhost").click()
    await page.get_by_role("button", name="Authorize").click()
    await page.wait_for_url(f"{chapter.settings.origin}/me")
    await expect(page.get_by_role("link", name="ليلى").first).to_be_visible()


async def prove(page: Page, server: OAuthServer) -> None:
    """Ada proves her account, and comes back to the form."""
    await page.get_by_text("Do you have an account on Mastodon").click()
    await page.get_by_label("Your handle or server").fill(f"@ada@{server.host}")
    await page.get_by_role("button", name="Go to your server").click()
    await check(page)
    await page.get_by_role("link", name="Go to localhost").click()
    await page.get_by_role("button", name="Authorize").click()


async def test_somebody_gets_news_by_mail_and_ends_it(
    browser: Browser, place: tuple[OpenChapter, OAuthServer]
) -> None:
    chapter, _ = place
    page = await phone_of(browser)
    await page.goto(chapter.settings.origin)
    await page.get_by_role("link", name="News by mail").first.click()
    await check(page)
    await page.get_by_label("E-mail").fill("zoe@mail.test")
    await page.get_by_label("Each at once").check()
    await page.get_by_role("button", name="Send me the link").click()
    await expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    await chapter.settle()
    await page.goto(link_in(letters(chapter, "zoe@mail.test")[0], "/subscribe/confirm/"))
    await check(page)
    await page.get_by_role("button", name="Yes, send me news").click()
    await expect(page.get_by_label("Each at once")).to_be_checked()
    await check(page)
    await page.get_by_role("button", name="Stop, and erase my address").click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()
    await check(page)
    assert await chapter.count("subscriber") == 0
