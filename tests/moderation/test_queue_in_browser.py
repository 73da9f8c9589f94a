"""Chromium: the queue walked by keys alone, keys switched off, a phone's thumb; nothing that axe minds."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from fedchapter.actors import ActorFacts, store_actor
from fedchapter.members import Role
from fedchapter.store import Unit
from tests.site.people import PASSWORD, member
from tests.support.doorstep import check, open_doorstep, phone_of
from tests.support.held import hold_comment
from tests.support.on_tcp import OpenChapter

WHO = ("ana", "ben", "cleo", "dov")


@pytest.fixture
async def chapter(tmp_path: Path) -> AsyncIterator[OpenChapter]:
    """A chapter with the moderator Ana, and what four strangers wrote."""
    async with open_doorstep(tmp_path) as (opened, _):
        await member(opened, role=Role.MODERATOR)
        for name in WHO:
            await opened.unit(lambda unit, name=name: _write(unit, name))
        yield opened


async def _write(unit: Unit, name: str) -> None:
    uri = f"https://{name}.test/users/{name}"
    facts = ActorFacts(uri=uri, type="Person", username=name, inbox=f"{uri}/inbox", name=name.title())
    await store_actor(unit, facts)
    pictures = (
        '[{"url": "https://ana.test/1.webp", "alt": "a cat", "width": 10, "height": 10}]'
        if name == "ana"
        else ""
    )
    await hold_comment(
        unit, uri, f"<p>{name} says <a href='https://shop.test/x'>hello</a></p>", pictures=pictures
    )


async def sign_in(page: Page, chapter: OpenChapter) -> None:
    await page.goto(f"{chapter.settings.origin}/sign-in")
    await page.get_by_label("Name or e-mail").fill("Ana")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{chapter.settings.origin}/")
    await page.goto(f"{chapter.settings.origin}/admin/queue")


async def state(chapter: OpenChapter, name: str) -> str:
    [row] = await chapter.rows("SELECT state FROM known_object WHERE owner_uri LIKE ?", f"%/{name}")
    return str(row["state"])


async def test_the_queue_is_walked_by_keys_alone(page: Page, chapter: OpenChapter) -> None:
    await sign_in(page, chapter)
    await check(page)
    keys = page.keyboard
    await keys.press("j")
    await expect(page.locator("#g1")).to_be_focused()
    await keys.press("j")
    await expect(page.locator("#g2")).to_be_focused()
    await keys.press("k")
    await keys.press("a")
    await expect(page.get_by_role("status")).to_contain_text("It is shown now.")
    assert await state(chapter, "ana") == "shown"
    await expect(page.locator("#g1")).to_be_focused()
    await keys.press("u")
    await expect(page.get_by_role("status")).to_contain_text("Undone")
    assert await state(chapter, "ana") == "held"
    await keys.press("j")
    await keys.press("r")
    await expect(page.get_by_role("status")).to_contain_text("It is hidden.")
    assert (await state(chapter, "ana"), await state(chapter, "ben")) == ("held", "hidden")
    await keys.press("c")
    await expect(page.get_by_role("status")).to_contain_text("half an hour")
    await check(page)
    await keys.press("Shift+?")
    await expect(page.locator("#keys")).to_have_attribute("open", "")
    await check(page)
    await keys.press("o")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("What waits of Cleo")
    await check(page)
    await keys.press("j")
    await keys.press("r")
    await expect(page.get_by_role("status")).to_contain_text("It is hidden.")


async def test_keys_do_nothing_while_somebody_types_or_once_switched_off(
    page: Page, chapter: OpenChapter
) -> None:
    await sign_in(page, chapter)
    await page.get_by_label("From the server").focus()
    await page.keyboard.type("jar")
    await expect(page.get_by_label("From the server")).to_have_value("jar")
    await page.locator("#keys summary").click()
    await page.get_by_label("Single keys do these things").uncheck()
    for _ in range(2):
        await page.keyboard.press("j")
        await page.keyboard.press("a")
        await expect(page.locator("#g1")).not_to_be_focused()
        await page.reload()
    assert {await state(chapter, name) for name in WHO} == {"held"}
    await page.locator("#keys summary").click()
    await page.get_by_label("Single keys do these things").check()
    await page.keyboard.press("j")
    await expect(page.locator("#g1")).to_be_focused()


async def test_a_thumb_decides_on_a_phone_and_nothing_is_loaded(
    browser: Browser, chapter: OpenChapter
) -> None:
    phone = await phone_of(browser)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    await sign_in(phone, chapter)
    await check(phone)
    await expect(phone.get_by_text("Picture, not loaded: a cat")).to_be_visible()
    assert not [url for url in asked if not url.startswith(chapter.settings.origin)]
    assert await phone.get_by_role("link", name="hello").count() == 0
    for button in await phone.locator(".queue .actions .button").all():
        box = await button.bounding_box()
        assert box is None or box["height"] >= 44
    await phone.locator("#g1").get_by_role("button", name="Refuse").first.click()
    await expect(phone.get_by_role("status")).to_contain_text("It is hidden.")
    await phone.get_by_role("button", name="Undo").click()
    assert await state(chapter, "ana") == "held"
    await phone.locator("#g1").get_by_role("link", name="Ana").click()
    await check(phone)
    await phone.get_by_role("textbox", name="Note").fill("Asked her.")
    await phone.get_by_role("button", name="Note it").click()
    await expect(phone.get_by_text("Asked her.")).to_be_visible()
    await check(phone)
