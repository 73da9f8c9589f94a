"""How long the log of what came in and went out is kept, how large it may grow, and what leaves no trace in it."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from fedchapter.federation import inlet, keeping
from fedchapter.federation.inlet import Arrival
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.announcement.service import write
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from tests.support.network import Chapter, Stranger, World
from tests.support.sweeping import erased, sweep

SECRET = "the landlord has my address"


async def view(chapter: Chapter, ada: Stranger, number: int = 1) -> None:
    await ada.tell(chapter, ada.activity("View", f"https://elsewhere.test/{number}"))


async def bodies(chapter: Chapter) -> list[str]:
    return [row["body"] for row in await chapter.rows("SELECT body FROM inbox_item ORDER BY id")]


async def fill(chapter: Chapter, count: int, *, body: str = "{}", host: str = "flood.test") -> None:
    """So many lines that were dealt with."""

    async def insert(unit: Unit) -> None:
        rows = []
        for number in range(count):
            name = f"{host}-{number}-{unit.new_id()}"
            uri = f"https://{host}/{number}"
            arrival = Arrival(name, uri, uri, "View", host, uri, body, "key", unit.now)
            rows.append(arrival.values)
        await unit.execute_many(inlet._INSERT, rows)
        await unit.execute("UPDATE inbox_item SET state = 'ignored' WHERE host = ?", host)

    await chapter.unit(insert)


async def test_texts_are_erased_after_a_week_and_lines_after_a_month(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await view(chapter, ada)
    await sweep(each_world, chapter, days=6)
    assert "View" in (await bodies(chapter))[0]
    await sweep(each_world, chapter, days=1)
    assert await bodies(chapter) == [""]
    assert await chapter.count("inbox_item", "has_body = true OR body_bytes > 0") == 0
    await sweep(each_world, chapter, days=21)
    assert await chapter.count("inbox_item") == 1
    await sweep(each_world, chapter, days=2)
    assert await chapter.count("inbox_item") == 0
    assert await erased(chapter, keeping.LINES) == 1


async def test_what_no_worker_has_dealt_with_is_never_erased(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.send(chapter, ada.activity("View", "https://elsewhere.test/1"))
    await chapter.unit(
        lambda unit: unit.execute("UPDATE inbox_item SET due_at = ?", unit.now + timedelta(days=90))
    )
    await sweep(each_world, chapter, days=60)
    assert await chapter.count("inbox_item", "state = 'new' AND has_body = true") == 1


async def test_a_line_outlasts_the_proof_of_a_message_that_was_passed_on(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    relay = world.stranger("relay", "relay.test")
    note = ada.prove(ada.activity("View", "https://elsewhere.test/1"))
    await relay.tell(chapter, note)
    await chapter.unit(lambda unit: choose(unit, "keep_log", "1"))
    await sweep(world, chapter, days=6, hours=20)
    await relay.tell(chapter, note)
    assert await chapter.count("inbox_item") == 1, "it was taken for a new one"
    await sweep(world, chapter, days=2)
    assert await chapter.count("inbox_item") == 0
    assert (await relay.send(chapter, note)).status_code == 400, "its proof is too old by now"


async def test_deliveries_that_ended_are_forgotten_and_what_was_delivered_is_still_served(
    each_world: World,
) -> None:
    chapter, hillside = await each_world.chapter(), each_world.stranger("hill", "hillside.test")
    await hillside.tell(chapter, hillside.activity("Follow", chapter.uri))
    assert await chapter.count("delivery", "state = 'done'") == 1
    sent = await chapter.count("outbox_item")
    await sweep(each_world, chapter, days=6)
    assert await chapter.count("delivery") == 1
    await sweep(each_world, chapter, days=1)
    assert await chapter.count("delivery") == 0
    assert await chapter.count("outbox_item") == sent


async def test_a_delivery_that_is_still_tried_stays(world: World) -> None:
    chapter, hillside = await world.chapter(), world.stranger("hill", "hillside.test")
    await hillside.tell(chapter, hillside.activity("Follow", chapter.uri))
    await chapter.unit(
        lambda unit: unit.execute(
            "UPDATE delivery SET state = 'due', ended_at = NULL, due_at = ?", unit.now + timedelta(days=90)
        )
    )
    await sweep(world, chapter, days=30)
    assert await chapter.count("delivery") == 1


async def test_a_comment_that_its_author_deletes_is_not_in_the_log_any_more(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await _announce(chapter)
    note = ada.note(f"<p>{SECRET}</p>", reply_to=root)
    await ada.tell(chapter, ada.create(note))
    await ada.tell(chapter, ada.activity("Update", note, to=note["to"]))
    assert SECRET in "".join(await bodies(chapter))
    await ada.tell(chapter, ada.activity("Delete", {"id": note["id"], "type": "Tombstone"}))
    assert SECRET not in "".join(await bodies(chapter))
    await ada.tell(chapter, ada.create(note))
    assert SECRET not in "".join(await bodies(chapter)), "a late copy came after its deletion"


async def _announce(chapter: Chapter) -> str:
    id_ = await chapter.unit(partial(write, draft=Draft("We meet on Tuesday.")))
    return chapter.settings.uri("announcements", id_)


@pytest.mark.parametrize("public", [False, True], ids=["private", "public"])
async def test_a_private_message_leaves_nothing_even_if_it_is_refused(world: World, public: bool) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    note = ada.note(
        f"<p>{SECRET}</p>", public=public, attributedTo="https://elsewhere.test/users/somebody-else"
    )
    state, _ = await ada.tell(chapter, ada.create(note | {"cc": [chapter.uri]}))
    assert state == "refused"
    assert (SECRET in "".join(await bodies(chapter))) is public


async def test_a_flood_stays_under_the_quota(each_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty megabytes of one host, with a quota of sixteen."""
    chapter, ada = await each_world.chapter(), each_world.stranger("ada", "flood.test")
    monkeypatch.setattr(inlet, "TRIM_EVERY_BYTES", 4 * 1_048_576)
    await chapter.unit(lambda unit: choose(unit, keeping.QUOTA, "16"))
    await view(chapter, ada)
    for round_ in range(12):
        for number in range(5):
            body = ada.activity("View", f"https://flood.test/{round_}-{number}") | {
                "content": "x" * 1_000_000
            }
            assert (await ada.send(chapter, body)).status_code == 202
        await chapter.settle()
        world_bytes = await chapter.run(keeping.find_log_bytes(chapter.house.database))
        assert world_bytes <= 20 * 1_048_576
    assert await chapter.run(keeping.find_log_bytes(chapter.house.database)) <= 16 * 1_048_576
    kept = await bodies(chapter)
    assert len(kept) == 61, "each line is still there"
    assert kept[0] == "" and kept[-1] != "", "the oldest went first"


