"""The pages of announcements, in a browser that runs no scripts."""

import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import httpx

from fedchapter.members import Role
from fedchapter.objects.announcement import service
from fedchapter.objects.announcement.draft import Draft
from fedchapter.store.choices import choose
from tests.media.pictures import jpeg
from tests.objects.announcement.support import announce, follows, id_in, known, shown
from tests.support.network import World

FIELDS = {
    "title": "",
    "language": "en",
    "warning": "",
    "visibility": "public",
    "when": "now",
    "do": "publish",
}


async def write(client: httpx.AsyncClient, text: str, path: str = "/write", **fields: Any) -> httpx.Response:
    """Sends the writing form."""
    picture = fields.pop("picture_file", None)
    files = {"file": ("a.jpg", picture, "image/jpeg")} if picture else None
    return await client.post(path, data=FIELDS | {"text": text} | fields, files=files)


async def test_an_announcement_is_written_read_edited_and_deleted(world: World) -> None:
    chapter = await world.chapter()
    moderator = await chapter.signed_in(Role.MODERATOR)
    assert (await moderator.get("/write")).status_code == 200
    path = (await write(moderator, "We meet on **Friday**", title="Assembly")).headers["location"]
    async with chapter.client() as visitor:
        page = (await visitor.get(path)).text
        assert "<strong>Friday</strong>" in page and '<meta property="og:title" content="Assembly">' in page
        assert '<meta name="fediverse:creator" content="@riverside@riverside.test">' in page
        assert "Edit" not in page
    world.move(minutes=1)
    assert 'value="Assembly"' in (await moderator.get(f"{path}/edit")).text
    answer = await write(moderator, "We meet on **Sunday**", f"{path}/edit", title="Assembly")
    assert answer.headers["location"] == path
    assert "Sunday" in (await moderator.get(path)).text
    assert "Friday" in (await moderator.get(f"{path}/history")).text
    assert "for good" in (await moderator.get(f"{path}/delete")).text
    assert (await moderator.post(f"{path}/delete")).status_code == 303
    assert (await moderator.get(path)).status_code == 410
    assert (await moderator.get(f"{path}/history")).status_code == 404


async def test_members_and_visitors_cannot_write(world: World) -> None:
    chapter = await world.chapter()
    member = await chapter.signed_in(Role.MEMBER)
    assert (await write(member, "I say so")).status_code == 403
    async with chapter.client() as visitor:
        assert (await write(visitor, "So do I")).status_code == 403
        assert (await visitor.get("/write")).headers["location"] == "/sign-in?next=/write"
    assert await chapter.count("announcement") == 0


async def test_a_preview_shows_the_post_and_publishes_nothing(world: World) -> None:
    chapter = await world.chapter()
    moderator = await chapter.signed_in()
    page = (await write(moderator, "We *might* meet #Soon", do="preview")).text
    assert "<em>might</em>" in page and "/tags/soon" in page and "We *might* meet #Soon" in page
    assert await chapter.count("announcement") == 0 and await shown(chapter) == []


async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world: World) -> None:
    chapter = await world.chapter()
    moderator = await chapter.signed_in()
    answer = await write(moderator, "", title="Only a title")
    assert answer.status_code == 422 and 'value="Only a title"' in answer.text
    assert "Write something first." in answer.text


async def test_a_picture_needs_words_or_is_said_to_be_decoration(world: World) -> None:
    chapter = await world.chapter()
    moderator = await chapter.signed_in()
    answer = await write(moderator, "Look", picture_file=jpeg())
    assert answer.status_code == 422 and "Describe this picture" in answer.text
    [picture] = re.findall(r'name="picture" value="(\w+)"', answer.text)
    described = {"picture": picture, f"alt-{picture}": "A red and blue flag"}
    path = (await write(moderator, "Look", **described)).headers["location"]
    note = await chapter.get_json(path)
    [attachment] = note["attachment"]
    assert attachment["name"] == "A red and blue flag" and attachment["mediaType"] == "image/jpeg"
    assert (attachment["width"], attachment["height"]) == (64, 32)
    async with chapter.client() as visitor:
        assert (await visitor.get(attachment["url"])).headers["content-type"] == "image/jpeg"
        assert 'alt="A red and blue flag"' in (await visitor.get(path)).text
    stolen = await write(moderator, "Mine now", **described)
    assert stolen.status_code == 422 and "not here any more" in stolen.text


