"""One policy for everything that comes in: who is shown, who waits, what edits and boosts change, and every process."""

from typing import Any

import pytest

from fedchapter.app import create_instance
from fedchapter.moderation.rules.telling import LABELS, VALUES
from fedchapter.moderation.rules.telling import RELATIONS as RELATION_WORDS
from fedchapter.moderation.rules.telling import SORTS as SORT_WORDS
from fedchapter.policy import Marking, put_mark, set_mark
from fedchapter.policy.facts import RELATIONS, SORTS
from fedchapter.policy.rules import READS
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from tests.support.network import PUBLIC, Chapter, Stranger, World
from tests.support.threads import announced, known


async def says(chapter: Chapter, who: Stranger, text: str, to: str, **fields: Any) -> tuple[str, str, str]:
    note = who.note(f"<p>{text}</p>", reply_to=to, **fields)
    return (str(note["id"]), *await who.tell(chapter, who.create(note)))


async def mark(chapter: Chapter, scope: str, subject: str, decision: str, **fields: Any) -> None:
    async def put(unit: Unit) -> None:
        await put_mark(unit, scope=scope, subject=subject, marking=Marking(decision, **fields))

    await chapter.unit(put)


async def follows(chapter: Chapter, uri: str) -> None:
    async def put(unit: Unit) -> None:
        await unit.execute(
            "INSERT INTO follow (id, uri, follower_uri, followed_uri, state, created_at, decided_at) "
            "VALUES (?, ?, ?, ?, 'accepted', ?, ?)",
            unit.new_id(),
            f"{uri}#followed",
            chapter.uri,
            uri,
            unit.now,
            unit.now,
        )

    await chapter.unit(put)


def test_every_fact_has_its_words() -> None:
    assert set(LABELS) == set(READS)
    assert set(RELATION_WORDS) == set(RELATIONS)
    assert set(SORT_WORDS) == set(SORTS)
    assert set(VALUES) <= set(READS)


async def test_each_relation_is_seen(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)

    async def identity(unit: Unit) -> None:
        await unit.execute(
            "INSERT INTO identity (id, account_id, actor_uri, handle, host, moved_to_uri, linked_at) "
            "VALUES (?, 'x', ?, 'ada@elsewhere.test', 'elsewhere.test', '', ?)",
            unit.new_id(),
            ada.uri,
            unit.now,
        )

    seen = []
    for change in (None, "limit", "approved", "followed", "member"):
        if change == "followed":
            await follows(chapter, ada.uri)
        elif change == "member":
            await chapter.unit(identity)
        elif change:
            await mark(chapter, "actor", ada.uri, change)
        _, state, _ = await says(chapter, ada, f"a text of mine about the bridge {change}", root)
        rows = await chapter.rows("SELECT rule, facts FROM judged ORDER BY id DESC LIMIT 1")
        seen.append((rows[0]["rule"], state))
    assert seen == [
        ("stranger-reply", "held"),
        ("limited", "held"),
        ("approved", "done"),
        ("followed", "done"),
        ("member", "done"),
    ]


async def test_a_mark_on_a_parent_domain_counts_and_ends_by_itself(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger("ada", "deep.elsewhere.test")
    root = await announced(chapter)
    await mark(chapter, "actor", ada.uri, "approved")
    assert (await says(chapter, ada, "one", root))[1] == "done"
    now = each_world.clock.now()
    await mark(chapter, "host", "elsewhere.test", "hold", expires_at=now.replace(year=now.year + 1))
    assert (await says(chapter, ada, "two", root))[1] == "held"
    each_world.move(days=400)
    assert (await says(chapter, ada, "three", root))[1] == "done"


async def test_a_limit_on_a_server_spares_whom_we_approved_or_follow(world: World) -> None:
    chapter, ada, ben = await world.chapter(), world.stranger(), world.stranger("ben")
    root = await announced(chapter)
    await mark(chapter, "host", "elsewhere.test", "limit")
    await mark(chapter, "actor", ada.uri, "approved")
    assert (await says(chapter, ada, "one", root))[1] == "done"
    _, state, reason = await says(chapter, ben, "two", root)
    assert (state, "limited" in reason) == ("held", True)
    await follows(chapter, ben.uri)
    assert (await says(chapter, ben, "three", root))[1] == "done"


async def test_an_edit_into_something_doubtful_waits_again(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    uri, state, _ = await says(chapter, ada, "a friendly word", root)
    assert state == "done"
    await mark(chapter, "actor", ada.uri, "limit")
    note = ada.note("<p>buy my watches</p>", reply_to=root, id=uri, updated="2030-01-01T00:00:00Z")
    state, reason = await ada.tell(chapter, ada.activity("Update", note, to=[PUBLIC]))
    assert (state, "limited" in reason) == ("held", True)
    now = await known(chapter, uri)
    assert (now.state, "watches" in now.html) == ("held", True)
    assert (await known(chapter, root)).replies == 0
    assert await chapter.count("desk_item", "subject_uri = ? AND state = 'open'", uri) == 1
    [line] = await chapter.rows("SELECT what, rule FROM decision")
    assert line["what"] == "held-edit"
    await mark(chapter, "actor", ada.uri, "approved")
    note["updated"] = "2030-01-02T00:00:00Z"
    assert (await ada.tell(chapter, ada.activity("Update", note, to=[PUBLIC])))[0] == "done"
    assert (await known(chapter, uri)).state == "held"


async def test_a_refused_author_does_not_appear_through_a_boost(world: World) -> None:
    chapter, friend, mallory = (
        await world.chapter(),
        world.stranger("friend", "friend.test"),
        world.stranger("mallory"),
    )
    await follows(chapter, friend.uri)
    note = mallory.note("<p>you should not read this</p>")
    await mallory.tell(chapter, mallory.activity("Like", chapter.uri))
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=mallory.uri, decision="refuse"))
    state, reason = await friend.tell(chapter, friend.activity("Announce", note["id"], to=[PUBLIC]))
    assert (state, "refused this actor" in reason) == ("refused", True)
    assert await chapter.count("known_object", "uri = ?", note["id"]) == 0