async def test_what_waits_for_a_worker_is_not_trimmed_and_is_looked_at_again(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await chapter.unit(lambda unit: choose(unit, keeping.QUOTA, "16"))
    await view(chapter, ada)
    await chapter.unit(
        lambda unit: unit.execute(
            "UPDATE inbox_item SET state = 'new', body_bytes = ?, due_at = ?",
            17 * 1_048_576,
            unit.now + timedelta(days=1),
        )
    )
    await chapter.unit(inlet.ask_to_trim)
    await chapter.settle()
    assert await chapter.count("inbox_item", "has_body = true") == 1
    assert await chapter.count("job", "name = ? AND state = 'due'", inlet.TRIM_JOB) == 1


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (keeping._WITH_BODY, (0, 500)),
        (keeping._LINES, (0, 500)),
        (keeping._DELIVERIES, (0, 500)),
        (keeping._SPAN, ()),
        ("SELECT sum(body_bytes) AS total FROM inbox_item WHERE has_body = true", ()),
        (
            "UPDATE inbox_item SET body = '' WHERE object_uri = ? AND has_body = true AND state <> 'new'",
            ("x",),
        ),
    ],
    ids=["texts", "lines", "deliveries", "number", "size", "deleted"],
)
async def test_a_step_reads_an_index_and_no_table(
    world: World, statement: str, values: tuple[Any, ...]
) -> None:
    chapter = await world.chapter()
    plan = await chapter.unit(lambda unit: unit.rows(f"EXPLAIN QUERY PLAN {statement}", *values))
    details = " ".join(str(row["detail"]) for row in plan)
    assert (
        "SEARCH" in details
        and not re.search("SCAN (inbox|delivery)", details)
        and "TEMP B-TREE" not in details
    ), details


async def test_a_hundred_thousand_lines_go_in_small_steps(world: World) -> None:
    chapter = await world.chapter()
    for begin in range(10):
        await fill(chapter, 2_000, host=f"flood{begin}.test")
    world.move(days=40)
    seen: list[int] = []

    async def step(unit: Unit, after: str) -> str | None:
        one = await keeping.erase_lines(unit, unit.now - timedelta(days=30), after)
        seen.append(one.erased)
        return one.after

    after: str | None = ""
    while after is not None:
        after = await chapter.unit(partial(step, after=after))
    assert max(seen) <= 500 and sum(seen) == 20_000
    assert await chapter.count("inbox_item") == 0


async def test_a_flood_of_lines_that_mean_nothing_goes_within_the_hour(
    each_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    await fill(chapter, 1_200)
    await view(chapter, ada)
    monkeypatch.setattr(keeping, "LINES_MAX", 1_000)
    await chapter.unit(inlet.ask_to_trim)
    await chapter.settle()
    assert await chapter.count("inbox_item") == 1_202, "admins have a moment to look"
    await sweep(each_world, chapter)
    assert [verb for verb, _, _ in await chapter.log()] == ["Follow"], "what changed something is still known"


async def test_a_process_that_dies_in_the_middle_of_a_sweep_loses_no_step(world: World) -> None:
    chapter = await world.chapter()
    await fill(chapter, 1_200)

    class Dead(BaseException):
        pass

    real, calls = keeping.erase_lines, []

    async def dies(unit: Unit, before: Any, after: str) -> Any:
        found = await real(unit, before, after)
        calls.append(after)
        if len(calls) == 2:
            raise Dead
        return found

    one = chapter.instance.types.memory.find(keeping.LINES)
    assert one is not None
    object.__setattr__(one, "erase", dies)
    try:
        with pytest.raises(Dead):
            await sweep(world, chapter, days=40)
        assert 0 < await chapter.count("inbox_item") < 1_200
        world.move(hours=1)
        await chapter.settle()
    finally:
        object.__setattr__(one, "erase", real)
    assert await chapter.count("inbox_item") == 0
    assert await erased(chapter, keeping.LINES) == 1_200
