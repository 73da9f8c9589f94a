"""Who may quote is said as it will be answered: a page of ours never promises what a QuoteRequest is then denied."""

import pytest

from fedchapter.store.choices import choose
from tests.objects.announcement.support import announce
from tests.objects.proposal.votes import proposed
from tests.support.network import PUBLIC, World


@pytest.mark.parametrize(("choice", "is_said"), [("public", True), ("nobody", False)])
async def test_announcements_and_proposals_say_who_may_quote_as_it_is_answered(
    world: World, choice: str, is_said: bool
) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await chapter.unit(lambda unit: choose(unit, "quotes", choice))
    case = await proposed(chapter)
    for uri in (await announce(chapter, "To be quoted, or not."), chapter.settings.uri("proposals", case.id)):
        policy = (await chapter.get_json(uri))["interactionPolicy"]["canQuote"]
        assert (PUBLIC in policy["automaticApproval"]) is is_said
        ada.received.clear()
        request = ada.activity("QuoteRequest", uri, instrument=f"https://{ada.host}/notes/quoting-{uri[-4:]}")
        await ada.tell(chapter, request)
        [answer] = ada.received
        assert answer["type"] == ("Accept" if is_said else "Reject")
