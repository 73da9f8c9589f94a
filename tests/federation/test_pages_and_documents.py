"""One address, two forms: servers get the document, a browser the page about it, and caches are told apart."""

import pytest

from fedchapter.vocab.context import ACTIVITY_JSON
from tests.objects.announcement.support import announce
from tests.support.network import World

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
OF_THE_ACTOR = ("outbox", "outbox?page=1", "followers", "following", "featured", "members", "posts", "events")
OF_A_POST = ("replies", "context", "likes", "shares")


@pytest.mark.parametrize("closed", [False, True])
async def test_a_browser_is_led_from_every_collection_to_a_page(world: World, closed: bool) -> None:
    chapter = await world.chapter(authorized_fetch=closed)
    post = await announce(chapter, "Hello.")
    pages = {f"{chapter.uri}/{name}": chapter.uri for name in OF_THE_ACTOR}
    pages |= {f"{post}/{name}": post for name in OF_A_POST}
    pages[f"{chapter.settings.server_uri}/outbox"] = chapter.settings.uri("about")
    async with chapter.client() as client:
        for document, page in pages.items():
            led = await client.get(document, headers={"Accept": BROWSER})
            assert (led.status_code, led.headers["location"]) == (303, page), document
            assert "Accept" in led.headers["vary"]
            assert (await client.get(page, headers={"Accept": BROWSER})).status_code == 200
            for accept in (ACTIVITY_JSON, "*/*"):
                asked = await client.get(document, headers={"Accept": accept})
                assert asked.status_code == (401 if closed else 200), (document, accept)
                assert closed or asked.headers["content-type"] == ACTIVITY_JSON


async def test_a_collection_that_is_none_is_not_here_for_a_browser_either(world: World) -> None:
    chapter = await world.chapter()
    async with chapter.client() as client:
        for path in ("/@riverside/nonsense", "/@nobody/outbox", "/announcements/nothing/replies"):
            assert (await client.get(path, headers={"Accept": BROWSER})).status_code == 404
