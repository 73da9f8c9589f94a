"""`fedchapter fetch`: what would become of a remote object, by the code of the inbox, and nothing kept of it."""

from typing import Any

from fedchapter.cli.fetch import judge
from fedchapter.federation.fetch import find_or_fetch_actor
from fedchapter.objects.follow.service import ask
from tests.support.network import Chapter, Stranger, World


async def judged(chapter: Chapter, document: dict[str, Any]) -> tuple[str, str]:
    outcome = await chapter.run(judge(chapter.instance, document))
    return outcome.state, outcome.reason


async def follow(chapter: Chapter, stranger: Stranger) -> None:
    actor = await chapter.run(find_or_fetch_actor(chapter.house, stranger.uri))
    await chapter.unit(lambda unit: ask(unit, chapter.uri, actor))
    await chapter.settle()
    await stranger.tell(chapter, stranger.activity("Accept", stranger.received[-1]))


async def test_a_note_of_somebody_whom_nobody_follows_would_be_ignored(world: World) -> None:
    chapter, ada = await world.chapter("riverside"), world.stranger("ada")
    assert await judged(chapter, ada.note("Hello.")) == (
        "ignored",
        "nobody here follows its author, and it speaks to nobody here",
    )


async def test_a_note_of_somebody_followed_would_be_shown_and_is_not_kept(world: World) -> None:
    chapter, ada = await world.chapter("riverside"), world.stranger("ada")
    await follow(chapter, ada)
    note = ada.note("Hello.")
    outcome = await judged(chapter, note)
    assert outcome[0] == "done"
    assert await chapter.count("known_object", "uri = ?", note["id"]) == 0
    assert await ada.tell(chapter, ada.create(note)) == outcome


async def test_an_object_that_names_another_servers_author_would_be_refused(world: World) -> None:
    chapter, ada, eve = (
        await world.chapter("riverside"),
        world.stranger("ada"),
        world.stranger("eve", "evil.test"),
    )
    forged = eve.note("I am Ada.") | {"attributedTo": ada.uri}
    state, reason = await judged(chapter, forged)
    assert state == "refused"
    assert "server" in reason


async def test_an_object_without_an_author_would_be_refused(world: World) -> None:
    chapter, ada = await world.chapter("riverside"), world.stranger("ada")
    note = ada.note("Whose is this?")
    del note["attributedTo"]
    assert await judged(chapter, note) == ("refused", "it names no author, or several")
