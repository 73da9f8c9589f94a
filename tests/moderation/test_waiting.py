"""What waits too long, and who hears that something waits."""

from datetime import timedelta

from fedchapter.members import Role
from fedchapter.moderation.keeping import erase_decided
from fedchapter.moderation.queue.digest import JOB as DIGEST
from fedchapter.policy.judged import HeldBack
from fedchapter.policy.verdict import HOLD, Verdict
from tests.moderation.test_queue import says
from tests.support.network import Chapter, World
from tests.support.threads import announced, known

SCORED = Verdict(
    HOLD, "wave", "several unknown actors sent the like within an hour", score=40, name="A wave waits"
)


async def digests(chapter: Chapter) -> list[str]:
    rows = await chapter.rows("SELECT key, details FROM notice WHERE key LIKE 'queue-digest:%' ORDER BY key")
    return [row["details"] for row in rows]


async def test_only_what_a_score_held_goes_by_itself(each_world: World) -> None:
    chapter, ada, bob = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("bob", "far.test"),
    )
    root = await announced(chapter)
    first = await says(chapter, ada, "one", root)
    second = await says(chapter, bob, "two", root)
    at = chapter.clock.now() + timedelta(days=14)
    back = HeldBack(second, "comment", bob.uri, "far.test", SCORED, expires_at=at)
    await chapter.unit(lambda unit: _record(unit, back))
    each_world.move(days=13)
    await chapter.settle()
    assert (await known(chapter, second)).state == "held"
    each_world.move(days=1, hours=1)
    await chapter.settle()
    assert (await known(chapter, second)).state == "hidden"
    assert (await known(chapter, first)).state == "held"
    [line] = await chapter.rows("SELECT what, rule, made_by, batch FROM decision")
    assert (line["what"], line["rule"], line["made_by"]) == ("expired", "expired unseen", "")
    client = await chapter.signed_in(Role.MODERATOR)
    assert "the rule “expired unseen”" in (await client.get("/admin/decisions")).text
    assert (await client.post(f"/admin/decisions/batch/{line['batch']}/undo")).status_code == 303
    assert (await known(chapter, second)).state == "held"
    each_world.move(days=20)
    await chapter.settle()
    assert (await known(chapter, second)).state == "held", "somebody has seen it now"


async def _record(unit: object, happening: HeldBack) -> None:
    unit.record(happening)  # type: ignore[attr-defined]


async def test_moderators_hear_once_a_day_and_only_if_something_waits(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    client = await chapter.signed_in(Role.MODERATOR)
    await chapter.signed_in(Role.MEMBER)
    root = await announced(chapter)
    first = await says(chapter, ada, "a secret word", root)
    second = await says(chapter, ada, "another", root)
    await chapter.settle()
    assert await chapter.count("notice", "kind = 'moderation'") == 0, "a held thing notifies nobody"
    each_world.move(days=1)
    await chapter.settle()
    [details] = await digests(chapter)
    assert '"count":"2"' in details
    assert "secret" not in details
    [told] = await chapter.rows(
        "SELECT count(*) AS total FROM told JOIN notice ON notice.id = told.notice_id WHERE notice.key LIKE 'queue-%'"
    )
    assert told["total"] == 1, "moderators only"
    each_world.move(days=1)
    await chapter.settle()
    assert len(await digests(chapter)) == 2
    for uri in (first, second):
        await client.post("/admin/queue", data={"act": "refuse", "uri": uri})
    each_world.move(days=2)
    await chapter.settle()
    assert len(await digests(chapter)) == 2
    assert await chapter.count("job", "name = ? AND state = 'due'", DIGEST) == 0
    await says(chapter, ada, "a third", root)
    assert await chapter.count("job", "name = ? AND state = 'due'", DIGEST) == 1


async def test_the_hour_is_chosen_and_never_is_one(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    client = await chapter.signed_in(Role.MODERATOR)
    root = await announced(chapter)
    assert (await client.post("/admin/queue/digest", data={"hour": "25"})).status_code == 400
    await client.post("/admin/queue/digest", data={"hour": "never"})
    await says(chapter, ada, "one", root)
    world.move(days=2)
    await chapter.settle()
    assert await digests(chapter) == []
    await client.post("/admin/queue/digest", data={"hour": "20"})
    [row] = await chapter.rows("SELECT due_at FROM job WHERE name = ? AND state = 'due'", DIGEST)
    assert row["due_at"].hour == 20


async def test_who_looked_at_what_is_forgotten_once_it_counts_no_more(each_world: World) -> None:
    chapter = await each_world.chapter()
    insert = "INSERT INTO desk_claim (group_key, account_id, claimed_at) VALUES (?, ?, ?)"
    await chapter.unit(lambda unit: unit.execute(insert, "text:old", "ana", unit.now))
    each_world.move(minutes=31)
    await chapter.unit(lambda unit: unit.execute(insert, "text:new", "ana", unit.now))
    await chapter.unit(lambda unit: erase_decided(unit, unit.now, ""))
    assert [row["group_key"] for row in await chapter.rows("SELECT group_key FROM desk_claim")] == [
        "text:new"
    ]