async def test_what_somebody_we_follow_shares_is_shown(world: World) -> None:
    chapter, friend, ada = await world.chapter(), world.stranger("friend", "friend.test"), world.stranger()
    await follows(chapter, friend.uri)
    note = ada.note("<p>read this</p>")
    assert (await friend.tell(chapter, friend.activity("Announce", note["id"], to=[PUBLIC])))[0] == "done"
    [row] = await chapter.rows("SELECT rule, actor_uri FROM judged")
    assert (row["rule"], row["actor_uri"]) == ("vouched", ada.uri)
    note |= {"content": "<p>read this twice</p>", "updated": "2030-01-01T00:00:00Z"}
    assert (await ada.tell(chapter, ada.activity("Update", note, to=[PUBLIC])))[0] == "done"
    assert (await known(chapter, note["id"])).state == "shown"


@pytest.mark.parametrize("verb", ["Like", "Announce"])
async def test_reactions_of_those_on_hold_are_not_counted_and_say_why(world: World, verb: str) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    await mark(chapter, "actor", ada.uri, "hold")
    state, reason = await ada.tell(chapter, ada.activity(verb, root, to=[PUBLIC]))
    assert state == "ignored"
    assert "not counted: an admin wants to see what comes from there first" in reason


async def test_the_first_copies_of_a_wave_are_taken_from_view_unless_we_know_who_wrote_them(
    each_world: World,
) -> None:
    chapter = await each_world.chapter()
    root = await announced(chapter)
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    text = "Join our great new server now, free gifts for everybody and the best friends online"
    people = [each_world.stranger(f"s{number}", f"h{number}.test") for number in range(4)]
    first, state, _ = await says(chapter, people[0], f"{text} 1", root)
    assert state == "done"
    await mark(chapter, "actor", people[0].uri, "approved")
    second, _, _ = await says(chapter, people[1], f"{text.upper()} 2", root)
    third, state, reason = await says(chapter, people[2], text.replace("great", "grand"), root)
    assert (state, "the like within an hour" in reason) == ("held", True)
    states = [(await known(chapter, uri)).state for uri in (first, second, third)]
    assert states == ["shown", "held", "held"]
    assert (await known(chapter, root)).replies == 1
    [line] = await chapter.rows("SELECT id, what, rule FROM decision")
    assert (line["what"], line["rule"]) == ("held-wave", "wave")
    rows = await chapter.rows("SELECT group_key, expires_at FROM desk_item")
    assert len({row["group_key"] for row in rows}) == 1
    assert all(row["expires_at"] is not None for row in rows)


async def test_an_edit_into_the_words_of_a_wave_waits(world: World) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    text = "Join our great new server now, free gifts for everybody and the best friends online"
    ada = world.stranger()
    note = ada.note(
        "<p>We should talk about the bridge at the next meeting of the council</p>", reply_to=root
    )
    assert (await ada.tell(chapter, ada.create(note)))[0] == "done"
    for number in range(2):
        await says(chapter, world.stranger(f"s{number}", f"h{number}.test"), text, root)
    changed = note | {"content": f"<p>{text}!</p>", "updated": "2030-01-01T00:00:00Z"}
    assert (await ada.tell(chapter, ada.activity("Update", changed, to=[PUBLIC])))[0] == "held"
    states = await chapter.rows("SELECT state FROM known_object WHERE local = false")
    assert {row["state"] for row in states} == {"held"}


async def test_an_hour_later_the_same_words_are_no_wave(world: World) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    for number in range(4):
        who = world.stranger(f"s{number}", f"h{number}.test")
        text = "We all say the same old words at every one of our meetings, don't we"
        assert (await says(chapter, who, text, root))[1] == "done"
        world.move(minutes=35)


async def test_two_processes_see_one_wave_and_each_others_changes(each_world: World) -> None:
    chapter = await each_world.chapter()
    root = await announced(chapter)
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    other = Chapter(
        create_instance(
            chapter.settings, clock=each_world.clock, transport=each_world.network, limits_scale=1000
        ),
        each_world.clock,
    )
    await other.instance.open()
    try:
        people = [each_world.stranger(f"s{number}", f"h{number}.test") for number in range(5)]
        text = "Join our great new server now, free gifts for everybody and the best friends online"
        states = [
            (await says(where, who, text, root))[1]
            for where, who in zip((chapter, other, chapter, other), people, strict=False)
        ]
        assert states == ["done", "done", "held", "held"]
        assert await chapter.count("wave") == 1
        await mark(chapter, "host", "h4.test", "hold")
        assert other.house.marks.decision("h4.test") is None
        # What the loop does every second.
        assert await other.instance.house.database.run(other.instance._watch()) == 0
        assert other.house.marks.decision("h4.test") == "hold"
        assert not await other.run(other.house.policy.refresh(other.house.database, each_world.clock.now()))
    finally:
        await other.close()
