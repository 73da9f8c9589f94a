"""Pictures of other servers on our pages: only of what is shown, fetched once by us, gone with what lists them."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from fedchapter.continuity.backup import pictures_below
from fedchapter.pictures.tidy import drop_what_may_not_be_shown, let_go_too_much
from fedchapter.policy import Marking, put_mark
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from fedchapter.store.kinds import change
from tests.media.pictures import jpeg, opened
from tests.objects.announcement.support import announce
from tests.pictures.conftest import Origin
from tests.pictures.stage import (
    attachment,
    come,
    files,
    follow_ada,
    only_row,
    open_chapter,
    post,
    post_with_picture,
    rows,
    status_of,
    turn_to,
)
from tests.support.network import Chapter, World


async def mark(chapter: Chapter, scope: str, subject: str, **flags: Any) -> None:
    async def work(unit: Unit) -> None:
        await put_mark(unit, scope=scope, subject=subject, marking=Marking(**({"decision": ""} | flags)))

    await chapter.unit(work)
    await chapter.run(chapter.house.marks.load(chapter.house.database))


async def test_a_picture_of_a_shown_post_comes_from_our_own_server(each_world: World, origin: Origin) -> None:
    chapter = await open_chapter(each_world, origin)
    ada = await follow_ada(each_world, chapter)
    known = await post_with_picture(chapter, ada, origin)
    row = await only_row(chapter)
    assert (row["state"], row["width"], row["height"]) == ("kept", 640, 320)
    assert origin.asked == ["/a.jpg"]
    async with chapter.client() as client:
        page = (await client.get(f"/posts/{known.ref}")).text
        picture = await client.get(f"/pictures/remote/{row['id']}")
    assert f'src="/pictures/remote/{row["id"]}"' in page and 'alt="A march"' in page
    assert f'src="{origin.url("")}' not in page
    assert opened(picture.content).format == "WEBP" and picture.headers["content-type"] == "image/webp"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert picture.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert (
        picture.headers["cache-control"].startswith("private, ")
        and "immutable" in picture.headers["cache-control"]
    )
    assert origin.asked == ["/a.jpg"], "whoever reads, the origin hears nothing of it"


async def test_until_it_has_come_its_words_and_a_link_stand_for_it(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    ada = await follow_ada(world, chapter)
    url = origin.put("/a.jpg", jpeg())
    known = await post(chapter, ada, url)
    row = await only_row(chapter)
    due_in = row["due_at"] - row["created_at"]
    assert origin.asked == [] and timedelta(seconds=5) <= due_in <= timedelta(seconds=60)
    async with chapter.client() as client:
        page = (await client.get(f"/posts/{known.ref}")).text
    assert "A march" in page and f'href="{url}"' in page and "noreferrer" in page
    assert await status_of(chapter, row["id"]) == (200, "image/svg+xml")
    assert origin.asked == []


async def test_nothing_is_loaded_for_what_is_held_until_it_is_approved(
    each_world: World, origin: Origin
) -> None:
    chapter = await open_chapter(each_world, origin)
    stranger = each_world.stranger("eve")
    stranger.put(
        stranger.uri, stranger.document(icon={"type": "Image", "url": origin.put("/eve.png", jpeg())})
    )
    root = await announce(chapter, "Hello")
    held = await post(chapter, stranger, origin.put("/a.jpg", jpeg()), reply_to=root)
    assert held.state == "held"
    await come(chapter, hours=2)
    assert origin.asked == [] and await rows(chapter) == []
    await turn_to(chapter, held.uri, "shown")
    await come(chapter)
    assert sorted(origin.asked) == ["/a.jpg", "/eve.png"]
    assert {row["sort"] for row in await rows(chapter)} == {"post", "face"}


@pytest.mark.parametrize("state", ["hidden", "held"])
async def test_what_is_taken_from_view_takes_its_picture_along(
    world: World, origin: Origin, state: str
) -> None:
    chapter = await open_chapter(world, origin)
    ada = await follow_ada(world, chapter)
    known = await post_with_picture(chapter, ada, origin)
    id_ = (await only_row(chapter))["id"]
    assert await files(chapter) == 1 and (await status_of(chapter, id_))[0] == 200
    await turn_to(chapter, known.uri, state)
    assert (await status_of(chapter, id_))[0] == 404
    assert await files(chapter) == 0 and await rows(chapter) == []
    await turn_to(chapter, known.uri, "shown")
    await come(chapter)
    assert origin.asked == ["/a.jpg", "/a.jpg"] and await files(chapter) == 1


async def test_a_deleted_post_and_an_edit_erase_the_pictures(each_world: World, origin: Origin) -> None:
    chapter = await open_chapter(each_world, origin)
    ada = await follow_ada(each_world, chapter)
    known = await post_with_picture(chapter, ada, origin)
    first = (await only_row(chapter))["id"]
    other = origin.put("/b.jpg", jpeg())
    edited = ada.note("<p>Look</p>", attachment=[attachment(other)]) | {
        "id": known.uri,
        "updated": chapter.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    assert (await ada.tell(chapter, ada.activity("Update", edited, to=edited["to"])))[0] == "done"
    await come(chapter)
    assert (await status_of(chapter, first))[0] == 404
    assert (await only_row(chapter))["url"] == other and await files(chapter) == 1
    tombstone = {"id": known.uri, "type": "Tombstone"}
    await ada.tell(chapter, ada.activity("Delete", tombstone))
    await chapter.settle()
    assert await rows(chapter) == [] and await files(chapter) == 0


async def test_a_picture_that_comes_after_its_post_was_hidden_is_not_kept(
    world: World, origin: Origin
) -> None:
    chapter = await open_chapter(world, origin)
    ada = await follow_ada(world, chapter)
    asked, go_on = asyncio.Event(), asyncio.Event()
    body = jpeg()

    async def slow(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await go_on.wait()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)

    known = await post(chapter, ada, origin.handle("/slow.jpg", slow))
    chapter.clock.move(timedelta(minutes=2))
    await chapter.run(chapter.instance.fetcher.work())
    await asked.wait()

    async def hide(unit: Unit) -> None:
        await change(unit, known.uri, state="hidden")

    await chapter.unit(hide)
    go_on.set()
    await chapter.settle()
    assert await rows(chapter) == [] and await files(chapter) == 0


async def test_a_slow_host_keeps_no_reader_and_no_job_waiting(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    ada = await follow_ada(world, chapter)
    go_on = asyncio.Event()

    async def slow(writer: asyncio.StreamWriter) -> None:
        await go_on.wait()

    urls = [origin.handle(f"/{number}.jpg", slow) for number in range(4)]
    known = await post(chapter, ada, *urls)
    chapter.clock.move(timedelta(minutes=2))
    for _ in range(3):
        await chapter.run(chapter.instance.fetcher.work())
    async with chapter.client() as client:
        assert (await client.get(f"/posts/{known.ref}")).status_code == 200
    while len(origin.asked) < 2:
        await asyncio.sleep(0)
    assert origin.most_at_once == 2, "never more than two at once for one host"
    go_on.set()
    while not chapter.instance.fetcher.idle:
        await chapter.run(chapter.instance.fetcher.pause())
    assert {row["state"] for row in await rows(chapter)} == {"wanted"}
    assert len(origin.asked) <= 4, "a host that does not answer rests"


@pytest.mark.parametrize("what", ["host of the author", "author", "suspended"])
async def test_a_mark_stops_pictures_at_once(each_world: World, origin: Origin, what: str) -> None:
    chapter = await open_chapter(each_world, origin)
    ada = await follow_ada(each_world, chapter)
    await post_with_picture(chapter, ada, origin)
    id_ = (await only_row(chapter))["id"]
    if what == "author":
        await mark(chapter, "actor", ada.uri, reject_media=True)
    elif what == "suspended":
        await chapter.unit(
            lambda unit: unit.execute("UPDATE actor SET state = 'suspended' WHERE uri = ?", ada.uri)
        )
    else:
        await mark(chapter, "host", ada.host, reject_media=True)
    assert (await status_of(chapter, id_))[0] == 404
    await chapter.settle()
    assert await files(chapter) == 0 and await rows(chapter) == []
    note = ada.note("<p>More</p>", attachment=[attachment(origin.put("/b.jpg", jpeg()))])
    await ada.send(chapter, ada.create(note))
    await chapter.settle()
    await come(chapter)
    assert origin.asked == ["/a.jpg"]


async def test_the_hourly_round_erases_what_nobody_asks_for_any_more(
    each_world: World, origin: Origin
) -> None:
    chapter = await open_chapter(each_world, origin)
    ada = await follow_ada(each_world, chapter, icon={"type": "Image", "url": origin.put("/ada.jpg", jpeg())})
    await post_with_picture(chapter, ada, origin)
    assert await files(chapter) == 2
    await mark(chapter, "host", ada.host, reject_media=True)
    assert await chapter.run(drop_what_may_not_be_shown(chapter.house)) == 2
    await chapter.settle()
    assert await files(chapter) == 0


async def test_after_a_week_unseen_it_goes_and_comes_back_when_somebody_looks(
    each_world: World, origin: Origin
) -> None:
    chapter = await open_chapter(each_world, origin)
    ada = await follow_ada(each_world, chapter)
    await post_with_picture(chapter, ada, origin)
    id_ = (await only_row(chapter))["id"]
    for _ in range(3):
        await come(chapter, days=3)
        assert (await status_of(chapter, id_))[1] == "image/webp", "seen every third day it stays"
    await come(chapter, days=8)
    assert await files(chapter) == 0 and (await only_row(chapter))["state"] == "away"
    assert origin.asked == ["/a.jpg"]
    assert await status_of(chapter, id_) == (200, "image/svg+xml")
    assert origin.asked == ["/a.jpg"], "the visit itself asks nothing"
    await come(chapter)
    assert (await status_of(chapter, id_))[1] == "image/webp" and origin.asked == ["/a.jpg", "/a.jpg"]


async def test_above_the_quota_what_was_not_seen_for_longest_goes(each_world: World, origin: Origin) -> None:
    chapter = await open_chapter(each_world, origin)
    ada = await follow_ada(each_world, chapter)
    await chapter.unit(lambda unit: choose(unit, "remote_pictures_mb", "1"))
    for number in range(3):
        await post(chapter, ada, origin.put(f"/{number}.jpg", jpeg((300, 300))))
        await come(chapter, hours=7)
    first = (await rows(chapter))[0]["id"]
    assert (await status_of(chapter, first))[0] == 200
    await chapter.unit(lambda unit: unit.execute("UPDATE remote_picture SET size_bytes = 400000"))
    assert await chapter.unit(let_go_too_much) == 1
    await chapter.settle()
    assert [row["state"] for row in await rows(chapter)] == ["kept", "away", "kept"]
    assert await files(chapter) == 2


async def test_a_quota_of_nothing_loads_nothing(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    ada = await follow_ada(world, chapter)
    await chapter.unit(lambda unit: choose(unit, "remote_pictures_mb", "0"))
    known = await post(chapter, ada, origin.put("/a.jpg", jpeg()))
    await come(chapter)
    assert origin.asked == []
    async with chapter.client() as client:
        assert "A march" in (await client.get(f"/posts/{known.ref}")).text


async def test_what_is_not_there_is_not_asked_for_again_and_again(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    ada = await follow_ada(world, chapter)
    await post(chapter, ada, origin.url("/nowhere.jpg"))
    await come(chapter)
    row = await only_row(chapter)
    assert (row["state"], row["reason"]) == ("failed", "status")
    for _ in range(5):
        await status_of(chapter, row["id"])
        await come(chapter, hours=1)
    assert origin.asked == ["/nowhere.jpg"]
    await come(chapter, days=1)
    await status_of(chapter, row["id"])
    await come(chapter)
    assert origin.asked == ["/nowhere.jpg"] * 2


async def test_it_is_no_open_proxy(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    url = origin.put("/a.jpg", jpeg())
    async with chapter.client() as client:
        for path in (
            f"/pictures/remote/{url}",
            f"/pictures/remote/?url={url}",
            f"/pictures/remote/{'0' * 26}",
        ):
            assert (await client.get(path, follow_redirects=True)).status_code == 404
    await come(chapter)
    assert origin.asked == []


async def test_a_lost_file_is_fetched_again(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    ada = await follow_ada(world, chapter)
    await post_with_picture(chapter, ada, origin)
    row = await only_row(chapter)
    for path in (chapter.settings.data / "remote-pictures").rglob("*.webp"):
        path.unlink()
    assert await status_of(chapter, row["id"]) == (200, "image/svg+xml")
    await come(chapter)
    assert (await status_of(chapter, row["id"]))[1] == "image/webp"


async def test_a_file_that_no_row_names_is_erased(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    lost = chapter.settings.data / "remote-pictures" / "ab" / "cd" / f"abcd{'0' * 28}.webp"
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"RIFF")
    await come(chapter)
    assert not lost.exists()


async def test_pictures_with_a_warning_are_veiled_and_sensitive_ones_too(
    world: World, origin: Origin
) -> None:
    chapter = await open_chapter(world, origin)
    ada = await follow_ada(world, chapter)
    plain = await post_with_picture(chapter, ada, origin)
    warned = await post_with_picture(chapter, ada, origin, summary="Blood")
    sensitive = await post_with_picture(chapter, ada, origin, sensitive=True)
    async with chapter.client() as client:
        pages = [(await client.get(f"/posts/{one.ref}")).text for one in (plain, warned, sensitive)]
    assert ["image-veiled" in page for page in pages] == [False, True, True]
    assert all(page.count('alt="A march"') == 1 for page in pages)


async def test_faces_stand_beside_comments_and_follow_their_owner(each_world: World, origin: Origin) -> None:
    chapter = await open_chapter(each_world, origin)
    root = await announce(chapter, "Hello")
    stranger = each_world.stranger("eve")
    stranger.put(
        stranger.uri, stranger.document(icon={"type": "Image", "url": origin.put("/eve.png", jpeg())})
    )
    reply = await post(chapter, stranger, reply_to=root)
    await turn_to(chapter, reply.uri, "shown")
    await come(chapter)
    row = await only_row(chapter)
    assert (row["sort"], row["width"]) == ("face", 64)
    async with chapter.client() as client:
        page = (await client.get(root.removeprefix(chapter.settings.origin))).text
    assert f'src="/pictures/remote/{row["id"]}"' in page
    await turn_to(chapter, reply.uri, "hidden")
    assert await rows(chapter) == [] and await files(chapter) == 0


async def test_a_backup_has_none_of_them(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    ada = await follow_ada(world, chapter)
    await post_with_picture(chapter, ada, origin)
    assert await files(chapter) == 1
    assert list(pictures_below(chapter.settings.data / "media")) == []


async def test_a_member_keeps_the_picture_and_the_session(world: World, origin: Origin) -> None:
    chapter = await open_chapter(world, origin)
    ada = await follow_ada(world, chapter)
    await post_with_picture(chapter, ada, origin)
    member = await chapter.signed_in()
    picture = await member.get(f"/pictures/remote/{(await only_row(chapter))['id']}")
    assert "immutable" in picture.headers["cache-control"] and "set-cookie" not in picture.headers
    page = await member.get("/me")
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
