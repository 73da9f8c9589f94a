"""Chromium: a member reports on a phone, a visitor without scripts; a moderator closes it there; axe minds nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from fedchapter.members import Role
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.store.choices import choose
from tests.site.people import PASSWORD, member
from tests.support.doorstep import check, open_doorstep, phone_of
from tests.support.on_tcp import OpenChapter

RULES = "Be kind.\n\n- No insults\n- No advertisements"


@pytest.fixture
async def chapter(tmp_path: Path) -> AsyncIterator[OpenChapter]:
    """A chapter with two rules, the moderator Ana, the member Ben, and something to report."""
    async with open_doorstep(tmp_path) as (opened, _):
        await member(opened, role=Role.MODERATOR)
        await member(opened, "Ben")
        await opened.unit(lambda unit: choose(unit, "rules", RULES))
        yield opened


async def written(chapter: OpenChapter) -> str:
    ref = await chapter.unit(lambda unit: announcements.write(unit, Draft("Buy our fine watches.")))
    return f"{chapter.settings.origin}/announcements/{ref}"


async def sign_in(page: Page, chapter: OpenChapter, name: str) -> None:
    await page.goto(f"{chapter.settings.origin}/sign-in")
    await page.get_by_label("Name or e-mail").fill(name)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{chapter.settings.origin}/")


async def test_a_member_reports_on_a_phone_and_a_moderator_closes_it(
    browser: Browser, chapter: OpenChapter
) -> None:
    uri = await written(chapter)
    page = await phone_of(browser)
    await sign_in(page, chapter, "Ben")
    await page.goto(uri)
    await page.get_by_role("link", name="Report").first.click()
    await expect(page.get_by_text("Buy our fine watches.")).to_be_visible()
    await check(page)
    await page.get_by_role("button", name="Send the report").click()
    await expect(page.get_by_role("alert")).to_contain_text("choose what is wrong")
    await check(page)
    await page.get_by_label("It breaks a rule of this place").check()
    await page.get_by_label("which?").select_option("No advertisements")
    await page.get_by_label("What should the moderators know?").fill("We agreed to have none.")
    await page.get_by_role("button", name="Send the report").click()
    await expect(page.get_by_role("status")).to_contain_text("The moderators will look at it.")
    await expect(page.get_by_text("have not decided yet")).to_be_visible()
    await check(page)
    staff = await phone_of(browser)
    await sign_in(staff, chapter, "Ana")
    await staff.goto(f"{chapter.settings.origin}/admin/queue")
    await expect(staff.get_by_text("We agreed to have none.")).to_be_visible()
    [report] = await chapter.rows("SELECT id, rule FROM report")
    assert report["rule"] == "No advertisements"
    await staff.goto(f"{chapter.settings.origin}/admin/reports/{report['id']}")
    await check(staff)
    await staff.get_by_label("What became of it").select_option("acted")
    await staff.get_by_role("button", name="Close the report").click()
    await expect(staff.get_by_role("status")).to_contain_text("Closed.")
    await check(staff)
    await page.reload()
    await expect(page.get_by_text("did something about it")).to_be_visible()


async def test_a_visitor_reports_without_scripts(browser: Browser, chapter: OpenChapter) -> None:
    uri = await written(chapter)
    context = await browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    page = await context.new_page()
    await page.goto(uri)
    await page.get_by_role("link", name="Report").first.click()
    await page.get_by_label("Spam or deceit").check()
    chapter.clock.move(timedelta(hours=-1))
    await page.get_by_role("button", name="Send the report").click()
    # Nobody fills it in within three seconds: the form comes again, as it was.
    await expect(page.get_by_text("press the button once more").first).to_be_visible()
    await expect(page.get_by_label("Spam or deceit")).to_be_checked()
    chapter.clock.move(timedelta(hours=1, seconds=10))
    await page.get_by_role("button", name="Send the report").click()
    await page.wait_for_url("**/report/mine/**")
    await expect(page.get_by_role("heading", name="Your report")).to_be_visible()
    await context.close()
