"""What anybody reads: the front page and its paging, the profile, about, and the small files."""

import re
from datetime import timedelta

import httpx
import pytest

from fedchapter.members import Role
from fedchapter.site.home import read_mark
from fedchapter.store import Known, Unit, know
from fedchapter.store.choices import choose
from tests.support.network import Chapter, World


async def publish(chapter: Chapter, count: int, state: str = "shown") -> None:
    """So many posts on the front page, two at each moment."""

    async def work(unit: Unit) -> None:
        for number in range(count):
            ref = unit.new_id()
            at = unit.now - timedelta(hours=number // 2)
            known = Known(
                unit.settings.uri("posts", ref),
                "announcement",
                ref,
                chapter.uri,
                at,
                local=True,
                listed=True,
                title=f"Post {number}.",
                state=state,
            )
            await know(unit, known)

    await chapter.unit(work)


async def titles(client: httpx.AsyncClient, address: str) -> tuple[list[str], str]:
    """The titles on a page, and the address of the next."""
    page = (await client.get(address)).text
    older = re.search(r'rel="next" href="([^"]+)"', page)
    return re.findall(r">(Post \d+\.)</a>", page), older.group(1) if older else ""


async def test_the_pages_of_the_front_page_have_everything_once(each_world: World) -> None:
    chapter = await each_world.chapter()
    await publish(chapter, 45)
    client, found, address, pages = chapter.client(), [], "/", 0
    while address:
        some, address = await titles(client, address)
        found += some
        pages += 1
    assert pages == 3
    assert len(found) == 45
    assert len(set(found)) == 45


async def test_what_is_held_or_not_listed_is_not_on_the_front_page(world: World) -> None:
    chapter = await world.chapter()
    await publish(chapter, 2, state="held")
    assert (await titles(chapter.client(), "/"))[0] == []
    assert "Nothing is published yet." in (await chapter.client().get("/")).text


@pytest.mark.parametrize(
    "before", ["x", "-", "2026-11-21", "20261121T000000.000000Z", "99999999T000000.0Z-a"]
)
async def test_a_strange_mark_in_the_address_is_no_fault(world: World, before: str) -> None:
    chapter = await world.chapter()
    assert (await chapter.client().get("/", params={"before": before})).status_code == 200
    assert read_mark("nonsense") is None


async def test_a_new_chapter_tells_its_admin_what_to_do_first(world: World) -> None:
    chapter = await world.chapter()
    admin, visitor = await chapter.signed_in(Role.ADMIN), chapter.client()
    assert "A new chapter begins" in (await admin.get("/")).text
    assert "A new chapter begins" not in (await visitor.get("/")).text


async def test_the_profile_is_the_actor_for_servers_and_a_page_for_people(world: World) -> None:
    chapter = await world.chapter()
    await publish(chapter, 3)
    page = await chapter.client().get("/@riverside")
    assert "Accept" in page.headers["vary"]
    assert f'<{chapter.uri}>; rel="alternate"' in page.headers["link"]
    for text in ("@riverside@riverside.test", "Post 1.", 'name="fediverse:creator"', 'property="og:title"'):
        assert text in page.text
    assert (await chapter.get_json("/@riverside"))["id"] == chapter.uri
    assert (await chapter.client().get("/@nobody")).status_code == 404


async def test_about_says_what_the_admin_wrote_cleaned(world: World) -> None:
    chapter = await world.chapter()

    async def write(unit: Unit) -> None:
        await choose(unit, "about", "We **meet** on <script>alert(1)</script> Tuesdays.")
        await choose(unit, "rules", "1. Be kind.")
        await choose(unit, "contact", "hello@riverside.test")
        await choose(unit, "source_url", "https://code.riverside.test/")

    await chapter.unit(write)
    page = (await chapter.client().get("/about")).text
    for text in (
        "<strong>meet</strong>",
        "Be kind.",
        "mailto:hello@riverside.test",
        "https://code.riverside.test/",
    ):
        assert text in page
    assert "<script>alert" not in page


async def test_small_files_are_there(world: World) -> None:
    chapter = await world.chapter()
    client = chapter.client()
    assert "Disallow: /admin" in (await client.get("/robots.txt")).text
    assert (await client.get("/manifest.webmanifest")).json()["name"] == "Riverside"
    assert (await client.get("/favicon.ico")).status_code == 302
    assert (await client.get("/.well-known/security.txt")).status_code == 404
    await chapter.unit(lambda unit: choose(unit, "contact", "hello@riverside.test"))
    world.move(minutes=1)
    assert "Contact: mailto:hello@riverside.test" in (await client.get("/.well-known/security.txt")).text


async def test_an_unknown_address_gets_a_page_that_leads_on(world: World) -> None:
    chapter = await world.chapter()
    answer = await chapter.client().get("/no/such/page")
    assert answer.status_code == 404
    assert "To the front page" in answer.text
