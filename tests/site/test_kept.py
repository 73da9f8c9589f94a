"""What is kept, and how long: the list is whole, the page is true, and admins change it within limits."""

import importlib
from collections import Counter
from datetime import timedelta

import pytest
from tortoise import Model

from fedchapter.app.types import find_types, model_modules
from fedchapter.federation import keeping
from fedchapter.jobs.sweep import find_sweeps
from fedchapter.members import Role
from fedchapter.site import kept
from fedchapter.store import measure
from fedchapter.store.choices import DEFAULTS, find_choice
from fedchapter.store.retention import DAYS_MAX
from tests.support.network import Chapter, World
from tests.support.sweeping import sweep

ACTOR_COLUMNS = {
    "actor_uri",
    "owner_uri",
    "author_uri",
    "follower_uri",
    "followed_uri",
    "quoter_uri",
    "boosted_by_uri",
    "moved_to_uri",
    "old_uri",
    "new_uri",
}
# Those that name nobody whom another column does not name, or whose row does not need the actor.
NO_NEED = {
    "inbox_item.actor_uri": "a line of the log is text",
    "outbox_item.actor_uri": "one of ours",
    "delivery.actor_uri": "one of ours",
    "tombstone.owner_uri": "text",
    "known_object.boosted_by_uri": "share.actor_uri",
    "actor_key.actor_uri": "goes with the actor",
    "chapter_group.actor_uri": "one of ours",
    "identity.moved_to_uri": "asked again when the member says yes",
    "decision.actor_uri": "the log is text",
    "actor_move.old_uri": "text",
    "actor_move.new_uri": "text",
    "remote_proposal.owner_uri": "known_object.owner_uri",
    "event.owner_uri": "known_object.owner_uri",
    "announcement.author_uri": "known_object.owner_uri",
    "remote_picture.author_uri": "text",
    "remote_picture.owner_uri": "goes with the post or the actor",
}


def tables() -> dict[str, set[str]]:
    """Every table with its columns."""
    found: dict[str, set[str]] = {}
    for name in model_modules():
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, Model) and value is not Model:
                found[value._meta.db_table] = set(value._meta.fields_map)
    return found


async def form_of(chapter: Chapter, **changes: str) -> dict[str, str]:
    limits = kept.limits_of(chapter.instance.types.memory)
    return {name: DEFAULTS[name] for name in limits} | changes


async def chosen(chapter: Chapter, name: str) -> str:
    return await chapter.unit(lambda unit: find_choice(unit, name))


def test_of_every_table_it_is_said_once_why_and_how_long_it_is_kept() -> None:
    named = Counter(table for one in find_types().memory.kept for table in one.tables)
    assert sorted(set(tables()) - set(named)) == [], "say in the keeping.py of its room how long it is kept"
    assert sorted(table for table, times in named.items() if times > 1 or table not in tables()) == []


def test_nobody_whom_a_row_names_is_forgotten() -> None:
    columns = {f"{table}.{column}" for table, names in tables().items() for column in names & ACTOR_COLUMNS}
    said = set(find_types().memory.names_actors)
    assert sorted(columns - said - set(NO_NEED)) == [], (
        "say it in NAMES_ACTORS of the room's keeping.py, or here why not"
    )
    assert len(said) == len(find_types().memory.names_actors)
    assert all(column in tables()[table] for table, _, column in (name.partition(".") for name in said))


def test_what_is_kept_for_some_days_has_a_name_of_its_own_limits_and_a_sentence() -> None:
    found = find_types().memory.kept
    assert len({one.name for one in found}) == len(found)
    for one in found:
        assert one.label and one.why and len(one.name) <= 32
        assert bool(one.until) or one.days or one.choice, one.name
        if one.choice:
            assert one.days_min <= int(DEFAULTS[one.choice]) <= DAYS_MAX
            assert one.days_from({one.choice: "0"}) == one.days_min
            assert one.days_from({one.choice: "nonsense"}) == int(DEFAULTS[one.choice])


