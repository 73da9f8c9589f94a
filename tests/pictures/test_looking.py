"""A moderator looks at one picture of something held: asked for, written down, kept nowhere."""

import httpx

from fedchapter.members import Role
from fedchapter.store import Known, Unit
from fedchapter.store.kinds import forget
from tests.media.pictures import jpeg, opened
from tests.objects.announcement.support import announce
from tests.pictures.conftest import Origin
from tests.pictures.stage import come, files, open_chapter, post, rows
from tests.support.network import Chapter, World


async def held_post(world: World, chapter: Chapter, origin: Origin, path: str = "/a.jpg") -> Known:
    root = await announce(chapter, "Hello")
    known = await post(chapter, world.stranger("eve"), origin.put(path, jpeg()), reply_to=root)
    assert known.state == "held"
    return known


async def ask(client: httpx.AsyncClient, uri: str, number: str = "1") -> httpx.Response:
    form = {"uri": uri, "number": number, "next": "/admin/decisions"}
    return await client.post("/admin/pictures", data=form, follow_redirects=False)


async def test_nothing_is_loaded_before_a_moderator_asks_and_nothing_kept_after(
    each_world: World, origin: Origin
) -> None:
    chapter = await open_chapter(each_world, origin)
    known = await held_post(each_world, chapter, origin)
    moderator = await chapter.signed_in(Role.MODERATOR)
    assert origin.asked == []
    answer = await ask(moderator, known.uri)
    assert answer.status_code == 303 and origin.asked == []
    page = await moderator.get(answer.headers["location"])
    path = answer.headers["location"].partition("?")[0]
    assert "image-veiled" in page.text and f'src="{path}/small"' in page.text and origin.asked == []
    picture = await moderator.get(f"{path}/small")
    assert opened(picture.content).format == "WEBP" and picture.headers["cache-control"] == "no-store"
    assert picture.headers["content-security-policy"].startswith("sandbox")
    assert origin.asked == ["/a.jpg"] and await files(chapter) == 0 and await rows(chapter) == []
    lines = await chapter.rows("SELECT what, target_uri, made_by FROM decision WHERE what = 'look-picture'")
    assert [line["target_uri"] for line in lines] == [known.uri] and lines[0]["made_by"]


async def test_the_address_is_good_for_whoever_asked_for_ten_minutes(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    known = await held_post(world, chapter, origin)
    moderator, other = await chapter.signed_in(Role.MODERATOR), await chapter.signed_in(Role.MODERATOR)
    path = (await ask(moderator, known.uri)).headers["location"].partition("?")[0]
    assert (await other.get(f"{path}/small")).status_code == 404
    assert (await (await chapter.signed_in(Role.MEMBER)).get(f"{path}/small")).status_code == 403
    await come(chapter, minutes=11)
    assert (await moderator.get(f"{path}/small")).status_code == 404
    assert (await moderator.get(path)).status_code == 404
    assert origin.asked == []


async def test_only_what_the_post_lists_can_be_asked_for(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    known = await held_post(world, chapter, origin)
    moderator = await chapter.signed_in(Role.MODERATOR)
    for number in ("0", "2", "-1", "x", "", "١"):
        assert (await ask(moderator, known.uri, number)).status_code == 400
    assert (await ask(moderator, origin.url("/a.jpg"))).status_code == 400
    ours = await announce(chapter, "Ours")
    assert (await ask(moderator, ours)).status_code == 400
    assert await chapter.count("decision", "what = 'look-picture'") == 0 and origin.asked == []


async def test_what_is_gone_from_there_answers_404_and_harms_nothing(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    known = await held_post(world, chapter, origin)
    origin.pages.clear()
    moderator = await chapter.signed_in(Role.MODERATOR)
    path = (await ask(moderator, known.uri)).headers["location"].partition("?")[0]
    assert (await moderator.get(f"{path}/small")).status_code == 404
    assert (await moderator.get(path)).status_code == 200

    async def erase(unit: Unit) -> None:
        await forget(unit, known.uri, owner_uri=known.owner_uri, former_type="Note")
        await unit.execute("DELETE FROM desk_item")

    await chapter.unit(erase)
    assert (await moderator.get(path)).status_code == 404
