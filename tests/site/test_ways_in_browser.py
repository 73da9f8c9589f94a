"""Chromium, phone size: in with an account elsewhere, with an app's code, with a passkey; nothing that axe minds."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from fedchapter.members import Role
from fedchapter.members.second_factor import code_at
from tests.site.people import PASSWORD, member
from tests.support.doorstep import check, open_doorstep, phone_of
from tests.support.oauth_server import OAuthServer
from tests.support.on_tcp import OpenChapter


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[tuple[OpenChapter, OAuthServer]]:
    """A chapter with the member Ana, and a server where Ada has an account, both on this machine."""
    async with open_doorstep(tmp_path) as (chapter, server):
        await member(chapter)
        yield chapter, server


@pytest.fixture
async def phone(browser: Browser) -> Page:
    """A phone's window."""
    return await phone_of(browser)


async def sign_in(page: Page, chapter: OpenChapter) -> None:
    """Ana signs in with her password."""
    await page.goto(f"{chapter.settings.origin}/sign-in")
    await page.get_by_label("Name or e-mail").fill("Ana")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()


async def test_ana_links_her_account_and_signs_in_with_it(
    phone: Page, place: tuple[OpenChapter, OAuthServer]
) -> None:
    chapter, server = place
    await sign_in(phone, chapter)
    await phone.goto(f"{chapter.settings.origin}/me/security")
    await check(phone)
    await phone.get_by_label("Link an account").fill(server.host)
    await phone.get_by_role("button", name="Go to your server").click()
    await check(phone)
    await phone.get_by_role("link", name="Go to localhost").click()
    await phone.get_by_role("button", name="Authorize").click()
    await expect(phone.get_by_text("signs you in here from now on")).to_be_visible()
    await check(phone)
    await phone.get_by_role("button", name="Sign out", exact=True).first.click()
    await phone.goto(f"{chapter.settings.origin}/sign-in?next=/me")
    await check(phone)
    await phone.get_by_label("Your handle or server").fill(f"@ada@{server.host}")
    await phone.get_by_role("button", name="Go to your server").click()
    await phone.get_by_role("link", name="Go to localhost").click()
    await phone.get_by_role("button", name="Authorize").click()
    await phone.wait_for_url(f"{chapter.settings.origin}/me")
    assert server.live_tokens() == []


async def test_somebody_new_is_led_on_and_somebody_who_says_no_back(
    phone: Page, place: tuple[OpenChapter, OAuthServer]
) -> None:
    chapter, server = place
    for answer, words in (("Deny", "You said no on"), ("Authorize", "No member of Riverside has linked")):
        await phone.goto(f"{chapter.settings.origin}/sign-in")
        await phone.get_by_label("Your handle or server").fill(server.host)
        await phone.get_by_role("button", name="Go to your server").click()
        await phone.get_by_role("link", name="Go to localhost").click()
        await phone.get_by_role("button", name=answer).click()
        await expect(phone.get_by_text(words).first).to_be_visible()
        await check(phone)


async def test_ada_joins_with_the_account_she_has(
    phone: Page, place: tuple[OpenChapter, OAuthServer]
) -> None:
    chapter, server = place
    origin = chapter.settings.origin
    await phone.goto(f"{origin}/join")
    await phone.get_by_text("Do you have an account on Mastodon").click()
    await phone.get_by_label("Your handle or server").fill(f"@ada@{server.host}")
    await phone.get_by_role("button", name="Go to your server").click()
    await phone.get_by_role("link", name="Go to localhost").click()
    await phone.get_by_role("button", name="Authorize").click()
    await expect(phone.get_by_role("heading", name=f"You are @ada@{server.host}")).to_be_visible()
    await check(phone)
    await phone.get_by_label("How shall we call you?").fill("Ada R")
    await phone.get_by_role("button", name="Send").click()
    await check(phone)
    organizer = await chapter.signed_in(Role.ORGANIZER)
    [row] = await chapter.rows("SELECT id FROM application")
    done = await organizer.post(f"/admin/applications/{row['id']}", data={"decision": "approve"})
    assert done.status_code == 303
    await phone.goto(f"{origin}/sign-in")
    await phone.get_by_label("Your handle or server").fill(f"@ada@{server.host}")
    await phone.get_by_role("button", name="Go to your server").click()
    await phone.get_by_role("link", name="Go to localhost").click()
    await phone.get_by_role("button", name="Authorize").click()
    await phone.wait_for_url(f"{origin}/")
    await phone.goto(f"{origin}/me")
    await expect(phone.get_by_text("Ada R").first).to_be_visible()


async def test_a_passkey_is_made_and_asked_for(phone: Page, place: tuple[OpenChapter, OAuthServer]) -> None:
    chapter, _ = place
    devtools = await phone.context.new_cdp_session(phone)
    await devtools.send("WebAuthn.enable")
    made = await devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    await sign_in(phone, chapter)
    await phone.goto(f"{chapter.settings.origin}/me/security/passkey")
    await check(phone)
    await phone.get_by_label("What you call it").fill("My phone")
    await phone.get_by_role("button", name="Make a passkey").click()
    await expect(phone.get_by_role("heading", name="Write these down")).to_be_visible()
    await check(phone)
    await phone.get_by_role("button", name="Sign out", exact=True).first.click()
    for _ in range(2):
        await sign_in(phone, chapter)
        await check(phone)
        await phone.get_by_role("button", name="Use a passkey").click()
        await expect(phone.get_by_role("button", name="Sign out", exact=True).first).to_be_visible()
        await phone.get_by_role("button", name="Sign out", exact=True).first.click()
    await sign_in(phone, chapter)
    await devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})
    await devtools.send("WebAuthn.disable")
    [row] = await chapter.rows("SELECT kind, counter, last_used_at FROM authenticator")
    assert row["kind"] == "passkey"
    assert row["last_used_at"] is not None


async def test_an_app_is_scanned_and_its_code_asked_for(
    phone: Page, place: tuple[OpenChapter, OAuthServer]
) -> None:
    chapter, _ = place
    await sign_in(phone, chapter)
    await phone.goto(f"{chapter.settings.origin}/me/security/code")
    await check(phone)
    await expect(phone.get_by_role("img", name="QR code")).to_be_visible()
    key = (await phone.locator(".handle-whole").first.inner_text()).replace(" ", "")
    await phone.get_by_label("The code it shows now").fill(code_at(key, chapter.house.clock.now()))
    await phone.get_by_role("button", name="Add it").click()
    await expect(phone.get_by_role("heading", name="Write these down")).to_be_visible()
    code = await phone.locator(".codes code").first.inner_text()
    await phone.get_by_role("button", name="Sign out", exact=True).first.click()
    await sign_in(phone, chapter)
    await phone.get_by_label("Code", exact=True).fill("123456")
    await phone.get_by_role("button", name="Go on").click()
    await expect(phone.get_by_role("alert")).to_contain_text("wrong")
    await check(phone)
    await phone.get_by_label("Code", exact=True).fill(code)
    await phone.get_by_role("button", name="Go on").click()
    await expect(phone.get_by_role("button", name="Sign out", exact=True).first).to_be_visible()