async def test_the_page_shows_what_is_kept_and_when_it_was_last_erased(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, ada.activity("View", "https://elsewhere.test/1"))
    admin = await chapter.signed_in(Role.ADMIN)
    page = (await admin.get(kept.PAGE)).text
    assert "Texts of messages from other servers" in page and "7 days" in page and "not yet" in page
    await sweep(each_world, chapter, days=8)
    page = (await admin.get(kept.PAGE)).text
    assert "1 erased" in page
    assert "Network addresses" in page


async def test_an_admin_changes_how_long_and_it_can_be_undone(world: World) -> None:
    chapter = await world.chapter()
    admin = await chapter.signed_in(Role.ADMIN)
    answer = await admin.post(kept.PAGE, data=await form_of(chapter, keep_posts="30"), follow_redirects=True)
    assert "Saved." in answer.text
    assert await chosen(chapter, "keep_posts") == "30"
    assert "after 30 days" in (await chapter.client().get("/privacy")).text
    [line] = await chapter.rows("SELECT id, reason FROM decision WHERE what = 'keep-days'")
    assert "90 → 30" in line["reason"]
    await admin.post(kept.PAGE, data=await form_of(chapter, keep_posts="30"))
    assert await chapter.count("decision") == 1, "nothing was changed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("keep_log", "7"),
        ("keep_log", "3651"),
        ("keep_posts", "soon"),
        ("log_quota_mb", "1"),
        ("disk_free_mb", "-1"),
    ],
    ids=["below its least", "above the most", "no number", "quota too small", "negative"],
)
async def test_what_cannot_be_is_said_beside_its_field_and_kept_there(
    world: World, name: str, value: str
) -> None:
    chapter = await world.chapter()
    admin = await chapter.signed_in(Role.ADMIN)
    answer = await admin.post(kept.PAGE, data=await form_of(chapter, **{name: value}))
    assert answer.status_code == 400
    assert f'id="error-{name}"' in answer.text and f'value="{value}"' in answer.text
    assert await chosen(chapter, name) == DEFAULTS[name]


async def test_a_line_cannot_be_forgotten_while_a_proof_counts(world: World) -> None:
    chapter = await world.chapter()
    admin = await chapter.signed_in(Role.ADMIN)
    answer = await admin.post(kept.PAGE, data=await form_of(chapter, keep_log="7"))
    assert "from 8 to" in answer.text


async def test_erase_now_erases_what_is_old_and_nothing_else(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, ada.activity("View", "https://elsewhere.test/1"))
    each_world.move(days=8)
    await ada.tell(chapter, ada.activity("View", "https://elsewhere.test/2"))
    admin = await chapter.signed_in(Role.ADMIN)
    answer = await admin.post(f"{kept.PAGE}/erase", follow_redirects=True)
    assert "It is being erased" in answer.text and "under way" in answer.text
    await chapter.settle()
    assert await chapter.count("inbox_item", "has_body = true") == 1
    sweeps = await chapter.run(find_sweeps(chapter.house.database))
    assert sweeps[keeping.TEXTS]["erased"] == 1


async def test_two_who_press_at_once_begin_it_once(world: World) -> None:
    chapter = await world.chapter()
    admin = await chapter.signed_in(Role.ADMIN)
    for _ in range(2):
        await admin.post(f"{kept.PAGE}/erase")
    assert (
        await chapter.count("job", "name = 'sweep-step' AND key LIKE ?", f"sweep-step:{keeping.TEXTS}:%") == 1
    )


async def test_expired_sessions_links_and_finished_work_go_too(each_world: World) -> None:
    chapter = await each_world.chapter()
    await chapter.signed_in(Role.MEMBER)
    await sweep(each_world, chapter, days=40)
    await sweep(each_world, chapter, days=8)
    assert await chapter.count("session") == 0
    assert await chapter.count("job", "done_at < ?", each_world.clock.now() - timedelta(days=9)) == 0


async def test_a_large_database_is_estimated(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chapter = await world.chapter()
    admin = await chapter.signed_in(Role.ADMIN)
    monkeypatch.setattr(measure, "EXACT_BYTES_MAX", 0)
    page = (await admin.get(kept.PAGE)).text
    assert "Room is estimated" in page
