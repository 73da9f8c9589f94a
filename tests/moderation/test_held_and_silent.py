"""What waits, or was found fine, is left alone: nobody is told of the one, nobody's copies take the other away."""

import pytest

from fedchapter.members import Role
from fedchapter.moderation.fine import remember_fine
from fedchapter.moderation.turning import SHOWN, turn
from fedchapter.policy import set_mark
from fedchapter.policy.private import PrivateTexts, words_of
from fedchapter.store import Unit
from tests.support.network import World
from tests.support.persons import bearer
from tests.support.threads import announced, known

TEXT = "<p>I would love to help you with the bicycles on Sunday morning, if nobody minds.</p>"


@pytest.mark.parametrize("decision", ["hold", "limit"])
async def test_a_private_message_of_somebody_on_hold_tells_nobody(world: World, decision: str) -> None:
    chapter, eve = await world.chapter(), world.stranger("eve")
    ana = await bearer(chapter, "ana")
    await eve.tell(chapter, eve.activity("Follow", chapter.uri))
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=eve.uri, decision=decision))
    note = eve.note("<p>buy watches</p>", public=False, to=[ana.uri])
    state, reason = await eve.tell(chapter, eve.create(note), inbox=f"{ana.uri}/inbox")
    assert (state, "no private messages" in reason) == ("ignored", True)
    await chapter.settle()
    assert await chapter.count("notice", "key LIKE 'private:%'") == 0


async def test_copies_of_what_was_found_fine_do_not_take_it_away(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger("ada")
    root = await announced(chapter)
    await chapter.signed_in(Role.MODERATOR)
    note = ada.note(TEXT, reply_to=root)
    await ada.tell(chapter, ada.create(note))
    fine = str(note["id"])

    async def show(unit: Unit) -> None:
        one = await known(chapter, fine)
        await turn(unit, one, SHOWN)
        await remember_fine(unit, one, "")

    await chapter.unit(show)
    for number in range(4):
        copier = each_world.stranger("c", f"copy{number}.test")
        await copier.tell(chapter, copier.create(copier.note(TEXT, reply_to=root)))
    await chapter.settle()
    assert await chapter.count("wave") == 1
    assert (await known(chapter, fine)).state == "shown"


def test_words_in_one_language_only_are_words_too() -> None:
    kept = PrivateTexts(words=frozenset({words_of("", TEXT)}))
    assert kept.is_private("https://a.test/1", {"contentMap": {"en": TEXT}})
    assert not kept.is_private("https://a.test/1", {"contentMap": {"en": "<p>Another text.</p>"}})
