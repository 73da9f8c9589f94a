"""Units of work: all or nothing, published inside, waking afterwards; and batches that depend on one another."""

import asyncio
from dataclasses import dataclass, replace

import pytest

from fedchapter.federation import Audience, publish
from fedchapter.federation.inlet import Arrival, Inlet
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.store import Unit
from fedchapter.store.choices import choose, find_choice
from tests.support.network import Chapter, World
from tests.support.threads import announced


@dataclass(frozen=True)
class Happened:
    """Something of this test's own."""

    fails: bool = False


class Broken(Exception):
    """What a service or a publisher raises here."""


def listen(chapter: Chapter) -> list[str]:
    """A publisher of Happened is installed; the list gets the loops that are woken."""

    async def tell(unit: Unit, happening: Happened) -> None:
        activity = {"type": "View", "actor": chapter.uri, "object": chapter.uri}
        await publish(unit, activity, Audience("public"), kind="test")
        if happening.fails:
            raise Broken

    woken: list[str] = []
    database = chapter.house.database
    database.publishers = {**database.publishers, Happened: (tell,)}
    database.on_wake = woken.append
    return woken


async def fact(chapter: Chapter) -> tuple[str, int]:
    """What the units below write: the choice, and the activities about it."""
    choice = await chapter.run(find_choice(chapter.house.database, "tagline"))
    return choice, await chapter.count("outbox_item", "kind = 'test'")


async def test_what_happened_is_published_in_the_unit_that_made_it_true(each_world: World) -> None:
    chapter = await each_world.chapter()
    woken = listen(chapter)

    async def work(unit: Unit) -> None:
        await choose(unit, "tagline", "new")
        unit.record(Happened())
        assert woken == []

    await chapter.unit(work)
    assert await fact(chapter) == ("new", 1)
    assert woken == ["deliver"]


async def test_a_service_that_raises_leaves_nothing(each_world: World) -> None:
    chapter = await each_world.chapter()
    woken = listen(chapter)

    async def work(unit: Unit) -> None:
        await choose(unit, "tagline", "new")
        unit.record(Happened())
        unit.wake("deliver")
        raise Broken

    with pytest.raises(Broken):
        await chapter.unit(work)
    assert await fact(chapter) == ("", 0)
    assert woken == []


async def test_a_publisher_that_raises_takes_the_fact_with_it(each_world: World) -> None:
    chapter = await each_world.chapter()
    woken = listen(chapter)

    async def work(unit: Unit) -> None:
        await choose(unit, "tagline", "new")
        unit.record(Happened())
        unit.record(Happened(fails=True))

    with pytest.raises(Broken):
        await chapter.unit(work)
    assert await fact(chapter) == ("", 0)
    assert woken == []


async def test_a_page_is_read_while_a_unit_is_open(each_world: World) -> None:
    chapter = await each_world.chapter()
    writing, read = asyncio.Event(), asyncio.Event()

    async def slow(unit: Unit) -> None:
        await choose(unit, "tagline", "new")
        writing.set()
        await read.wait()

    task = asyncio.create_task(chapter.unit(slow))
    await writing.wait()
    async with asyncio.timeout(30):
        # It would wait for ever if it waited behind the writer, whose change it does not see.
        assert await fact(chapter) == ("", 0)
        async with chapter.client() as client:
            assert (await client.get("/")).status_code == 200
    read.set()
    await task
    assert (await fact(chapter))[0] == "new"


async def test_one_bad_row_of_a_group_fails_alone(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    inlet = Inlet(chapter.house)
    first = Arrival(
        fingerprint="0",
        actor_uri=ada.uri,
        activity_uri=f"{ada.uri}#0",
        verb="View",
        host=ada.host,
        object_uri="",
        body="{}",
        signed_by=ada.key_id,
        received_at=each_world.clock.now(),
    )
    arrivals = [replace(first, fingerprint=str(number)) for number in range(20)]
    # No database takes a row without a body.
    arrivals[7] = replace(first, fingerprint="bad", body=None)  # type: ignore[arg-type]

    async def put_all() -> list[BaseException | None]:
        return await asyncio.gather(*(inlet.put(one) for one in arrivals), return_exceptions=True)

    ended = await chapter.run(put_all())
    assert [number for number, one in enumerate(ended) if one is not None] == [7]
    assert await chapter.count("inbox_item") == 19


async def test_a_comment_its_edit_and_its_deletion_in_one_batch_end_as_deleted(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    root = await announced(chapter)
    gone, kept = ada.note("<p>One</p>", reply_to=root), ada.note("<p>Two</p>", reply_to=root)
    for activity in (
        ada.create(gone),
        ada.create(kept),
        ada.activity("Update", kept | {"content": "<p>Better</p>", "updated": "2099-01-01T00:00:00Z"}),
        ada.activity("Delete", {"id": gone["id"], "type": "Tombstone"}),
        ada.create(ada.note("<p>Under it</p>", reply_to=kept["id"])),
    ):
        assert (await ada.send(chapter, activity)).status_code == 202
    await chapter.settle()
    assert [state for _, state, _ in await chapter.log()] == ["done"] * 5
    shown = await chapter.rows("SELECT html FROM known_object WHERE kind = 'comment' AND state = 'shown'")
    assert sorted(row["html"] for row in shown) == ["<p>Better</p>", "<p>Under it</p>"]
    [known] = await chapter.rows("SELECT replies FROM known_object WHERE uri = ?", root)
    assert known["replies"] == 2


async def test_a_follow_and_its_undo_in_one_batch_end_as_no_follow(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    follow = ada.activity("Follow", chapter.uri)
    for activity in (follow, ada.activity("Undo", follow)):
        assert (await ada.send(chapter, activity)).status_code == 202
    await chapter.settle()
    assert await chapter.count("follow") == 0


async def test_one_bad_activity_of_a_wave_is_refused_alone(each_world: World) -> None:
    chapter, ada, eve = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("eve", "evil.test"),
    )
    id_ = await chapter.unit(lambda unit: announcements.write(unit, Draft("We meet on Sunday.")))
    post = chapter.settings.uri("announcements", id_)
    for who, activity in (
        (ada, ada.activity("Like", post)),
        (eve, eve.activity("Delete", ada.uri)),
        (eve, eve.activity("Update", ada.document(name="Eve"))),
        (ada, ada.activity("Announce", post)),
    ):
        assert (await who.send(chapter, activity)).status_code == 202
    await chapter.settle()
    states = [(verb, state) for verb, state, _ in await chapter.log()]
    assert states[0] == ("Like", "done")
    assert states[-1] == ("Announce", "done")
    assert {state for _, state in states[1:-1]} <= {"refused", "ignored"}
    [known] = await chapter.rows("SELECT likes, boosts FROM known_object WHERE uri = ?", post)
    assert (known["likes"], known["boosts"]) == (1, 1)
