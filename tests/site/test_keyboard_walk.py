"""By keyboard alone and by ear: joining, being let in, signing in, voting, answering an event, choosing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser

from fedchapter.members import Role
from fedchapter.objects.event.draft import EventDraft
from fedchapter.objects.event.service.ours import publish_event
from fedchapter.objects.proposal.draft import ProposalDraft, VoteDraft
from fedchapter.objects.proposal.service import create, open_vote, publish
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from fedchapter.tally import SIMPLE_MAJORITY
from tests.site.letters import letters, link_in
from tests.site.people import PASSWORD, member
from tests.support.doorstep import open_doorstep
from tests.support.keyboard import Hands, hands_at
from tests.support.on_tcp import OpenChapter

QUESTION = "What brings you here?"
NO_ADDRESS = "Please write an e-mail address"


@pytest.fixture
async def chapter(tmp_path: Path) -> AsyncIterator[OpenChapter]:
    """A chapter that asks a question, with the organizer Olga."""
    async with open_doorstep(tmp_path) as (chapter, _):
        await member(chapter, "Olga", role=Role.ORGANIZER)
        await chapter.unit(lambda unit: choose(unit, "joining_questions", f"{QUESTION} *"))
        yield chapter


async def test_joining_being_let_in_and_signing_in(browser: Browser, chapter: OpenChapter) -> None:
    jana = await hands_at(browser)
    await jana.open(chapter.settings.origin)
    await skip(jana)
    await jana.tab_to("link", "Join Riverside")
    await jana.press()
    await ask_to_join(jana)
    await chapter.settle()
    await jana.open(link_in(letters(chapter, "jana@mail.test")[0], "/join/confirm/"))
    await jana.tab_to("button", "Send it")
    await jana.press("Space")
    assert jana.place[1] == "Thank you"
    await let_in(await hands_at(browser), chapter)
    await jana.open(f"{chapter.settings.origin}/sign-in")
    await jana.write("Your address", "jana@mail.test")
    await jana.press()
    assert jana.place[1] == "Look into your mail"
    await chapter.settle()
    await jana.open(link_in(letters(chapter, "jana@mail.test")[-1], "/sign-in/link/"))
    await jana.tab_to("button", "Sign in")
    await jana.press()
    await jana.tab_to("link", "Jana")


async def skip(hands: Hands) -> None:
    """The first thing one meets leads past the menu; without it one goes back into the menu."""
    first = await hands.tab()
    assert (first.role, first.name) == ("link", "Skip to the content")
    await hands.page.keyboard.press("Enter")
    assert (await hands.heard()).role == "main"
    menu = await hands.page.locator(".bar-nav a, .bar-nav button").all_inner_texts()
    inside = await hands.page.evaluate("document.activeElement.id")
    assert inside == "main"
    back = await hands.tab("Shift+Tab")
    assert back.name.upper() in {text.strip().upper() for text in menu}


async def ask_to_join(hands: Hands) -> None:
    """An address that is none is found out by the server: one is led to it, and nothing typed is lost."""
    name = await hands.write("How shall we call you?", "Jana Ková")
    assert name.states["required"]
    assert "It need not be your legal one" in name.description
    await hands.write("E-mail", "jana@mail")
    await hands.write(QUESTION, "The bridge.")
    await hands.tab_to("button", "Send")
    await hands.press(same_place=True)
    alert = await hands.heard()
    assert alert.role == "alert", alert
    await hands.says("alert", NO_ADDRESS)
    await hands.tab_to("link", NO_ADDRESS)
    await hands.page.keyboard.press("Enter")
    wrong = await hands.heard()
    assert (wrong.role, wrong.name, wrong.value) == ("textbox", "E-mail", "jana@mail")
    assert wrong.states["invalid"] == "true"
    assert NO_ADDRESS in wrong.description
    await hands.page.keyboard.press("End")
    await hands.page.keyboard.type(".test")
    answer = await hands.tab_to("textbox", QUESTION)
    assert answer.value == "The bridge."
    await hands.tab_to("button", "Send")
    await hands.press()
    assert hands.place[1] == "Look into your mail"


async def sign_in(hands: Hands, chapter: OpenChapter, name: str, wanted: str) -> None:
    """In with a password, and on to the page that was wanted."""
    await hands.open(f"{chapter.settings.origin}/sign-in?next={wanted}")
    await hands.write("Name or e-mail", name)
    await hands.write("Password", PASSWORD)
    await hands.press()


async def let_in(hands: Hands, chapter: OpenChapter) -> None:
    """Olga reads what Jana wrote and says yes."""
    await sign_in(hands, chapter, "Olga", "/admin")
    await hands.tab_to("link", "Decide")
    await hands.press()
    await hands.tab_to("link", "Read and decide")
    await hands.press()
    assert hands.place[1] == "Jana Ková"
    await hands.write("A word to them", "Welcome!")
    await hands.tab_to("button", "Say yes")
    await hands.press()
    await hands.says("status", "Jana Ková is a member now")


async def test_voting_answering_an_event_and_choosing_what_one_is_told(
    browser: Browser, chapter: OpenChapter
) -> None:
    await member(chapter, "Jana")
    await chapter.unit(something_to_do)
    await chapter.settle()
    jana = await hands_at(browser)
    await sign_in(jana, chapter, "Jana", "/me")
    await jana.tab_to("link", "Benches at the weir")
    await jana.press()
    await vote(jana)
    await jana.open(f"{chapter.settings.origin}/me")
    await jana.tab_to("link", "Open evening")
    await jana.press()
    await jana.tab_to("button", "Yes, I will be there")
    await jana.press("Space", same_place=True)
    await jana.says("status", "You are on the list")
    await jana.tab_to("link", "Jana")
    await jana.press()
    await jana.tab_to("link", "Notifications")
    await jana.press()
    await choose_less(jana)


async def something_to_do(unit: Unit) -> None:
    """A vote is open, and there is an event soon."""
    rows = await unit.rows("SELECT id FROM account WHERE display_name = 'Olga'")
    proposal = await create(unit, ProposalDraft("Benches at the weir", "Three of them."), rows[0]["id"])
    await publish(unit, proposal)
    await open_vote(unit, proposal, VoteDraft(unit.now + timedelta(days=5), SIMPLE_MAJORITY))
    start_at = unit.now + timedelta(days=6)
    await publish_event(unit, EventDraft("Open evening", "There is soup.", start_at, "Europe/Berlin"))


async def vote(hands: Hands) -> None:
    """An arrow chooses, Enter casts; afterwards the choice is told."""
    first = await hands.tab_to("radio", "Yes")
    assert first.states["checked"] == "false"
    await hands.page.keyboard.press("ArrowDown")
    second = await hands.heard()
    assert (second.role, second.name, second.states["checked"]) == ("radio", "No", "true")
    await hands.tab_to("button", "Cast my vote")
    await hands.press(same_place=True)
    await hands.says("status", "vote")
    chosen = await hands.tab_to("radio", "No")
    assert chosen.states["checked"] == "true"


async def choose_less(hands: Hands) -> None:
    """Announcements are not to stand on the page any more; it is said that this was saved, and stays so."""
    name = "On your page: Announcements"
    box = await hands.tab_to("checkbox", name)
    assert box.states["checked"] == "true"
    await hands.page.keyboard.press("Space")
    assert (await hands.heard()).states["checked"] == "false"
    await hands.tab_to("button", "Save")
    await hands.press(same_place=True)
    await hands.says("status", "Saved")
    assert (await hands.tab_to("checkbox", name)).states["checked"] == "false"
