"""A notice reaches everybody whom it concerns, by the channel that they chose, once."""

from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest

from fedchapter.members.leaving import leave
from fedchapter.notices import Named, Notice, count_new, tell, untell
from fedchapter.notices.channels import Channels
from fedchapter.notices.draft import Value
from fedchapter.notices.page import find_all, find_new, mark_seen
from fedchapter.notices.way_out import read_token, token_for
from fedchapter.words import mark, speaking
from tests.notices.people import addressees, choose, letters, member, notice, told
from tests.support.network import Chapter, World

SECRET = b"s" * 32


async def new(chapter: Chapter, account_id: str) -> int:
    return await chapter.run(count_new(chapter.house.database, account_id))


async def test_every_member_has_it_on_the_page_and_in_one_letter(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana, ben = await member(chapter, "Ana"), await member(chapter, "Ben", email=False)
    await told(chapter, notice(), notice())
    await chapter.settle()
    assert [await new(chapter, one.id) for one in (ana, ben)] == [1, 1]
    [letter] = letters(chapter)
    assert letter["To"] == "ana@mail.example"
    assert "The vote on “one” is open." in letter.get_content()
    assert "https://riverside.test/proposals/x" in letter.get_content()
    assert await chapter.count("errand") == 0


async def test_whoever_did_it_is_not_told(world: World) -> None:
    chapter = await world.chapter()
    ana, ben = await member(chapter, "Ana"), await member(chapter, "Ben")
    await told(chapter, notice(by=ana.id))
    assert [await new(chapter, one.id) for one in (ana, ben)] == [0, 1]
    assert addressees(chapter) == ["ben@mail.example"]


async def test_only_those_meant_are_told_and_later_ones_of_the_same_key_too(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana, ben, cem = [await member(chapter, name) for name in ("Ana", "Ben", "Cem")]
    await told(chapter, notice(), to=[ana.id, ana.id, "nobody"])
    await told(chapter, notice(), to=[ana.id, ben.id])
    assert addressees(chapter) == ["ana@mail.example", "ben@mail.example"]
    assert await new(chapter, cem.id) == 0
    assert "ana" not in str(await chapter.rows("SELECT payload FROM job WHERE name <> 'mail'")).lower()


async def test_members_are_reached_in_portions(each_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("readers", "tell", "deliver"):
        monkeypatch.setattr(import_module(f"fedchapter.notices.{module}"), "PORTION", 2)
    chapter = await each_world.chapter()
    people = [await member(chapter, f"Member{number}") for number in range(5)]
    await told(chapter, notice())
    assert len(addressees(chapter)) == 5
    await told(chapter, notice("two"), to=[one.id for one in people])
    assert await chapter.count("told") == 10
    assert len(set(addressees(chapter))) == 5


async def test_a_choice_holds_for_its_kind_only(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, "Ana")
    await choose(chapter, ana, vote=Channels(False, "none", False))
    await told(chapter, notice())
    assert (await new(chapter, ana.id), await chapter.count("told"), letters(chapter)) == (0, 0, [])
    await told(chapter, notice("two", "reply"))
    assert (await new(chapter, ana.id), addressees(chapter)) == (1, ["ana@mail.example"])


async def test_nobody_can_be_kept_from_hearing_of_their_own_account(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, "Ana")
    nothing = Channels(False, "none", False)
    await choose(chapter, ana, account=nothing, chapter=nothing)
    await told(chapter, notice("password", "account"), notice("role", "chapter"))
    assert await new(chapter, ana.id) == 2
    [letter] = letters(chapter)
    assert letter["Subject"] == "A change to your account"
    assert letter["List-Unsubscribe"] is None


async def test_what_was_seen_on_the_page_does_not_come_by_mail(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, "Ana")
    await told(chapter, notice("one", "announcement"))
    portion = await chapter.run(find_new(chapter.house.database, ana.id))
    await chapter.unit(partial(mark_seen, account_id=ana.id, notices=portion.notices))
    assert await new(chapter, ana.id) == 0
    each_world.move(days=2)
    await chapter.settle()
    assert letters(chapter) == []
    assert len((await chapter.run(find_all(chapter.house.database, ana.id))).notices) == 1


async def test_a_notice_taken_back_is_nowhere(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, "Ana")
    await told(chapter, notice("one", "announcement"))
    await chapter.unit(partial(untell, key="one"))
    each_world.move(days=2)
    await chapter.settle()
    assert (await new(chapter, ana.id), letters(chapter)) == (0, [])
    assert [await chapter.count(table) for table in ("notice", "told", "errand")] == [0, 0, 0]


async def test_notices_are_erased_after_half_a_year(each_world: World) -> None:
    chapter = await each_world.chapter()
    await member(chapter, "Ana")
    await told(chapter, notice())
    each_world.move(days=179)
    await chapter.settle()
    assert await chapter.count("told") == 1
    each_world.move(days=2)
    await chapter.settle()
    assert [await chapter.count(table) for table in ("notice", "told", "errand")] == [0, 0, 0]


async def test_sentences_are_said_in_the_readers_language_with_names_as_they_are_now(world: World) -> None:
    chapter = await world.chapter()
    ana, ben = await member(chapter, "Ana"), await member(chapter, "Ben")
    text = mark("%(name)s has the role %(role)s now.")
    values: dict[str, Value] = {"name": Named(ben.id), "role": mark("organizer")}
    await told(chapter, Notice("chapter", "role", text, "/roles", values, words=("role",)), to=[ana.id])
    assert "Ben has the role organizer now." in letters(chapter)[0].get_content()
    await chapter.unit(partial(leave, account_id=ben.id))
    [shown] = (await chapter.run(find_all(chapter.house.database, ana.id))).notices
    assert shown.say("UTC") == "somebody who left has the role organizer now."
    with speaking("en-XA"):
        assert shown.say("UTC").startswith("⟦⟦somebody who left⟧ has the role ⟦organizer⟧ now.")


async def test_a_time_is_written_in_the_zone_it_carries_or_the_readers(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, "Ana")
    at = datetime(2026, 12, 12, 18, 30, tzinfo=UTC)
    values: dict[str, Value] = {"here": at, "there": at.astimezone(ZoneInfo("America/Chicago"))}
    await told(chapter, Notice("vote", "x", mark("%(here)s; %(there)s"), "/", values), to=[ana.id])
    [shown] = (await chapter.run(find_all(chapter.house.database, ana.id))).notices
    here, there = shown.say("Europe/Berlin").split("; ")
    assert here == "Sat, Dec 12, 2026, 19:30 CET"
    assert there == "Sat, Dec 12, 2026, 12:30 CST"


def test_a_settings_link_cannot_be_made_for_somebody_else() -> None:
    account_id = "01jzzzzzzzzzzzzzzzzzzzzzzz"
    token = token_for(SECRET, account_id)
    assert read_token(SECRET, token) == account_id
    assert read_token(b"other", token) is None
    assert read_token(SECRET, token.replace("01jz", "01jy")) is None
    assert read_token(SECRET, f"{token}\n") is None


async def test_an_unknown_kind_is_a_bug(world: World) -> None:
    chapter = await world.chapter()
    with pytest.raises(ValueError, match="no kind"):
        await chapter.unit(partial(tell, notice=notice(kind="gossip")))
