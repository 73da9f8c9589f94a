"""What everybody may know: the rules, the servers acted on, and numbers that outlive the rows they came from."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from fedchapter.members import Role
from fedchapter.moderation.actions import set_host
from fedchapter.moderation.audit import Judge
from fedchapter.moderation.transparency.counts import (
    JOB,
    Numbers,
    Quarter,
    count,
    find_quarters,
    highest,
    keep_quarter,
    plan_count,
    quarter_of,
)
from fedchapter.policy import Marking
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from tests.support.network import Chapter, World

PAGE, API = "/about/moderation", "/api/v1/instance/domain_blocks"


async def suspended(chapter: Chapter, host: str, reason: str = "", *, obfuscate: bool = False) -> None:
    marking = Marking("refuse", reason="for staff", public_reason=reason, obfuscate=obfuscate)
    await chapter.unit(lambda unit: set_host(unit, chapter.house, host, marking, Judge("", "for staff")))
    await chapter.run(chapter.house.marks.load(chapter.house.database))


async def choose_readers(chapter: Chapter, value: str) -> None:
    await chapter.unit(lambda unit: choose(unit, "show_hosts", value))
    chapter.instance.state.identity.forget()


@pytest.mark.parametrize(
    ("choice", "stranger", "member"),
    [("nobody", False, False), ("members", False, True), ("everybody", True, True)],
)
async def test_who_reads_which_servers_were_acted_on_is_a_choice(
    world: World, choice: str, stranger: bool, member: bool
) -> None:
    chapter = await world.chapter()
    await suspended(chapter, "bad.example", "Sells watches")
    await choose_readers(chapter, choice)
    for client, sees in ((chapter.client(), stranger), (await chapter.signed_in(Role.MEMBER), member)):
        page = (await client.get(PAGE)).text
        assert ("bad.example" in page, "Sells watches" in page) == (sees, sees)
        assert "for staff" not in page
    assert (await chapter.client().get(API)).status_code == (200 if choice == "everybody" else 404)


async def test_a_masked_name_is_shown_with_its_middle_hidden_and_its_hash(world: World) -> None:
    chapter = await world.chapter()
    await suspended(chapter, "verybad.example", "Spam", obfuscate=True)
    await choose_readers(chapter, "everybody")
    assert "verybad" not in (await chapter.client().get(PAGE)).text
    (listed,) = (await chapter.client().get(API)).json()
    assert listed == {
        "domain": listed["domain"],
        "digest": hashlib.sha256(b"verybad.example").hexdigest(),
        "severity": "suspend",
        "comment": "Spam",
    }
    assert "verybad" not in listed["domain"] and "*" in listed["domain"]


async def test_only_who_decides_about_servers_chooses_the_readers(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MODERATOR)
    assert (await client.post(PAGE, data={"show_hosts": "everybody"})).status_code == 303
    assert (await chapter.client().get(API)).json() == []
    assert (await client.post(PAGE, data={"show_hosts": "aliens"})).status_code == 400


async def test_a_quarter_is_counted_daily_and_stays_when_its_rows_are_gone(each_world: World) -> None:
    chapter = await each_world.chapter()
    await suspended(chapter, "bad.example")
    quarter = quarter_of(chapter.clock.now())
    await chapter.unit(plan_count)
    each_world.move(hours=25)
    await chapter.settle()
    assert await chapter.count("job", "name = ?", JOB) == 2
    assert await chapter.count("quarter_count") == 1

    async def forget(unit: Unit) -> None:
        await unit.execute("DELETE FROM decision")

    await chapter.unit(forget)
    assert (await chapter.run(count(chapter.house.database, quarter))).actions == {}
    await chapter.unit(lambda unit: keep_quarter(unit, quarter))
    ((running, numbers), *_) = await chapter.run(find_quarters(chapter.house.database, chapter.clock.now()))
    assert (running, numbers.actions) == (quarter, {"suspend-host": 1})


def test_quarters_follow_each_other() -> None:
    assert quarter_of(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == Quarter(2026, 4)
    assert Quarter(2026, 4).to_at == datetime(2027, 1, 1, tzinfo=UTC) == Quarter(2027, 1).from_at
    assert quarter_of(Quarter(2026, 4).to_at - timedelta(seconds=1)).name == "2026-Q4"


def test_each_number_is_the_highest_that_was_seen() -> None:
    before = Numbers(reports_in=5, closed=3, hours=4, actions={"hide": 2})
    now = Numbers(reports_in=2, closed=1, hours=90, held=1, actions={"hide": 1, "limit-host": 1})
    assert highest(before, now) == Numbers(
        reports_in=5, closed=3, hours=4, held=1, actions={"hide": 2, "limit-host": 1}
    )


async def test_numbers_about_members_are_told_roughly(world: World) -> None:
    chapter = await world.chapter()

    async def warn(unit: Unit) -> None:
        await unit.execute(
            "INSERT INTO decision (id, what, target_uri, actor_uri, reason, made_by, made_at, undo_of, rule, before, "
            "evidence, public, batch, agreed_by) VALUES (?, 'warn-member', 'x', '', '', '', ?, '', '', '{}', '', "
            "false, '', '')",
            unit.new_id(),
            unit.now,
        )

    await chapter.unit(warn)
    page = (await chapter.client().get(PAGE)).text
    assert "fewer than 5" in page and "Warned a member" not in page
