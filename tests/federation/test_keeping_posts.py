"""Posts and people of other servers that nobody here has had anything to do with are forgotten, and nothing else is."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from fedchapter.federation import memory
from fedchapter.jobs.sweep import find_sweeps
from fedchapter.moderation.desk import Opening, open_item
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.comment import service as comments
from fedchapter.objects.comment.draft import CommentDraft
from fedchapter.objects.reaction import service as reactions
from fedchapter.objects.reaction.draft import ReactionDraft
from fedchapter.policy import set_mark
from fedchapter.store import Unit
from fedchapter.store.kinds import change
from tests.objects.announcement.support import announce, follows, known
from tests.objects.event.made import follow, publish
from tests.objects.sister.test_sisters import made_sisters
from tests.support.network import Chapter, Stranger, World
from tests.support.sweeping import erased, sweep

Doing = Callable[[Chapter, str, Stranger], Awaitable[None]]


async def posted(world: World, *, replies: int = 0) -> tuple[Chapter, Stranger, str]:
    """A chapter with a post of somebody whom it follows, and what others said to it."""
    chapter, ada = await world.chapter(), world.stranger()
    await follows(chapter, ada)
    note = ada.note("<p>The bridge is closed.</p>")
    assert (await ada.tell(chapter, ada.create(note)))[0] == "done"
    for number in range(replies):
        reply = ada.note(f"<p>Still closed, {number}.</p>", reply_to=note["id"])
        await ada.tell(chapter, ada.create(reply))
    return chapter, ada, note["id"]


async def test_a_post_that_nobody_here_cared_for_goes_with_everything_about_it(each_world: World) -> None:
    chapter, ada, uri = await posted(each_world, replies=3)
    bob = each_world.stranger("bob", "other.test")
    await bob.tell(chapter, bob.activity("Like", uri))
    await ada.tell(
        chapter,
        ada.activity("Update", ada.note("<p>Open again.</p>", id=uri, updated="2030-01-01T00:00:00Z")),
    )
    await sweep(each_world, chapter, days=89)
    assert await known(chapter, uri) is not None
    await sweep(each_world, chapter, days=2)
    assert await erased(chapter, memory.POSTS) == 4
    for table in ("announcement", "announcement_version", "announcement_tag", "share", "reaction"):
        assert await chapter.count(table) == 0, table
    assert await chapter.count("known_object", "local = false AND kind <> 'follow'") == 0
    assert await chapter.count("tombstone") == 0, "it may come again"
    assert (await chapter.client().get("/")).status_code == 200


async def test_what_was_forgotten_may_come_again(world: World) -> None:
    chapter, ada, uri = await posted(world)
    await sweep(world, chapter, days=91)
    assert await known(chapter, uri) is None
    note = ada.note("<p>The bridge is closed.</p>", id=uri)
    assert (await ada.tell(chapter, ada.create(note)))[0] == "done"
    assert await known(chapter, uri) is not None


async def reply(chapter: Chapter, uri: str, ada: Stranger) -> None:
    await chapter.unit(lambda unit: comments.write(unit, CommentDraft(uri, "For how long?")))


async def like(chapter: Chapter, uri: str, ada: Stranger) -> None:
    draft = ReactionDraft(chapter.settings.uri("activities", "1"), chapter.uri, uri, "like")
    await chapter.unit(lambda unit: reactions.react(unit, draft))


async def share(chapter: Chapter, uri: str, ada: Stranger) -> None:
    await chapter.unit(lambda unit: announcements.share(unit, uri))


async def pin(chapter: Chapter, uri: str, ada: Stranger) -> None:
    async def turn(unit: Unit) -> None:
        await change(unit, uri, pinned_at=unit.now)

    await chapter.unit(turn)


async def quote_allowed(chapter: Chapter, uri: str, ada: Stranger) -> None:
    ours = await announce(chapter, "We meet at the bridge.")
    request = ada.activity("QuoteRequest", ours, instrument=uri)
    assert (await ada.tell(chapter, request))[0] == "done"


async def waits_at_the_desk(chapter: Chapter, uri: str, ada: Stranger) -> None:

    await chapter.unit(lambda unit: open_item(unit, Opening("report", uri, 50, "spam")))


@pytest.mark.parametrize(
    "doing",
    [reply, like, share, pin, quote_allowed, waits_at_the_desk],
    ids=lambda one: one.__name__.replace("_", " "),
)
async def test_what_somebody_here_had_a_part_in_stays(each_world: World, doing: Doing) -> None:
    chapter, ada, uri = await posted(each_world, replies=1)
    await doing(chapter, uri, ada)
    await sweep(each_world, chapter, days=80)
    await sweep(each_world, chapter, days=11)
    found = await known(chapter, uri)
    assert found is not None and "bridge" in found.html
    assert await chapter.count("known_object", "root_uri = ? AND local = false", uri) >= 1
    assert await chapter.count("announcement", "uri = ?", uri) == 1


async def test_a_thread_lasts_as_long_as_its_newest_part(world: World) -> None:
    chapter, ada, uri = await posted(world, replies=1)
    world.move(days=50)
    await ada.tell(chapter, ada.create(ada.note("<p>It opens soon.</p>", reply_to=uri)))
    await sweep(world, chapter, days=60)
    assert await chapter.count("known_object", "root_uri = ?", uri) == 2
    await sweep(world, chapter, days=31)
    assert await chapter.count("known_object", "root_uri = ? OR uri = ?", uri, uri) == 0


async def test_what_others_said_to_our_own_posts_stays(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    uri = await announce(chapter, "We meet on Tuesday.")
    await ada.tell(chapter, ada.create(ada.note("<p>Where?</p>", reply_to=uri)))
    await sweep(world, chapter, days=200)
    assert await chapter.count("known_object", "kind = 'comment' AND root_uri = ?", uri) == 1
    assert await chapter.count("actor", "uri = ?", ada.uri) == 1


async def test_what_moderators_hid_loses_its_words_and_stays_hidden(each_world: World) -> None:
    chapter, ada, uri = await posted(each_world)
    await chapter.unit(lambda unit: change(unit, uri, state="hidden"))
    for _ in range(2):
        await sweep(each_world, chapter, days=91)
    found = await known(chapter, uri)
    assert found is not None and (found.state, found.html, found.title) == ("hidden", "", "")
    assert await chapter.count("announcement") == 0
    await ada.tell(chapter, ada.create(ada.note("<p>The bridge is closed.</p>", id=uri)))
    found = await known(chapter, uri)
    assert found is not None and found.state == "hidden"


async def test_what_is_held_is_left_to_the_desk(world: World) -> None:
    chapter, _, uri = await posted(world)
    await chapter.unit(lambda unit: change(unit, uri, state="held"))
    await sweep(world, chapter, days=91)
    assert await known(chapter, uri) is not None


async def test_a_sister_chapters_posts_and_events_stay(world: World) -> None:
    riverside, hillside = await made_sisters(world)
    uri = await announce(hillside, "We rented the mill.")
    event = await publish(hillside)
    await world.settle()
    assert await known(riverside, uri) is not None
    await sweep(world, riverside, days=120)
    assert await known(riverside, uri) is not None and await known(riverside, event.uri) is not None


async def test_an_event_elsewhere_stays_until_it_was_long_ago(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    await follows(riverside, hillside)
    await each_world.settle()
    start_at = each_world.clock.now().replace(microsecond=0)
    event = await publish(hillside, start_at=start_at.replace(year=start_at.year + 1), end_at=None)
    await each_world.settle()
    assert await known(riverside, event.uri) is not None
    await sweep(each_world, riverside, days=120)
    assert await known(riverside, event.uri) is not None, "it is still to come"
    await sweep(each_world, riverside, days=300)
    assert await known(riverside, event.uri) is None
    assert await riverside.count("event") == 0
    assert await hillside.count("event") == 1, "it was ours to keep there"


async def test_a_long_thread_goes_step_by_step(world: World) -> None:
    chapter, _, uri = await posted(world)

    async def fill(unit: Unit) -> None:
        root = await unit.row("SELECT * FROM known_object WHERE uri = ?", uri)
        assert root is not None
        rows = []
        for number in range(1_300):
            changed = {"uri": f"{uri}/{number}", "kind": "comment", "ref": unit.new_id(), "root_uri": uri}
            rows.append(list((root | changed | {"reply_to_uri": uri, "listed": False}).values()))
        names = ", ".join(root)
        await unit.execute_many(
            f"INSERT INTO known_object ({names}) VALUES ({', '.join('?' * len(root))})", rows
        )

    await chapter.unit(fill)
    await sweep(world, chapter, days=91)
    assert await known(chapter, uri) is None
    assert await chapter.count("known_object", "root_uri = ?", uri) == 0
    assert await erased(chapter, memory.POSTS) == 1_301
    steps = await chapter.count("job", "name = 'sweep-step' AND key LIKE 'sweep-step:posts:%'")
    assert steps >= 3 + len(memory.PLACES) - 1


async def test_people_whom_nothing_names_are_forgotten_with_their_keys(each_world: World) -> None:
    chapter = await each_world.chapter()
    ada, bob, eve = (each_world.stranger(name, f"{name}.test") for name in ("ada", "bob", "eve"))
    await ada.tell(chapter, ada.activity("View", "https://elsewhere.test/1"))
    await follow(bob, chapter)
    await eve.tell(chapter, eve.activity("View", "https://elsewhere.test/2"))
    await chapter.unit(partial(set_mark, scope="actor", subject=eve.uri, decision="refuse"))
    await sweep(each_world, chapter, days=89)
    assert await chapter.count("actor", "local = false") == 3
    await sweep(each_world, chapter, days=2)
    left = {row["uri"] for row in await chapter.rows("SELECT uri FROM actor WHERE local = false")}
    assert left == {bob.uri, eve.uri}
    assert await chapter.count("actor_key", "actor_uri = ?", ada.uri) == 0
    assert await chapter.count("peer", "host = 'ada.test'") == 0
    assert await chapter.count("actor", "local = true") == await chapter.count(
        "actor", "local = true AND state = 'active'"
    )
    assert (await ada.tell(chapter, ada.activity("View", "https://elsewhere.test/3")))[0] == "ignored", (
        "they may return"
    )


async def test_what_others_deleted_is_remembered_for_a_while_and_what_we_did_for_good(
    each_world: World,
) -> None:
    chapter, ada, uri = await posted(each_world, replies=1)
    await ada.tell(chapter, ada.activity("Delete", uri))
    ours = await announce(chapter, "A mistake.")
    await chapter.unit(lambda unit: announcements.delete(unit, ours.rpartition("/")[2]))
    await sweep(each_world, chapter, days=60)
    assert await chapter.count("tombstone") == 2
    await sweep(each_world, chapter, days=31)
    assert [row["uri"] for row in await chapter.rows("SELECT uri FROM tombstone")] == [ours]
    assert await known(chapter, uri) is None, "and what was said to it is gone too"
    assert await chapter.count("known_object", "local = false AND kind <> 'follow'") == 0
    assert (await chapter.client().get(ours)).status_code == 410


async def test_old_posts_are_looked_for_once_a_day(world: World) -> None:
    chapter = await world.chapter()
    await sweep(world, chapter)
    first = (await chapter.run(find_sweeps(chapter.house.database)))[memory.POSTS]["began_at"]
    await sweep(world, chapter, hours=5)
    again = (await chapter.run(find_sweeps(chapter.house.database)))[memory.POSTS]["began_at"]
    assert first == again


@pytest.mark.parametrize("state", ["shown", "hidden", "gone"])
async def test_a_step_of_posts_reads_an_index_and_no_table(world: World, state: str) -> None:
    chapter = await world.chapter()
    plan = await chapter.unit(
        lambda unit: unit.rows(
            "EXPLAIN QUERY PLAN SELECT * FROM known_object WHERE kind = ? AND listed = ? AND state = ? AND sort_at < ? "
            "AND local = false AND sort_at >= ? AND (sort_at > ? OR uri > ?) ORDER BY sort_at, uri LIMIT 100",
            *("announcement", True, state, unit.now, unit.now, unit.now, "x"),
        )
    )
    details = " ".join(str(row["detail"]) for row in plan)
    assert "SEARCH" in details and "SCAN" not in details, details
