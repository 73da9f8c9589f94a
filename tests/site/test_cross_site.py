"""Row D4: a form counts only when one of our own pages sent it."""

import pytest

from tests.site.people import is_signed_in, member, sign_in
from tests.support.network import World

TURNED_AWAY = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://sub.riverside.test"},
    {"Origin": "https://evil.test"},
    {"Origin": "null"},
    {"Origin": "http://riverside.test"},
    {"Origin": "https://riverside.test:8443"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://riverside.test"},
)
LET_IN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://riverside.test"},
    {},
)


@pytest.mark.parametrize("headers", TURNED_AWAY)
async def test_d4_a_form_of_another_site_changes_nothing(world: World, headers: dict[str, str]) -> None:
    chapter = await world.chapter()
    await member(chapter)
    client = chapter.client()
    await sign_in(client)
    del client.headers["Sec-Fetch-Site"]
    for path in ("/sign-out", "/me/profile", "/sign-in", "/me/leave"):
        answer = await client.post(path, data={"display_name": "Mallory", "sure": "yes"}, headers=headers)
        assert answer.status_code == 403, path
    client.headers["Sec-Fetch-Site"] = "same-origin"
    assert await is_signed_in(client)
    assert await chapter.count("account", "display_name = 'Ana'") == 1


@pytest.mark.parametrize("headers", LET_IN)
async def test_d4_a_form_of_ours_counts_also_from_a_browser_that_says_nothing(
    world: World, headers: dict[str, str]
) -> None:
    chapter = await world.chapter()
    await member(chapter)
    client = chapter.client()
    await sign_in(client)
    del client.headers["Sec-Fetch-Site"]
    assert (await client.post("/sign-out", headers=headers)).status_code == 303


async def test_d4_no_get_changes_anything(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    client = chapter.client()
    await sign_in(client)
    for path in ("/sign-out", "/me/leave", "/me/password"):
        assert (await client.get(path)).status_code in (404, 405), path
    assert await is_signed_in(client)


async def test_d4_pages_cannot_be_framed_and_forms_stay_here(world: World) -> None:
    chapter = await world.chapter()
    answer = await chapter.client().get("/sign-in")
    policy = answer.headers["content-security-policy"]
    for part in ("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'", "object-src 'none'"):
        assert part in policy