async def test_a_decorative_picture_has_no_alt_text_and_goes_with_its_post(world: World) -> None:
    chapter = await world.chapter()
    moderator = await chapter.signed_in()
    path = (await write(moderator, "Look", picture_file=jpeg(), decorative="yes")).headers["location"]
    [attachment] = (await chapter.get_json(path))["attachment"]
    assert "name" not in attachment
    await moderator.post(f"{path}/delete")
    await chapter.settle()
    async with chapter.client() as visitor:
        assert (await visitor.get(attachment["url"])).status_code == 404
    assert await chapter.count("upload") == 0


async def test_a_picture_that_was_never_published_is_gone_after_a_day(world: World) -> None:
    chapter = await world.chapter()
    moderator = await chapter.signed_in()
    await write(moderator, "Look", picture_file=jpeg(), do="attach")
    assert await chapter.count("upload") == 1
    world.move(hours=25)
    await chapter.settle()
    assert await chapter.count("upload") == 0
    assert await chapter.run(chapter.house.shelf.disk_bytes()) == 0


async def test_a_time_is_read_in_the_zone_of_the_chapter(world: World) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, "timezone", "America/Chicago"))
    moderator = await chapter.signed_in()
    answer = await write(moderator, "Later", when="later", at="2031-07-01T18:30", pinned="yes")
    assert answer.headers["location"] == "/scheduled"
    [waiting] = await chapter.run(service.find_scheduled(chapter.house.database))
    assert waiting.publish_at is not None and waiting.publish_at.isoformat() == "2031-07-01T23:30:00+00:00"
    assert "18:30" in (await moderator.get("/scheduled")).text
    path = f"/announcements/{waiting.id}"
    assert 'value="2031-07-01T18:30"' in (await moderator.get(f"{path}/edit")).text
    await write(moderator, "Now", f"{path}/edit")
    assert "Now" in (await moderator.get(path)).text and await shown(chapter) != []


async def test_a_scheduled_announcement_can_be_thrown_away(world: World) -> None:
    chapter = await world.chapter()
    moderator = await chapter.signed_in()
    soon = chapter.house.clock.now() + timedelta(hours=3)
    await write(moderator, "Never mind", when="later", at=soon.strftime("%Y-%m-%dT%H:%M"))
    [waiting] = await chapter.run(service.find_scheduled(chapter.house.database))
    assert (await moderator.post(f"/announcements/{waiting.id}/delete")).headers["location"] == "/scheduled"
    world.move(hours=4)
    await chapter.settle()
    assert await chapter.count("announcement") == 0 and await shown(chapter) == []


async def test_a_time_that_never_comes_is_refused(world: World) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, "timezone", "Europe/Berlin"))
    moderator = await chapter.signed_in()
    for at, words in (
        ("", "on which day"),
        ("2001-01-01T10:00", "has passed"),
        ("2031-03-30T02:30", "does not exist"),
    ):
        answer = await write(moderator, "When?", when="later", at=at)
        assert answer.status_code == 422 and words in answer.text


async def test_a_moderator_pins_and_unpins(world: World) -> None:
    chapter = await world.chapter()
    uri = await announce(chapter, "Read this first")
    moderator = await chapter.signed_in()
    for wish, pinned in (("yes", True), ("no", False)):
        await moderator.post(f"{uri}/pin", data={"pinned": wish})
        found = await known(chapter, uri)
        assert found is not None and (found.pinned_at is not None) is pinned


async def test_a_moderator_shares_what_another_chapter_published(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    await follows(hillside, riverside)
    uri = await announce(riverside, "Come to the march")
    await world.settle()
    found = await known(hillside, uri)
    assert found is not None
    moderator, path = await hillside.signed_in(), f"/posts/{found.ref}"
    assert "Share with our followers" in (await moderator.get(path)).text
    answer = await moderator.post("/share", data={"uri": uri, "next": path})
    assert answer.headers["location"] == path
    await world.settle()
    assert "Stop sharing" in (await moderator.get(path)).text
    original = await known(riverside, uri)
    assert original is not None and original.boosts == 1
    await moderator.post("/unshare", data={"uri": uri, "next": "https://evil.example/"})
    await world.settle()
    original = await known(riverside, uri)
    assert original is not None and original.boosts == 0


async def test_our_own_posts_and_private_ones_cannot_be_shared(world: World) -> None:
    chapter = await world.chapter()
    uri = await announce(chapter, "Ours")
    moderator = await chapter.signed_in()
    assert (await moderator.post("/share", data={"uri": uri})).status_code == 400
    assert (await moderator.post("/share", data={"uri": "https://x.example/1"})).status_code == 404


async def test_a_hashtag_has_a_page_with_public_announcements_only(world: World) -> None:
    chapter = await world.chapter()
    await announce(chapter, "All welcome #Größe")
    await announce(chapter, "Hush #größe", visibility="followers")
    async with chapter.client() as visitor:
        page = (await visitor.get("/tags/gr%C3%B6%C3%9Fe")).text
    assert "All welcome" in page and "Hush" not in page


async def test_the_feed_is_well_formed_whatever_is_in_it(world: World) -> None:
    chapter = await world.chapter()
    uri = await announce(chapter, 'a < b & "c" <script>alert(1)</script>', title="<&>'")
    await announce(chapter, "A secret", visibility="unlisted")
    async with chapter.client() as visitor:
        answer = await visitor.get("/feed.xml")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.text)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    [entry] = feed.findall("a:entry", atom)
    assert entry.findtext("a:id", "", atom) == uri and entry.findtext("a:title", "", atom) == "<&>'"
    assert "<script" not in entry.findtext("a:content", "", atom)


