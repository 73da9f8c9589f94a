"""Announcements between real chapters: published, edited, deleted, pinned, shared, on both databases."""

from fedchapter.objects.announcement import service
from fedchapter.objects.announcement.draft import Draft
from tests.objects.announcement.support import announce, follows, id_in, known, shown
from tests.support.network import Chapter, World


async def pair(world: World) -> tuple[Chapter, Chapter]:
    """Riverside, and Hillside which follows it."""
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    await follows(hillside, riverside)
    return riverside, hillside


async def test_an_announcement_is_on_the_home_page_of_a_chapter_that_follows(each_world: World) -> None:
    riverside, hillside = await pair(each_world)
    uri = await announce(riverside, "We meet on **Friday**. #RentStrike", title="Rent strike")
    await each_world.settle()
    assert await shown(hillside) == [uri]
    found = await known(hillside, uri)
    assert found is not None and found.title == "Rent strike" and "<strong>Friday</strong>" in found.html


async def test_an_edit_travels_and_its_earlier_version_is_kept_on_both_sides(each_world: World) -> None:
    riverside, hillside = await pair(each_world)
    uri = await announce(riverside, "We meet on Friday")
    each_world.move(minutes=5)
    assert await riverside.unit(lambda unit: service.edit(unit, id_in(uri), Draft("We meet on Saturday")))
    await each_world.settle()
    for chapter in (riverside, hillside):
        found = await known(chapter, uri)
        assert found is not None and "Saturday" in found.html and found.updated_at is not None
        post = await chapter.run(service.find_post(chapter.house.database, uri=uri))
        assert post is not None
        [before] = await chapter.run(service.find_versions(chapter.house.database, post.id))
        assert "Friday" in before["html"]


async def test_an_edit_that_changes_nothing_is_not_sent(world: World) -> None:
    riverside, hillside = await pair(world)
    uri = await announce(riverside, "We meet on Friday")
    assert not await riverside.unit(lambda unit: service.edit(unit, id_in(uri), Draft("We meet on Friday")))
    await world.settle()
    assert [verb for verb, _, _ in await hillside.log()] == ["Accept", "Create"]


async def test_a_deletion_leaves_tombstones_and_no_text_anywhere(each_world: World) -> None:
    riverside, hillside = await pair(each_world)
    uri = await announce(riverside, "A secret slipped in")
    await each_world.settle()
    await riverside.unit(lambda unit: service.delete(unit, id_in(uri)))
    await each_world.settle()
    for chapter in (riverside, hillside):
        found = await known(chapter, uri)
        assert found is not None and found.state == "gone" and found.html == ""
        assert await chapter.count("announcement", "html LIKE '%slipped%' OR source LIKE '%slipped%'") == 0
    assert await riverside.count("outbox_item", "body LIKE '%slipped%'") == 0
    async with riverside.client() as client:
        answer = await client.get(uri, headers={"Accept": "application/activity+json"})
        assert answer.status_code == 410 and answer.json()["type"] == "Tombstone"
        assert (await client.get(uri)).status_code == 410


async def test_what_is_deleted_before_it_arrived_is_never_delivered(world: World) -> None:
    riverside, hillside = await pair(world)
    world.network.cut(hillside.host)
    uri = await announce(riverside, "Too hasty")
    await riverside.unit(lambda unit: service.delete(unit, id_in(uri)))
    world.network.mend(hillside.host)
    world.move(hours=2)
    await world.settle()
    assert [verb for verb, _, _ in await hillside.log()] == ["Accept", "Delete"]
    assert await known(hillside, uri) is None


async def test_a_pin_is_in_featured_and_known_to_followers(each_world: World) -> None:
    riverside, hillside = await pair(each_world)
    uri = await announce(riverside, "Read this first", pinned=True)
    await each_world.settle()
    assert (await riverside.get_json("/@riverside/featured"))["orderedItems"] == [uri]
    found = await known(hillside, uri)
    assert found is not None and found.pinned_at is not None
    await riverside.unit(lambda unit: service.pin(unit, id_in(uri), pinned=False))
    await each_world.settle()
    assert (await riverside.get_json("/@riverside/featured"))["orderedItems"] == []
    found = await known(hillside, uri)
    assert found is not None and found.pinned_at is None


async def test_a_shared_post_reaches_those_who_follow_only_the_sharer(each_world: World) -> None:
    riverside, hillside = await pair(each_world)
    harbor = await each_world.chapter("harbor")
    await follows(harbor, hillside)
    uri = await announce(riverside, "Come to the march")
    await each_world.settle()
    await hillside.unit(lambda unit: service.share(unit, uri))
    await each_world.settle()
    found = await known(harbor, uri)
    assert found is not None and found.boosted_by_uri == hillside.uri and await shown(harbor) == [uri]
    await hillside.unit(lambda unit: service.unshare(unit, uri))
    await each_world.settle()
    assert await shown(harbor) == []


async def test_a_scheduled_announcement_is_published_at_its_time_and_not_seen_before(
    each_world: World,
) -> None:
    riverside, hillside = await pair(each_world)
    at = each_world.clock.now().replace(microsecond=0)
    each_world.move(hours=-2)
    uri = await announce(riverside, "Doors open now", publish_at=at)
    await each_world.settle()
    assert await shown(hillside) == [] and await known(riverside, uri) is None
    async with riverside.client() as client:
        assert (await client.get(uri)).status_code == 404
    each_world.move(hours=3)
    await each_world.settle()
    assert await shown(hillside) == [uri]
    assert [one.id for one in await riverside.run(service.find_scheduled(riverside.house.database))] == []
