"""Suspending an actor or a host: everything of theirs rests, and comes back exactly as it was."""

import pytest

from fedchapter.actors import find_follow
from fedchapter.errors import Refusal
from fedchapter.moderation import actions, audit
from fedchapter.moderation.audit import Judge
from fedchapter.policy import find_marking, set_mark
from fedchapter.store import Unit
from tests.support.network import Chapter, Stranger, World
from tests.support.threads import announced, known

JUDGE = Judge("", "sells watches")


async def act(chapter: Chapter, name: str, target: str, **options: str) -> str:
    """The action is done as a moderator would; returns the id of its line in the log."""
    house = chapter.house

    async def work(unit: Unit) -> str:
        await actions.ACTIONS[name].run(unit, house, target, JUDGE, options)
        return str((await audit.find_lines(unit, limit=1))[0]["id"])

    line = await chapter.unit(work)
    await chapter.run(house.marks.load(house.database))
    await chapter.settle()
    return line


async def undo(chapter: Chapter, line: str) -> None:
    await chapter.unit(lambda unit: audit.undo(unit, line, JUDGE))
    await chapter.run(chapter.house.marks.load(chapter.house.database))
    await chapter.settle()


async def says(chapter: Chapter, who: Stranger, text: str, to: str) -> tuple[str, str]:
    note = who.note(f"<p>{text}</p>", reply_to=to)
    state, _ = await who.tell(chapter, who.create(note))
    return str(note["id"]), state


async def follows(chapter: Chapter, who: Stranger) -> str:
    row = await chapter.run(
        find_follow(chapter.house.database, follower_uri=who.uri, followed_uri=chapter.uri)
    )
    return str(row["state"]) if row else "none"


@pytest.mark.parametrize("scope", ["actor", "host"])
async def test_what_was_suspended_comes_back_as_it_was(each_world: World, scope: str) -> None:
    chapter, ada, bob = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("bob", "far.test"),
    )
    root = await announced(chapter)
    for one in (ada, bob):
        await one.tell(chapter, one.activity("Follow", chapter.uri))
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=bob.uri, decision="approved"))
    held, _ = await says(chapter, ada, "first", root)
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=ada.uri, decision="approved"))
    shown, _ = await says(chapter, ada, "second", root)
    other, _ = await says(chapter, bob, "third", root)
    assert (await known(chapter, root)).replies == 2
    target = ada.uri if scope == "actor" else ada.host
    line = await act(chapter, f"suspend-{scope}", target)
    assert [(await known(chapter, uri)).state for uri in (held, shown, other)] == [
        "hidden",
        "hidden",
        "shown",
    ]
    assert (await known(chapter, root)).replies == 1
    assert await follows(chapter, ada) == "paused"
    assert await follows(chapter, bob) == "accepted"
    await undo(chapter, line)
    assert [(await known(chapter, uri)).state for uri in (held, shown)] == ["held", "shown"]
    assert (await known(chapter, root)).replies == 2
    assert await follows(chapter, ada) == "accepted"
    if scope == "actor":
        marking = await chapter.run(find_marking(chapter.house.database, scope="actor", subject=ada.uri))
        assert marking is not None and marking.decision == "approved", "the decision before stands again"


async def test_a_suspended_host_covers_its_sub_domains_and_the_longest_match_wins(world: World) -> None:
    chapter, root = await world.chapter(), ""
    root = await announced(chapter)
    people = [
        world.stranger("a", "bad.test"),
        world.stranger("b", "sub.bad.test"),
        world.stranger("c", "good.sub.bad.test"),
    ]
    for one in people:
        await chapter.unit(
            lambda unit, uri=one.uri: set_mark(unit, scope="actor", subject=uri, decision="approved")
        )
    uris = [(await says(chapter, one, "hello", root))[0] for one in people]
    await act(chapter, "allow-host", "good.sub.bad.test")
    await act(chapter, "suspend-host", "bad.test")
    assert [(await known(chapter, uri)).state for uri in uris] == ["hidden", "hidden", "shown"]
    await act(chapter, "lift-host", "bad.test")
    assert [(await known(chapter, uri)).state for uri in uris] == ["shown"] * 3


async def test_two_suspensions_of_the_same_posts_end_one_by_one(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=ada.uri, decision="approved"))
    uri, _ = await says(chapter, ada, "hello", root)
    first = await act(chapter, "suspend-actor", ada.uri)
    second = await act(chapter, "suspend-host", ada.host)
    await undo(chapter, first)
    assert (await known(chapter, uri)).state == "hidden"
    await undo(chapter, second)
    assert (await known(chapter, uri)).state == "shown"


async def test_a_suspension_with_an_end_is_lifted_by_itself_and_the_log_says_so(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=ada.uri, decision="approved"))
    uri, _ = await says(chapter, ada, "hello", root)
    await act(chapter, "suspend-actor", ada.uri, days="7")
    each_world.move(days=6)
    await chapter.settle()
    assert (await known(chapter, uri)).state == "hidden"
    each_world.move(days=2)
    await chapter.settle()
    assert (await known(chapter, uri)).state == "shown"
    newest = (await chapter.run(audit.find_lines(chapter.house.database, limit=1)))[0]
    assert (newest["what"], newest["rule"]) == ("lift-actor", "expired")


async def test_undoing_what_somebody_decided_since_is_refused(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    await says(chapter, ada, "hello", root)
    line = await act(chapter, "hold-actor", ada.uri)
    await act(chapter, "limit-actor", ada.uri)
    with pytest.raises(Refusal, match="decided about this since"):
        await undo(chapter, line)


async def test_what_a_suspension_of_a_host_would_cut_is_shown_before(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=ada.uri, decision="approved"))
    await says(chapter, ada, "hello", root)
    settings = chapter.house.settings
    cut = await chapter.run(
        actions.preview_host(
            chapter.house.database, ada.host, chapter_uri=settings.chapter_uri, server_uri=settings.server_uri
        )
    )
    assert (cut.followers, cut.followed, cut.posts, cut.sisters) == (1, 0, 1, ())
    assert not cut.is_nothing
