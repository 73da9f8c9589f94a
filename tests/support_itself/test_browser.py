"""Chromium starts, sees loopback only, and axe finds what is wrong with a page."""

from playwright.async_api import Error, Page

from tests.support.browser import find_violations


async def test_axe_finds_a_picture_without_words(page: Page) -> None:
    await page.set_content('<html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"></main>')
    found = await find_violations(page)
    assert [one.split(":")[0] for one in found] == ["image-alt"]


async def test_axe_finds_nothing_on_a_sound_page(page: Page) -> None:
    await page.set_content('<html lang="en"><title>x</title><main><h1>Riverside</h1><p>Hello.</p></main>')
    assert await find_violations(page) == []


async def test_the_browser_reaches_no_other_machine(page: Page) -> None:
    try:
        await page.goto("http://chapter.example/")
    except Error as error:
        assert "ERR_NAME_NOT_RESOLVED" in error.message
    else:
        raise AssertionError("a name outside loopback was looked up")