async def test_d1_a_script_in_another_servers_post_is_not_on_our_page(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await follows(chapter, ada)
    picture = {"type": "Image", "url": "https://x.example/a.png", "name": '"><script>alert(2)</script>'}
    note = ada.note("<p onclick=alert(1)>Hi</p><script>alert(1)</script>", attachment=[picture])
    assert (await ada.tell(chapter, ada.create(note)))[0] == "done"
    found = await known(chapter, note["id"])
    async with chapter.client() as visitor:
        page = (await visitor.get(f"/posts/{found.ref if found else ''}")).text
    assert "&lt;script&gt;alert(2)" in page
    assert "<script>alert" not in page and "onclick" not in page


async def test_what_a_stranger_says_to_us_waits_and_is_never_listed(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    note = ada.note("Buy this", cc=[chapter.uri])
    assert (await ada.tell(chapter, ada.create(note)))[0] == "held"
    assert await shown(chapter) == []
    found = await known(chapter, note["id"])
    assert found is not None and not found.listed
    async with chapter.client() as visitor:
        assert (await visitor.get(f"/posts/{found.ref}")).status_code == 404
    moderator = await chapter.signed_in()
    assert (await moderator.get(f"/posts/{found.ref}")).status_code == 200


async def test_what_concerns_nobody_here_is_ignored_with_the_reason(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    state, reason = await ada.tell(chapter, ada.create(ada.note("Nice weather")))
    assert state == "ignored" and "nobody here follows" in reason
    await follows(chapter, ada)
    answer = ada.note("Indeed", reply_to="https://other.example/notes/1")
    assert await ada.tell(chapter, ada.create(answer)) == (
        "ignored",
        "answers something that is not known here",
    )
    assert (await ada.tell(chapter, ada.create(ada.note("Psst", public=False))))[0] == "ignored"
    assert await chapter.count("announcement") == 0


async def test_a_share_by_somebody_nobody_follows_is_not_shown(world: World) -> None:
    chapter, ada, tomas = await world.chapter(), world.stranger(), world.stranger("tomas", "commons.example")
    note = tomas.note("Ten rules")
    assert (await ada.tell(chapter, ada.activity("Announce", note["id"], to=note["to"])))[0] == "ignored"
    assert await shown(chapter) == [] and note["id"] not in tomas.site.asked


async def test_a_post_from_the_future_does_not_stay_on_top(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await follows(chapter, ada)
    note = ada.note("From tomorrow", published="2199-01-01T00:00:00Z")
    await ada.tell(chapter, ada.create(note))
    world.move(minutes=1)
    uri = await announce(chapter, "From now")
    assert await shown(chapter) == [uri, note["id"]]


async def test_a8_a_neighbour_on_the_same_server_cannot_change_or_delete_a_post(world: World) -> None:
    chapter, ada, eve = await world.chapter(), world.stranger(), world.stranger("eve")
    await follows(chapter, ada)
    note = ada.note("Mine")
    await ada.tell(chapter, ada.create(note))
    forged = note | {"content": "Hers", "updated": "2031-01-01T00:00:00Z"}
    for act in (eve.activity("Update", forged), eve.activity("Delete", note["id"])):
        assert (await eve.tell(chapter, act))[0] in ("refused", "ignored")
    found = await known(chapter, note["id"])
    assert found is not None and "Mine" in found.html


async def test_a_chapter_that_edits_nothing_but_pictures_sends_an_update(each_world: World) -> None:
    chapter = await each_world.chapter()
    moderator = await chapter.signed_in()
    path = (await write(moderator, "Look", picture_file=jpeg(), alt="A flag")).headers["location"]
    each_world.move(minutes=1)
    assert await chapter.unit(lambda unit: service.edit(unit, id_in(path), Draft("Look", language="en")))
    assert await chapter.count("outbox_item", "verb = 'Update'") == 1
    assert "attachment" not in await chapter.get_json(path)
